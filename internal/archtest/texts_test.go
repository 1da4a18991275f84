package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/i18n"
)

// refusals are the functions that take the key of a text, and which argument
// it is.
var refusals = map[string]int{"icp.E": 1, "icp.InvalidField": 1, "E": 1, "InvalidField": 1, "c.fault": 1, "c.need": 0}

// coded are the types whose field Code is the key of a text.
var coded = map[string]bool{"icp.FieldError": true, "FieldError": true, "icp.Error": true, "Error": true, "icp.Finding": true, "Finding": true,
	"inventory.Reason": true, "Reason": true, "registry.Duty": true, "Duty": true}

// Simulators are left out: their pages are for developers and speak for themselves.
func TestEveryRefusalHasATextInEveryLanguage(t *testing.T) {
	t.Parallel()
	files := token.NewFileSet()
	found := 0
	for _, dir := range []string{"internal", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/sim/") {
				return err
			}
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for key, at := range textKeys(file) {
				found++
				if !i18n.Messages().Has(key) {
					t.Errorf("%s: no text for %s", strings.TrimPrefix(files.Position(at).String(), root+"/"), key)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 120 {
		t.Errorf("found %d keys only: does the test still read the source?", found)
	}
}

func TestTextKeysAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ source, want string }{
		"a refusal":            {`icp.E(icp.NotNow, "a.b")`, "a.b"},
		"a refusal with more":  {`icp.E(icp.NotNow, "a.b").With("x", "y")`, "a.b"},
		"a refusal of a field": {`icp.InvalidField("/name", "a.c")`, "a.c"},
		"a literal":            {`icp.FieldError{Pointer: "/x", Code: "a.d"}`, "a.d"},
		"a literal in a list":  {`[]icp.FieldError{{Pointer: "/x", Code: "a.e"}}`, "a.e"},
		"a list of pointers":   {`[]*icp.Error{{Code: "a.g"}}`, "a.g"},
		"not what is made up":  {`icp.E(icp.NotNow, "a."+x)`, ""},
		"not other types":      {`http.Cookie{Code: "a.f"}`, ""},
		"not the general text": {`icp.E(icp.NotNow, "")`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nvar _ = "+c.source, 0)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for key := range textKeys(file) {
				got += key
			}
			if got != c.want {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// textKeys gives the keys of texts that a file spells out, with their places.
// Keys that are put together at run time are the business of their packages' tests.
func textKeys(file *ast.File) map[string]token.Pos {
	out := map[string]token.Pos{}
	add := func(e ast.Expr) {
		lit, ok := e.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return
		}
		if key, err := strconv.Unquote(lit.Value); err == nil && key != "" {
			out[key] = lit.Pos()
		}
	}
	addCode := func(lit *ast.CompositeLit) {
		for _, element := range lit.Elts {
			pair, ok := element.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			if name, ok := pair.Key.(*ast.Ident); ok && name.Name == "Code" {
				add(pair.Value)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if i, ok := refusals[nameOf(n.Fun)]; ok && i < len(n.Args) {
				add(n.Args[i])
			}
		case *ast.CompositeLit:
			if coded[nameOf(n.Type)] {
				addCode(n)
			}
			list, ok := n.Type.(*ast.ArrayType)
			if !ok || !coded[nameOf(list.Elt)] {
				return true
			}
			for _, element := range n.Elts {
				if lit, ok := element.(*ast.CompositeLit); ok && lit.Type == nil {
					addCode(lit)
				}
			}
		}
		return true
	})
	return out
}

// nameOf gives the written name of a function or type, "" for others.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return nameOf(e.X)
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			return x.Name + "." + e.Sel.Name
		}
	}
	return ""
}
