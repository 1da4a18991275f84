package api

import (
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/openbeian/beian/internal/icp"
)

// huma keeps its error constructors and the nullability of lists in variables
// of its package; they are the same for every API of the process.
func init() {
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return &Problem{Status: status, Code: msg} // only its type is looked at
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
		err := humaError(status, errs)
		if status == http.StatusRequestEntityTooLarge && isFile(ctx.Operation()) {
			err = atPointer(err, "/file")
		}
		return problemOf(ctx.Context(), err)
	}
	huma.DefaultArrayNullable = false
}

// humaError turns what huma found wrong, or got from a handler, into an error
// of package icp.
func humaError(status int, errs []error) error {
	switch status {
	case http.StatusInternalServerError:
		return errors.Join(errs...) // the handler's own error
	case http.StatusRequestEntityTooLarge:
		return icp.E(icp.Invalid, "body.too_large")
	case http.StatusUnsupportedMediaType:
		return icp.E(icp.Invalid, "body.media_type")
	case http.StatusRequestTimeout:
		return icp.E(icp.Invalid, "body.late")
	case http.StatusNotAcceptable:
		return icp.E(icp.Invalid, "answer.form")
	}
	e := &icp.Error{Kind: icp.Invalid}
	for _, err := range errs {
		var detail huma.ErrorDetailer
		if errors.As(err, &detail) {
			e.Fields = append(e.Fields, fieldError(detail.ErrorDetail()))
			continue
		}
		e.Fields = append(e.Fields, icp.FieldError{Code: "input.form"})
	}
	if status == http.StatusBadRequest {
		e.Code, e.Fields = "body.syntax", nil
	}
	return e
}

// isFile reports whether the body of an operation is a file as it is.
func isFile(op *huma.Operation) bool {
	if op == nil || op.RequestBody == nil {
		return false
	}
	_, isJSON := op.RequestBody.Content["application/json"]
	return !isJSON
}

// inputCode is huma's message and our key for it.
type inputCode struct {
	form *regexp.Regexp
	code string
	// variable names what the message's first group holds.
	variable string
}

// inputCodes has the faults of form that people may meet; others are "input.form".
var inputCodes = []inputCode{
	code(validation.MsgExpectedRequiredProperty, "input.required", "field"),
	code("required %s parameter is missing", "input.required", "field"),
	code("request body is required", "input.required", "field"),
	code(validation.MsgUnexpectedProperty, "input.unknown", ""),
	code(validation.MsgExpectedOneOf, "input.choice", "choices"),
	code(validation.MsgExpectedMinLength, "input.short", "length"),
	code(validation.MsgExpectedMaxLength, "input.long", "length"),
	code(validation.MsgExpectedMinItems, "input.few", "count"),
	code(validation.MsgExpectedMaxItems, "input.many", "count"),
	code(validation.MsgExpectedMinimumNumber, "input.small", "number"),
	code(validation.MsgExpectedMaximumNumber, "input.large", "number"),
}

var verb = regexp.MustCompile(`%[a-z]`)

func code(message, key, variable string) inputCode {
	form := verb.ReplaceAllLiteralString(regexp.QuoteMeta(message), `(.*)`)
	return inputCode{regexp.MustCompile("^" + form + "$"), key, variable}
}

// fieldError names the fault without the value, which may be personal.
func fieldError(d *huma.ErrorDetail) icp.FieldError {
	f := icp.FieldError{Code: "input.form"}
	for _, c := range inputCodes {
		m := c.form.FindStringSubmatch(d.Message)
		if m == nil {
			continue
		}
		f.Code = c.code
		if c.variable != "" {
			f.Params = map[string]string{c.variable: ""}
			if len(m) > 1 {
				f.Params[c.variable] = m[1]
			}
		}
		break
	}
	location := d.Location
	if f.Code == "input.required" && strings.HasPrefix(location, "body") {
		location += "." + f.Params["field"]
	}
	f.Pointer = pointerOf(location)
	if name, ok := strings.CutPrefix(location, "query."); ok && f.Code == "input.required" {
		f.Params["field"] = name
	}
	return f
}

// pointerOf turns huma's location (body.items[3].tags) into an RFC 6901
// pointer (/items/3/tags); what is not in the body has none.
func pointerOf(location string) string {
	rest, ok := strings.CutPrefix(location, "body")
	if !ok {
		return ""
	}
	var b strings.Builder
	for _, part := range strings.FieldsFunc(rest, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(part))
	}
	return b.String()
}
