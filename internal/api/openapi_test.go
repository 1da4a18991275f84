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
	RequestBody *struct{ Content map[string]any }
	Responses   map[string]struct{ Content map[string]any }
}

func operations(t *testing.T) map[string]operation {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]operation
	}
	if err := json.Unmarshal(document(t), &doc); err != nil {
		t.Fatal(err)
	}
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
