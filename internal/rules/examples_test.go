package rules

import (
	"testing"

	"github.com/openbeian/beian/internal/refdata"
)

func builtin(t testing.TB) *Set {
	t.Helper()
	s, err := Builtin(refdata.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryRuleHoldsItsExamples(t *testing.T) {
	t.Parallel()
	if err := builtin(t).CheckExamples(); err != nil {
		t.Error(err)
	}
}
