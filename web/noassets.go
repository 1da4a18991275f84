//go:build !webassets

package web

import (
	"embed"
	"io/fs"
)

const built = false

//go:embed placeholder
var files embed.FS

func console() fs.FS {
	sub, err := fs.Sub(files, "placeholder")
	if err != nil {
		panic("web: " + err.Error()) // only a malformed constant path can fail
	}
	return sub
}
