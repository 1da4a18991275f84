package rules

import (
	"os"
	"slices"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/openbeian/beian/internal/rules"
)

// opaEngine runs one prepared query for all rules.
type opaEngine struct {
	tb    testing.TB
	query rego.PreparedEvalQuery
}

func newOPA(tb testing.TB) opaEngine {
	tb.Helper()
	module, err := os.ReadFile("ten.rego")
	if err != nil {
		tb.Fatal(err)
	}
	query, err := rego.New(rego.Query("data.ten.findings"), rego.Module("ten.rego", string(module))).PrepareForEval(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return opaEngine{tb, query}
}

func (e opaEngine) prepare(c *rules.Case) any {
	v, err := ast.InterfaceToValue(plain(c))
	if err != nil {
		e.tb.Fatal(err)
	}
	return v
}

func (e opaEngine) judge(prepared any) []string {
	result, err := e.query.Eval(e.tb.Context(), rego.EvalParsedInput(prepared.(ast.Value)))
	if err != nil {
		e.tb.Fatal(err)
	}
	found := result[0].Expressions[0].Value.([]any)
	out := make([]string, len(found))
	for i, f := range found {
		out[i] = f.(string)
	}
	slices.Sort(out)
	return out
}
