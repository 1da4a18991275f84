package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// overrideFile changes a rule of another pack, as it is written.
type overrideFile struct {
	Rule     string `yaml:"rule"`
	Severity string `yaml:"severity"`
	// Params are merged into the rule's by name.
	Params yaml.Node `yaml:"params"`
	// Examples stand instead of the rule's where these do not hold any more.
	Examples examplesFile `yaml:"examples"`
	Reason   refdata.Text `yaml:"reason"`
}

// offFile switches a rule off.
type offFile struct {
	Rule   string       `yaml:"rule"`
	Reason refdata.Text `yaml:"reason"`
}

func (r *rule) isOff() bool { return r.off != (refdata.Text{}) }

// changes applies what operators' packs change of rules, when all rules are
// known.
func (l *loader) changes() {
	for _, p := range l.packs {
		for i := range p.overrides {
			l.change(p, &p.overrides[i], l.override)
		}
		for i := range p.off {
			l.change(p, &p.off[i], l.switchOff)
		}
	}
}

func (l *loader) change(p *pack, n *yaml.Node, apply func(p *pack, n *yaml.Node) error) {
	if err := apply(p, n); err != nil {
		line, err := locate(n, err)
		l.fault(p.file, line, err)
	}
}

// target finds the rule that an operator changes.
func (l *loader) target(id string, reason refdata.Text) (*rule, error) {
	r := l.seen[id]
	switch {
	case r == nil:
		return nil, of("rule", fmt.Errorf("there is no rule %q", id))
	case r.judge == nil:
		return nil, of("rule", fmt.Errorf("rule %s is judged elsewhere: it can be neither changed nor switched off here", id))
	case r.isOff() || r.override != nil:
		return nil, of("rule", fmt.Errorf("rule %s is changed or switched off twice", id))
	case strings.TrimSpace(reason.ZH) == "":
		return nil, of("reason", errors.New("reason.zh is missing: applicants, reviewers and auditors may ask why"))
	}
	return r, nil
}

func (l *loader) switchOff(_ *pack, n *yaml.Node) error {
	var f offFile
	if line, err := decode(n, &f); err != nil {
		return &fault{line: line, err: err}
	}
	r, err := l.target(f.Rule, f.Reason)
	if err != nil {
		return err
	}
	r.off = f.Reason
	return nil
}

// override compiles a rule anew with the severity and parameters of an operator.
func (l *loader) override(p *pack, n *yaml.Node) error {
	var f overrideFile
	if line, err := decode(n, &f); err != nil {
		return &fault{line: line, err: err}
	}
	old, err := l.target(f.Rule, f.Reason)
	if err != nil {
		return err
	}
	written := *l.written[f.Rule]
	if err := f.applyTo(&written); err != nil {
		return err
	}
	r, err := l.make(old.pack, old.line, &written)
	switch {
	case err != nil && old.material != "" && icp.Severity(f.Severity) == icp.SeverityInfo:
		return of("severity", fmt.Errorf("rule %s asks for a paper: severity is error or warning", f.Rule))
	case err != nil:
		return err
	}
	r.changed, r.override = f.Reason, &fault{file: p.file, line: n.Line}
	if f.hasExamples() {
		r.examplesIn = p.file
	}
	*old = *r
	return nil
}

func (f *overrideFile) hasExamples() bool { return len(f.Examples.Pass)+len(f.Examples.Fail) > 0 }

// applyTo writes a rule anew.
func (f *overrideFile) applyTo(r *ruleFile) error {
	switch {
	case f.Severity == "" && f.Params.Kind == 0:
		return errors.New("an override wants severity or params")
	case f.Params.Kind != 0 && r.Expr.Kind != 0:
		return of("params", fmt.Errorf("rule %s has an expression and no params", f.Rule))
	case f.Params.Kind != 0 && f.Params.Kind != yaml.MappingNode:
		return of("params", errors.New("params are fields"))
	}
	if f.Severity != "" {
		if err := checkSeverity(f.Severity); err != nil {
			return err
		}
		r.Severity = f.Severity
	}
	r.Params = merged(&r.Params, &f.Params)
	if f.hasExamples() {
		r.Examples = f.Examples
	}
	return nil
}

// replacements ties rules to those that they stand for. One that is switched off
// stands for none.
func (l *loader) replacements() {
	for _, r := range l.rules {
		for _, id := range r.replaces {
			switch old := l.seen[id]; {
			case old == nil:
				l.fault(r.file, r.line, fmt.Errorf("rule %s replaces %s, which there is none of", r.id, id))
			case old == r:
				l.fault(r.file, r.line, fmt.Errorf("rule %s replaces itself", r.id))
			case old.judge == nil:
				l.fault(r.file, r.line, fmt.Errorf("rule %s replaces %s, which is judged elsewhere", r.id, id))
			case r.isOff(): // the other is back
			default:
				old.replacers = append(old.replacers, r)
			}
		}
	}
}

// merged gives the parameters of base with those of over in their place.
func merged(base, over *yaml.Node) yaml.Node {
	if over.Kind == 0 {
		return *base
	}
	out := *over
	for i := 0; i+1 < len(base.Content); i += 2 {
		key := base.Content[i]
		if !slices.ContainsFunc(over.Content, func(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Value == key.Value }) {
			out.Content = append(slices.Clip(out.Content), key, base.Content[i+1])
		}
	}
	return out
}
