//go:build webassets

package web

import (
	"embed"
	"io/fs"
)

const built = true

//go:embed all:console/dist
var files embed.FS

func console() fs.FS {
	sub, err := fs.Sub(files, "console/dist")
	if err != nil {
		panic("web: " + err.Error()) // only a malformed constant path can fail
	}
	return sub
}
