package api

import (
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// consoleHandler serves the web console: its files, and index.html for every
// other path, since the console knows its pages itself. Files below assets/
// have a hash in their name and never change.
func consoleHandler(files fs.FS) http.Handler {
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			writeProblem(w, r, errNoSuchPath)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		info, err := fs.Stat(files, name)
		switch {
		case err == nil && !info.IsDir() && name != "index.html":
			if strings.HasPrefix(name, "assets/") {
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			} else {
				w.Header().Set("Cache-Control", "no-cache")
			}
			server.ServeHTTP(w, r)
		case strings.HasPrefix(name, "assets/"):
			// A page of an older build asks for its files: index.html in their
			// place would only break it in a stranger way.
			http.NotFound(w, r)
		default:
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeFileFS(w, r, files, "index.html")
		}
	})
}
