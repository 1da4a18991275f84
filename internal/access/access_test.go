package access_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
)

// declared reads the permissions out of the source, so that a new one without
// a row in the table is found.
func declared(t *testing.T) []access.Permission {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "access.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []access.Permission
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Permission" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, access.Permission(text))
		}
		return true
	})
	return out
}

func TestEveryPermissionIsGrantedToSomebody(t *testing.T) {
	t.Parallel()
	all := declared(t)
	if len(all) < 10 {
		t.Fatalf("found %d permissions in the source", len(all))
	}
	for _, p := range all {
		if !access.Can(access.Roles(), p) {
			t.Errorf("nobody may %s", p)
		}
	}
	for _, p := range access.Of(access.Roles()) {
		if !slices.Contains(all, p) {
			t.Errorf("the table grants %q, which is not declared", p)
		}
	}
}

func TestCan(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		roles []string
		p     access.Permission
		want  bool
	}{
		"a reviewer judges cases":              {[]string{"reviewer"}, access.CaseReview, true},
		"an operator does not judge cases":     {[]string{"operator"}, access.CaseReview, false},
		"two roles add up":                     {[]string{"operator", "reviewer"}, access.CaseReview, true},
		"an admin sees no case":                {[]string{"admin"}, access.CaseReadAny, false},
		"only an admin manages staff":          {[]string{"reviewer", "operator"}, access.AccountManage, false},
		"an applicant, who has no role":        {nil, access.CaseReadAny, false},
		"an unknown role":                      {[]string{"root"}, access.CaseReadAny, false},
		"the empty role":                       {[]string{""}, access.CaseReadAny, false},
		"an unknown permission":                {access.Roles(), "case.delete", false},
		"roles are not told by their initials": {[]string{"Admin"}, access.AccountManage, false},
	}
	for rule, c := range cases {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			if got := access.Can(c.roles, c.p); got != c.want {
				t.Errorf("Can(%q, %s) = %t", c.roles, c.p, got)
			}
		})
	}
}

func TestCheckAsksForStaff(t *testing.T) {
	t.Parallel()
	a := icp.Actor{Party: icp.Provider, Roles: []string{access.Admin}}
	if err := access.Check(a, access.AccountManage); err != nil {
		t.Errorf("an admin: %v", err)
	}
	a.Party = icp.Applicant
	if err := access.Check(a, access.AccountManage); !errors.Is(err, icp.ErrNotAllowed) {
		t.Errorf("an applicant with a stray role: %v", err)
	}
}

func TestOfListsEachPermissionOnce(t *testing.T) {
	t.Parallel()
	got := access.Of([]string{access.Operator, access.Reviewer, "root"})
	if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) || len(got) < 10 {
		t.Errorf("Of = %q", got)
	}
	if got := access.Of(nil); got == nil || len(got) != 0 {
		t.Errorf("no roles give %#v", got)
	}
}
