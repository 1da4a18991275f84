package api

import (
	"context"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/rules"
)

// FindingView is a finding in words.
type FindingView struct {
	ID         string         `json:"id,omitempty"`
	Pointer    string         `json:"pointer" example:"/websites/0/name"`
	Severity   icp.Severity   `json:"severity" enum:"error,warning,info"`
	Source     string         `json:"source" enum:"rule,review" doc:"rule: judged now; review: said by a reviewer or the authority in the last round"`
	Rule       string         `json:"rule,omitempty"`
	Code       string         `json:"code,omitempty"`
	Label      string         `json:"label,omitempty" doc:"The field's label"`
	Message    string         `json:"message"`
	Advice     string         `json:"advice,omitempty"`
	Mended     bool           `json:"mended" doc:"The answer has changed since it was said"`
	RetryAt    *time.Time     `json:"retry_at,omitempty" doc:"When waiting alone will have settled it"`
	Reference  *RuleReference `json:"reference,omitempty" doc:"The rule behind it"`
	Suggestion string         `json:"suggestion,omitempty" doc:"A text that can be put into the field as it is"`
	Exits      []ExitView     `json:"exits,omitempty" doc:"Ways out, where the filing type leads no further"`
}

// RuleReference tells the rule behind a finding or a need.
type RuleReference struct {
	Text     string `json:"text" doc:"States the rule"`
	Source   string `json:"source"`
	AsOf     string `json:"as_of,omitempty" doc:"Year, month or day of the source" example:"2022"`
	Province string `json:"province,omitempty" doc:"Name of the province whose rule it is; missing for the nation's"`
}

// ExitView is a way out of a dead end of the filing type.
type ExitView struct {
	ID    string `json:"id" example:"recover_account"`
	Title string `json:"title"`
	Text  string `json:"text" doc:"What to do"`
}

// DetectedView is the filing type that follows from the answers.
type DetectedView struct {
	Type    icp.OrderType `json:"type,omitempty" doc:"Missing at a dead end"`
	Code    string        `json:"code" doc:"Stable key of the reason" example:"type.add_website_elsewhere"`
	Reason  string        `json:"reason"`
	Offered bool          `json:"offered" doc:"Orders of the type can be filed here"`
	DeadEnd bool          `json:"dead_end" doc:"Something has to be settled before any filing"`
	Stops   bool          `json:"stops" doc:"The order cannot be submitted as it is"`
	Exits   []ExitView    `json:"exits" doc:"Ways out, or what to do if the facts are not as told"`
}

// NeedView is a material that the case asks for, with the reasons in words.
type NeedView struct {
	form.Need
	Label   string           `json:"label" doc:"The kind in words"`
	Reason  string           `json:"reason" doc:"The first reason"`
	Reasons []NeedReason     `json:"reasons" doc:"All reasons, the form's own first"`
	Given   []icp.MaterialID `json:"given"`
}

// NeedReason is why a material is asked for.
type NeedReason struct {
	Rule      string         `json:"rule,omitempty" doc:"The rule that asks; missing for the form's own need"`
	Text      string         `json:"text"`
	Required  bool           `json:"required"`
	Reference *RuleReference `json:"reference,omitempty"`
}

// wording puts what was judged of an order into words for one reader. set is
// the edition of the rules that judged.
type wording struct {
	order *icp.Order
	set   *rules.Set
	lang  i18n.Lang
	text  texts
	rules ruleViewer
}

func (d *Deps) words(ctx context.Context, o *icp.Order) wording {
	return d.wordsOf(ctx, o, d.Rules.Set())
}

func (d *Deps) wordsOf(ctx context.Context, o *icp.Order, set *rules.Set) wording {
	return wording{order: o, set: set, lang: d.lang(ctx), text: d.texts(ctx), rules: d.ruleViewer(ctx, set)}
}

// message tells a finding of a rule or of a check, in an operator's own words
// where the rule has them.
func (w wording) message(rule, code string, params map[string]string) string {
	if own, ok := rulebook.Finding(w.set, rule, w.lang, params); ok {
		return own
	}
	if code == "" {
		return ""
	}
	return w.text(code, params)
}

// reference tells a rule; nil for what no pack has.
func (w wording) reference(id string) *RuleReference {
	r, ok := w.set.Rule(id)
	if !ok {
		return nil
	}
	out := &RuleReference{Text: rulebook.About(w.set, r, w.lang), Source: r.Source.In(string(w.lang)), AsOf: r.AsOf}
	if p, ok := w.rules.tables.Province(r.Scope); ok && r.Scope != rules.National {
		out.Province = p.In(string(w.lang))
	}
	return out
}

// suggestion fills the text that a rule proposes for its field; there is none
// while an answer that it quotes is missing. It is Chinese in both languages,
// for that is what the authority reads.
func (w wording) suggestion(f *icp.Finding) string {
	r, ok := w.set.Rule(f.Rule)
	if !ok || r.Suggest == "" {
		return ""
	}
	values := map[string]string{"name": w.order.Data.Subject.Name, "site": "", "domain": ""}
	if site := form.Website(w.order, f.Pointer); site != nil {
		values["site"], values["domain"] = site.Name, site.Domain
	}
	for _, name := range i18n.Messages().Variables(i18n.Chinese, r.Suggest) {
		if values[name] == "" {
			return ""
		}
	}
	return i18n.Messages().Text(i18n.Chinese, r.Suggest, values)
}

// findings puts what people said first, then what the rules say now. To
// reviewers, what was said is that of the round before.
func (w wording) findings(j casework.Judgement, staff bool) []FindingView {
	out, o := []FindingView{}, w.order
	said := o.Data.Findings
	if staff && o.State == icp.StateProviderReview {
		said = o.Data.LastRound
	}
	for i := range said {
		view := w.finding(&said[i], "review")
		view.Mended = form.Mended(o, said[i])
		out = append(out, view)
	}
	if order.Editable(o.State) || o.State == icp.StateProviderReview {
		out = append(out, w.judged(j)...)
	}
	return out
}

// judged are the findings of a judgement.
func (w wording) judged(j casework.Judgement) []FindingView {
	out := make([]FindingView, 0, len(j.Findings))
	for i := range j.Findings {
		f := &j.Findings[i]
		view := w.finding(f, "rule")
		view.Suggestion = w.suggestion(f)
		if f.Rule == casework.TypeRule {
			view.Exits = exits(j.Exits[f.Pointer], w.text)
		}
		out = append(out, view)
	}
	return out
}

func (w wording) finding(f *icp.Finding, source string) FindingView {
	v := FindingView{ID: f.ID, Pointer: f.Pointer, Severity: f.Severity, Source: source, Rule: f.Rule, Code: f.Code, Label: w.label(f.Pointer),
		Message: f.Reason, Advice: f.Advice, Reference: w.reference(f.Rule)}
	if f.Reason != "" && f.Code == "" {
		return v // a reviewer's own words, whatever rule they rest on
	}
	if told := w.message(f.Rule, f.Code, f.Params); told != "" {
		v.Message = told
		if f.Reason != "" {
			v.Message += ": " + f.Reason
		}
	}
	if !f.RetryAt.IsZero() {
		v.RetryAt = &f.RetryAt
	}
	return v
}

// label names the field, or the kind of paper, at a pointer; "" for neither.
func (w wording) label(pointer string) string {
	if rest, ok := strings.CutPrefix(pointer, "/materials/"); ok {
		kind, _, _ := strings.Cut(rest, "/")
		return w.kind(icp.MaterialKind(kind))
	}
	return rulebook.FieldLabel(pointer, w.lang)
}

func (w wording) kind(k icp.MaterialKind) string { return w.text("material.kind."+string(k), nil) }

func (w wording) needs(list []form.Need) []NeedView {
	out := []NeedView{}
	for _, n := range list {
		v := NeedView{Need: n, Label: w.kind(n.Kind), Reasons: []NeedReason{}, Given: []icp.MaterialID{}}
		for _, r := range n.Reasons {
			v.Reasons = append(v.Reasons, NeedReason{Rule: r.Rule, Text: w.message(r.Rule, r.Key, r.Params), Required: r.Required, Reference: w.reference(r.Rule)})
		}
		v.Reason = v.Reasons[0].Text
		for _, m := range form.Given(w.order, n) {
			v.Given = append(v.Given, m.ID)
		}
		out = append(out, v)
	}
	return out
}

func (w wording) tasks(findings []icp.Finding) []TaskView {
	out := []TaskView{}
	for _, t := range form.Tasks(w.order, findings) {
		v := TaskView{Task: t}
		if t.Why != "" {
			v.Reason = w.text(t.Why, nil)
		}
		out = append(out, v)
	}
	return out
}

func (w wording) detected(d order.Detected) DetectedView {
	return DetectedView{Type: d.Type, Code: d.Reason, Reason: w.text(d.Reason, nil), Offered: d.Offered, DeadEnd: d.DeadEnd, Stops: d.Stops(),
		Exits: exits(d.Exits, w.text)}
}

func exits(list []order.Exit, text texts) []ExitView {
	out := []ExitView{}
	for _, e := range list {
		out = append(out, ExitView{ID: string(e), Title: text(e.Key(), nil), Text: text(e.Key()+".text", nil)})
	}
	return out
}

// exitsNamed reads the exits of a refusal, which names them with commas between.
func exitsNamed(names string, text texts) []ExitView {
	if names == "" {
		return nil
	}
	var list []order.Exit
	for name := range strings.SplitSeq(names, ",") {
		list = append(list, order.Exit(name))
	}
	return exits(list, text)
}
