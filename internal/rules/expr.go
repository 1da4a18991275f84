package rules

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
	"gopkg.in/yaml.v3"
)

// Bounds of operators' expressions. Cost is in units of the language, an
// operation each, of some 70 ns.
const (
	// mostCost is what an expression may cost at one place: by an estimate for a
	// case as large as below when it is loaded, in truth when it runs.
	mostCost = 100_000
	runTime  = 250 * time.Millisecond // for all expressions of a case
	// sizes that a case is taken to have at most
	mostCharacters, mostWebsites, mostIDs = 1024, 20, 100
	expressionSize                        = 4000 // characters
	nestingDepth                          = 40
	regexSize                             = 200 // instructions
	checkEvery                            = 100 // steps of a loop
)

// environments hold what expressions may name.
type environments struct{ whole, site, principal, both *cel.Env }

// of is for fields of a website, of a principal, of a website's principal, or of
// the whole case.
func (e *environments) of(f *field) *cel.Env {
	switch {
	case f.reach == perSite:
		return e.site
	case f.reach == perPerson && f.whose == sites:
		return e.both
	case f.reach == perPerson:
		return e.principal
	}
	return e.whole
}

var environment = sync.OnceValues(func() (out environments, err error) {
	base, err := types.NewRegistry()
	if err != nil {
		return out, err
	}
	out.whole, err = cel.NewEnv(cel.CustomTypeProvider(provider{base}), cel.CustomTypeAdapter(base),
		cel.ParserExpressionSizeLimit(expressionSize), cel.ParserRecursionLimit(nestingDepth), cel.RegexProgramSizeLimit(regexSize),
		cel.EagerlyValidateDeclarations(true),
		cel.Variable("order_type", cel.StringType), cel.Variable("today", cel.TimestampType), cel.Variable("subject", celSubject),
		cel.Variable("filing", celFiling), cel.Variable("websites", celWebsites), cel.Variable("facts", celFacts))
	if err != nil {
		return out, err
	}
	website, principal := cel.Variable("website", celWebsite), cel.Variable("principal", celPerson)
	if out.site, err = out.whole.Extend(website); err != nil {
		return out, err
	}
	if out.principal, err = out.whole.Extend(principal); err != nil {
		return out, err
	}
	out.both, err = out.site.Extend(principal)
	return out, err
})

// sizes estimates how large answers may be.
type sizes struct{}

// EstimateSize gives the size of texts and lists.
func (sizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	if n.ComputedSize() != nil {
		return nil
	}
	var most uint64
	switch t := n.Type(); t.Kind() {
	case types.StringKind:
		most = mostCharacters
	case types.StructKind:
		most = 1 // compared by where it is
	case types.ListKind:
		most = mostIDs
		if t.IsExactType(celWebsites) {
			most = mostWebsites
		}
	default:
		return nil
	}
	return &cost.SizeEstimate{Max: most}
}

// EstimateCallCost leaves functions to the language.
func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

// expression compiles an operator's expression: true is the fault.
func expression(n *yaml.Node, at *field) (judge, error) {
	envs, err := environment()
	if err != nil {
		return nil, err
	}
	env := envs.of(at)
	ast, issues := env.Compile(n.Value)
	if err := issues.Err(); err != nil {
		return nil, issue(n, issues)
	}
	if ast.OutputType() != cel.BoolType {
		return nil, fmt.Errorf("expr gives %s, not true or false", ast.OutputType())
	}
	estimate, err := env.EstimateCost(ast, sizes{})
	if err != nil {
		return nil, fmt.Errorf("expr: %w", err)
	}
	switch {
	case estimate.Max == math.MaxUint64:
		return nil, errors.New("expr may cost anything: give it values of known types and size")
	case estimate.Max > mostCost:
		return nil, fmt.Errorf("expr may cost %d, at most %d: use fewer loops inside one another", estimate.Max, mostCost)
	}
	program, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(mostCost), cel.InterruptCheckFrequency(checkEvery))
	if err != nil {
		return nil, fmt.Errorf("expr: %w", err)
	}
	return func(m *matter) verdict { return m.evaluate(program) }, nil
}

// issue gives the first fault of an expression, with the line of the file.
func issue(n *yaml.Node, issues *cel.Issues) error {
	first := issues.Errors()[0]
	line := n.Line + max(first.Location.Line(), 1) - 1
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		line++ // the text begins below its key
	}
	what, _, _ := strings.Cut(first.Message, "\n")
	return &fault{line: line, err: fmt.Errorf("expr, character %d: %s", first.Location.Column()+1, what)}
}

// evaluate runs an expression. Whatever goes wrong leaves the rule unjudged: a
// fact that is not known, a bound that is met, a fault of the language.
func (m *matter) evaluate(program cel.Program) (v verdict) {
	defer func() {
		if recover() != nil {
			v = unjudged
		}
	}()
	if m.ctx == nil {
		m.ctx, m.cancel = context.WithTimeoutCause(context.Background(), runTime, errors.New("the case's expressions take too long"))
	}
	out, _, err := program.ContextEval(m.ctx, m)
	is, ok := out.(types.Bool)
	if err != nil || !ok {
		return unjudged
	}
	return badIf(bool(is))
}
