package rules

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
	"gopkg.in/yaml.v3"
)

// Bounds of operators' expressions. Cost is in units of the language, roughly
// an operation each; what the most expensive expression takes is some
// milliseconds.
const (
	estimatedCost = 1_000_000 // refused above it, for a case as large as below
	runCost       = 200_000   // left unjudged above it
	runTime       = 250 * time.Millisecond
	// sizes that a case is taken to have at most, for the estimate
	mostCharacters, mostWebsites, mostIDs = 4000, 20, 200
	expressionSize                        = 4000 // characters
	nestingDepth                          = 40
	regexSize                             = 200
	checkEvery                            = 100 // steps of a loop
)

// environments hold what expressions may name, by the reach of the field: a
// website and a principal where there is one.
var environments = sync.OnceValues(func() (out [3]*cel.Env, err error) {
	base, err := types.NewRegistry()
	if err != nil {
		return out, err
	}
	whole, err := cel.NewEnv(cel.CustomTypeProvider(provider{base}), cel.CustomTypeAdapter(base),
		cel.ParserExpressionSizeLimit(expressionSize), cel.ParserRecursionLimit(nestingDepth), cel.RegexProgramSizeLimit(regexSize),
		cel.EagerlyValidateDeclarations(true),
		cel.Variable("order_type", cel.StringType), cel.Variable("today", cel.TimestampType), cel.Variable("subject", celSubject),
		cel.Variable("filing", celFiling), cel.Variable("websites", celWebsites), cel.Variable("facts", celFacts))
	if err != nil {
		return out, err
	}
	site, err := whole.Extend(cel.Variable("website", celWebsite))
	if err != nil {
		return out, err
	}
	principal, err := whole.Extend(cel.Variable("principal", celPerson))
	if err != nil {
		return out, err
	}
	return [3]*cel.Env{once: whole, perSite: site, perPerson: principal}, nil
})

// sizes estimates how large answers may be.
type sizes struct{}

// EstimateSize gives the size of texts and lists.
func (sizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	if n.ComputedSize() != nil {
		return nil
	}
	most := uint64(0)
	switch t := n.Type(); t.Kind() {
	case types.StringKind:
		most = mostCharacters
	case types.ListKind:
		most = mostIDs
		if len(t.Parameters()) == 1 && t.Parameters()[0].Kind() == types.StructKind {
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
	envs, err := environments()
	if err != nil {
		return nil, err
	}
	env := envs[at.reach]
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
	if estimate.Max > estimatedCost {
		return nil, fmt.Errorf("expr may cost %d, at most %d: use fewer loops inside one another", estimate.Max, estimatedCost)
	}
	program, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(runCost), cel.InterruptCheckFrequency(checkEvery))
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
