package api

import (
	"bytes"
	"embed"
	"net/http"
	"time"
)

//go:embed reference
var referenceFiles embed.FS

// serveReference adds the OpenAPI document and a page that draws it. The page
// needs nothing from outside.
func serveReference(mux *http.ServeMux, document []byte) {
	mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.oai.openapi+json;version=3.1")
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(document))
	})
	for route, file := range map[string]string{"/docs": "index.html", "/docs/page.js": "page.js", "/docs/page.css": "page.css"} {
		mux.HandleFunc("GET "+route, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeFileFS(w, r, referenceFiles, "reference/"+file)
		})
	}
}
