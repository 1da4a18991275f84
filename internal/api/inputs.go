package api

import (
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/icp"
)

// IfMatch is embedded by the input of writes under a version.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag that was read; 428 without, 412 when it is no longer the newest" example:"\"v7\""`
}

// Version gives the version that the caller saw. Errors: "if_match.missing",
// and "stale_version" for what never was an ETag of ours.
func (m IfMatch) Version() (int64, error) {
	tag := strings.TrimPrefix(strings.TrimSpace(m.IfMatch), "W/")
	if tag == "" {
		return 0, errNoIfMatch
	}
	digits, ok := strings.CutPrefix(strings.Trim(tag, `"`), "v")
	version, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || version < 0 {
		return 0, icp.E(icp.Conflict, "stale_version")
	}
	return version, nil
}

// seen is Version for what exists since its first save: a version of 0 was never
// an answer, and the commands take it for "whichever there is".
func (m IfMatch) seen() (int64, error) {
	version, err := m.Version()
	if err == nil && version == 0 {
		return 0, icp.E(icp.Conflict, "stale_version")
	}
	return version, err
}

// etag names a version in the header ETag.
func etag(version int64) string { return `"v` + strconv.FormatInt(version, 10) + `"` }

// Idempotent is embedded by the input of calls that make something.
type Idempotent struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"128" doc:"Any text of yours; the same call with the same key has one effect" example:"3f1c9a52"`
}

// PageIn is embedded by the input of lists.
type PageIn struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"next of the page before; empty for the first"`
	Limit  int    `query:"limit" minimum:"0" maximum:"100" doc:"Items a page; 20 when not given"`
}

// Page is a part of a list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; missing on the last"`
}

type pageOut[T any] struct{ Body Page[T] }

// paged answers a list.
func paged[T any](items []T, next string) *pageOut[T] {
	if items == nil {
		items = []T{}
	}
	return &pageOut[T]{Page[T]{Items: items, Next: next}}
}
