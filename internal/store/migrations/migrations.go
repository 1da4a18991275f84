// Package migrations has the tables of both databases as numbered steps for
// goose. Both folders have the same numbers; what has been released is never
// edited.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed postgres/*.sql sqlite/*.sql
var files embed.FS

// Of gives the steps for an engine, "sqlite" or "postgres".
func Of(engine string) fs.FS {
	sub, err := fs.Sub(files, engine)
	if err != nil {
		panic("migrations: " + err.Error()) // the name is a constant
	}
	return sub
}
