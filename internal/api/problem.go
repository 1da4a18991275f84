package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/icp"
)

// Problem is a refusal or failure: a problem document (RFC 9457).
type Problem struct {
	Type     string `json:"type" doc:"Kind of problem" example:"urn:openbeian:problem:invalid"`
	Title    string `json:"title" doc:"The kind in words" example:"Some of the input is wrong"`
	Status   int    `json:"status" doc:"HTTP status" example:"422"`
	Detail   string `json:"detail" doc:"What is wrong and what to do, for people"`
	Code     string `json:"code" doc:"Stable key of the detail, for programs" example:"invalid"`
	Instance string `json:"instance" doc:"Number of the request, to quote to support"`
	// Errors are the faults of single fields.
	Errors []FieldProblem `json:"errors,omitempty" doc:"Faults of single fields"`
	// Exits are ways out where a filing type stops.
	Exits []ExitView `json:"exits,omitempty" doc:"Ways out, where the filing type leads no further"`
	// Order is one of the reader's own that stands in the way.
	Order      string `json:"order,omitempty" doc:"The reader's own order that stands in the way" example:"261124-7KQ2M4XD"`
	RetryAfter int    `json:"retry_after,omitempty" doc:"Seconds to wait before trying again" example:"60"`
}

// FieldProblem is one fault of the input.
type FieldProblem struct {
	Pointer string `json:"pointer" doc:"RFC 6901 pointer into the request body; empty for parameters and the whole" example:"/login"`
	Code    string `json:"code" doc:"Stable key of the message" example:"login.missing"`
	Message string `json:"message" doc:"What is wrong, for people"`
}

// Error makes a Problem an error, for huma.
func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status, for huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is the media type of problem documents, for huma.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// Refusals of the edge itself.
var (
	errNoSuchPath  = icp.E(icp.NotFound, "path.unknown")
	errNoIfMatch   = icp.E(icp.NotNow, "if_match.missing")
	errCrossOrigin = icp.E(icp.NotAllowed, "cross_origin")
)

var statusOfKind = map[icp.Kind]int{
	icp.Invalid: http.StatusUnprocessableEntity, icp.NotFound: http.StatusNotFound, icp.NotAllowed: http.StatusForbidden,
	icp.NotNow: http.StatusConflict, icp.Conflict: http.StatusConflict, icp.Limited: http.StatusTooManyRequests,
	icp.Unavailable: http.StatusServiceUnavailable, icp.SignInFirst: http.StatusUnauthorized,
}

// statusOfCode has the codes for which HTTP knows a better status than that of
// their kind.
var statusOfCode = map[string]int{
	"stale_version":    http.StatusPreconditionFailed,
	"if_match.missing": http.StatusPreconditionRequired,
	"body.too_large":   http.StatusRequestEntityTooLarge,
	"body.media_type":  http.StatusUnsupportedMediaType,
	"body.syntax":      http.StatusBadRequest,
	"body.late":        http.StatusRequestTimeout,
	"answer.form":      http.StatusNotAcceptable,
}

// internal is the kind of what nobody foresaw.
const internal = "internal"

// problemOf is the one place where errors become problem documents. What is not
// an *icp.Error is an internal error: it goes to the log, and the reader gets
// only its number.
func problemOf(ctx context.Context, err error) *Problem {
	info := infoFrom(ctx)
	var e *icp.Error
	if !errors.As(err, &e) || statusOfKind[e.Kind] == 0 {
		if ctx.Err() == nil {
			info.log.LogAttrs(ctx, slog.LevelError, "internal error", slog.String("request", info.id), slog.Any("error", err))
		}
		e = &icp.Error{Kind: internal, Params: map[string]string{"id": info.id}}
	}
	if e.Kind == icp.Unavailable {
		info.log.LogAttrs(ctx, slog.LevelWarn, "unavailable", slog.String("request", info.id), slog.Any("error", err))
	}
	kind := string(e.Kind)
	p := &Problem{Type: "urn:openbeian:problem:" + kind, Title: info.text("problem."+kind, nil), Status: statusOf(e),
		Code: e.Code, Instance: info.id, Order: e.Params["order"], RetryAfter: int(math.Ceil(e.RetryAfter.Seconds()))}
	if p.Code == "" {
		p.Code = kind
	}
	p.Detail = info.text(info.messages.First(e.Code, "error."+kind), e.Params)
	p.Exits = exitsNamed(e.Params["exits"], info.text)
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, FieldProblem{Pointer: f.Pointer, Code: f.Code, Message: info.text(f.Code, f.Params)})
	}
	return p
}

func statusOf(e *icp.Error) int {
	if status, ok := statusOfCode[e.Code]; ok {
		return status
	}
	if status, ok := statusOfKind[e.Kind]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// writeProblem answers a request that no operation got.
func writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(r.Context(), err)
	w.Header().Set("Content-Type", p.ContentType(""))
	setRetryAfter(w.Header().Set, p)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may have gone
}

func setRetryAfter(set func(name, value string), p *Problem) {
	if p.RetryAfter > 0 {
		set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
}

// retryAfterHeader repeats the wait where HTTP clients look for it.
func retryAfterHeader(ctx huma.Context, _ string, v any) (any, error) {
	if p, ok := v.(*Problem); ok {
		setRetryAfter(ctx.SetHeader, p)
	}
	return v, nil
}
