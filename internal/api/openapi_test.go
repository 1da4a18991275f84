package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write openapi.json anew")

func document(t *testing.T) []byte {
	t.Helper()
	doc, err := Document()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestDocumentIsTheCommittedOne(t *testing.T) {
	t.Parallel()
	doc := document(t)
	if *update {
		if err := os.WriteFile("openapi.json", doc, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, doc) {
		t.Error("openapi.json is stale: go test ./internal/api -update")
	}
}

type operation struct {
	OperationID string   `json:"operationId"`
	Summary     string   `json:"summary"`
	Tags        []string `json:"tags"`
	Parameters  []struct{ Name, In string }
	Security    []map[string][]string
	RequestBody *struct {
		Content map[string]struct{ Schema schema }
	}
	Responses map[string]struct {
		Headers map[string]any
		Content map[string]struct{ Schema schema }
	}
}

// kind is the type of a schema; one that may be null goes by its other type.
type kind string

func (k *kind) UnmarshalJSON(raw []byte) error {
	raw, _, _ = bytes.Cut(bytes.Trim(raw, "[]"), []byte(","))
	*k = kind(bytes.Trim(raw, `"`))
	return nil
}

// schema is the part of JSON Schema that the document uses.
type schema struct {
	Ref        string `json:"$ref"`
	Type       kind
	Properties map[string]schema
	Items      *schema
	Enum       []any
	Examples   []any
	Format     string
	MinItems   int
}

type openAPI struct {
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]schema }
}

func (d openAPI) resolve(s schema) schema {
	if s.Ref != "" {
		return d.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]]
	}
	return s
}

func parsed(t *testing.T) openAPI {
	t.Helper()
	var doc openAPI
	if err := json.Unmarshal(document(t), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func operations(t *testing.T) map[string]operation {
	t.Helper()
	doc := parsed(t)
	out := map[string]operation{}
	for path, item := range doc.Paths {
		for method, op := range item {
			out[strings.ToUpper(method)+" "+path] = op
		}
	}
	if len(out) < 13 {
		t.Fatalf("only %d operations", len(out))
	}
	return out
}

var inPath = regexp.MustCompile(`\{(\w+)\}`)

// A struct that is embedded under a name in small letters is passed over in
// silence, and its parameters with it.
func TestEveryPathParameterIsRead(t *testing.T) {
	t.Parallel()
	for route, op := range operations(t) {
		read := map[string]bool{}
		for _, p := range op.Parameters {
			read[p.In+" "+p.Name] = true
		}
		for _, m := range inPath.FindAllStringSubmatch(route, -1) {
			if !read["path "+m[1]] {
				t.Errorf("%s does not read {%s}: is its struct embedded under an exported name?", route, m[1])
			}
		}
	}
}

func TestEveryOperationIsDescribed(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for route, op := range operations(t) {
		if op.Summary == "" || len(op.Tags) != 1 || op.OperationID == "" {
			t.Errorf("%s: id %q, summary %q, tags %q", route, op.OperationID, op.Summary, op.Tags)
		}
		if other := seen[op.OperationID]; other != "" {
			t.Errorf("%s and %s share the id %s", route, other, op.OperationID)
		}
		seen[op.OperationID] = route
		if _, ok := op.Responses["default"].Content["application/problem+json"]; !ok {
			t.Errorf("%s documents no problem", route)
		}
		if !strings.Contains(route, " "+prefix+"/") {
			t.Errorf("%s lies outside %s", route, prefix)
		}
	}
}

// reads reports whether an operation takes a parameter.
func (o operation) reads(in, name string) bool {
	for _, p := range o.Parameters {
		if p.In == in && p.Name == name {
			return true
		}
	}
	return false
}

// Making the same thing again by these is harmless or has another guard.
var needNoKey = map[string]string{
	"sign-in": "a session more", "sign-up": "a code counts once", "check-domain": "a reading, bounded by the hour", "run-precheck": "a reading, bounded by the hour",
	"add-channel": "its id, which the caller gives, is taken", "publish-consent-text": "an edition more of the same text", "publish-rules": "what is in force already is refused",
}

func TestCallsThatMakeSomethingTakeAKey(t *testing.T) {
	t.Parallel()
	for route, op := range operations(t) {
		_, makes := op.Responses["201"]
		if makes && needNoKey[op.OperationID] == "" && !op.reads("header", "Idempotency-Key") {
			t.Errorf("%s documents no Idempotency-Key", route)
		}
	}
}

func TestWhatHasAVersionHasAnETag(t *testing.T) {
	t.Parallel()
	doc, found := parsed(t), 0
	for route, op := range operations(t) {
		for status, answer := range op.Responses {
			version, ok := doc.resolve(answer.Content["application/json"].Schema).Properties["version"]
			if !ok || version.Type != "integer" || status[0] != '2' {
				continue
			}
			found++
			if answer.Headers["ETag"] == nil {
				t.Errorf("%s answers a version without an ETag", route)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d answers have a version", found)
	}
}

// unexampled lists the fields of a body for which a reader finds no example.
func (d openAPI) unexampled(s schema, at string) []string {
	s = d.resolve(s)
	var out []string
	for name, p := range s.Properties {
		p = d.resolve(p)
		switch {
		case name == "$schema" || p.Type == "boolean" || len(p.Enum) > 0 || len(p.Examples) > 0:
		case p.Type == "object":
			out = append(out, d.unexampled(p, at+"/"+name)...)
		case p.Type == "array":
			out = append(out, d.unexampled(*p.Items, at+"/"+name)...)
		default:
			out = append(out, at+"/"+name)
		}
	}
	return out
}

func TestRequestBodiesHaveExamples(t *testing.T) {
	t.Parallel()
	doc := parsed(t)
	for route, op := range operations(t) {
		if op.RequestBody == nil {
			continue
		}
		for _, field := range doc.unexampled(op.RequestBody.Content["application/json"].Schema, "") {
			t.Errorf("%s: no example for %s", route, field)
		}
	}
}

// sample makes a body that passes the schema out of its examples.
func (d openAPI) sample(s schema) any {
	s = d.resolve(s)
	switch {
	case len(s.Examples) > 0:
		return s.Examples[0]
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == "object":
		out := map[string]any{}
		for name, p := range s.Properties {
			if name != "$schema" {
				out[name] = d.sample(p)
			}
		}
		return out
	case s.Type == "array" && s.MinItems > 0:
		return []any{d.sample(*s.Items)}
	}
	return map[kind]any{"array": []any{}, "boolean": false, "integer": 1, "number": 1, "string": "x"}[s.Type]
}
