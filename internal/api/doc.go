// Package api has the HTTP interface: the operations under /api/v1 with their
// OpenAPI document, sessions, problem documents, and the web console's files.
//
// It promises that every refusal is a problem document (RFC 9457) made by one
// function, [problemOf], with texts in the reader's language; that an unknown
// error shows nothing but its number; and that no log line holds a query, a
// body or personal data. Start at [New] and [Deps].
//
// To add a resource:
//
//  1. Make one file with func registerThings(api huma.API, d *Deps), and add it
//     to the list resources in api.go. Paths are relative to /api/v1.
//  2. Handlers are methods of Deps: func (d *Deps) listThings(ctx, *in) (*out, error).
//     They return errors of package icp as they are and write nothing themselves.
//  3. Who may: actorFrom(ctx) for anybody signed in, requireStaff(ctx, permission)
//     for staff. Whether a thing is the actor's own is the command's business.
//  4. Input: embed PageIn for lists, IfMatch for writes under a version (and give
//     IfMatch.Version to the command), Idempotent for calls that make something.
//     Embedded types must be exported: huma silently ignores the others.
//  5. Output: a Body, an ETag header by etag(version) where there is a version,
//     pageOut by paged(items, next) for lists. Fields carry doc and example tags.
//  6. Each operation has an OperationID, a tag, a summary; needs is set where
//     no session is needed (noSession). Leave Errors empty: every operation
//     documents the problem document as its default answer.
//  7. Texts of new codes go into internal/i18n/messages, both languages.
//  8. go test ./internal/api -update writes openapi.json anew; commit it.
package api
