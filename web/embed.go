// Package web has the built web console, to be served by the API. The assets
// are built by make and never committed: the build tag webassets puts them in,
// and without it [Console] holds one page that says how to build them.
package web

import "io/fs"

// Console is the root of the console's files; index.html is always there and
// answers every path that names no file.
func Console() fs.FS { return console() }

// Built reports whether the console's files are in this binary.
const Built = built
