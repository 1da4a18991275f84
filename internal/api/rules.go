package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

func registerRules(api huma.API, d *Deps) {
	const tag = "Rules"
	get := func(id, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Tags: []string{tag}, Summary: summary, Description: description, Security: noSession}
	}
	huma.Register(api, get("list-rules", "/rules", "The rules, by province and what they are for",
		"With their sources. Of a province: its own rules with the national ones that it does not replace, less those switched off."), d.listRules)
	huma.Register(api, get("compare-rules", "/rules/compare", "What two provinces, or two editions, have otherwise",
		"Name two provinces or two editions. Rules of two provinces about the same matter are told as one that changed."), d.compareRules)
	huma.Register(api, get("get-rule-choices", "/rules/choices", "What rules can be looked for by: organisers, order types", ""), d.getRuleChoices)
	huma.Register(api, get("list-rule-provinces", "/rules/provinces", "The provinces with the number of their rules and the authority's time", ""), d.listRuleProvinces)
	huma.Register(api, get("list-rule-editions", "/rules/editions", "The editions of the rules, newest first", ""), d.listRuleEditions)
	huma.Register(api, get("get-rule", "/rules/{id}", "A rule with its examples", ""), d.getRule)
	huma.Register(api, huma.Operation{OperationID: "get-rules-folder", Method: http.MethodGet, Path: "/rules/folder", Tags: []string{tag},
		Summary: "How the folder of the operator's rules stands: its faults, and what publishing it would change"}, d.getRulesFolder)
	huma.Register(api, huma.Operation{OperationID: "publish-rules", Method: http.MethodPost, Path: "/rules/editions", Tags: []string{tag},
		Summary: "Put the folder's rules, or those of an earlier edition, into force", DefaultStatus: http.StatusCreated}, d.publishRules)
	huma.Register(api, huma.Operation{OperationID: "replay-rules", Method: http.MethodPost, Path: "/rules/replay", Tags: []string{tag},
		Summary: "Which open orders the folder's rules, or those of an edition, would judge otherwise"}, d.replayRules)
}

// RuleFilter is embedded by the input of what looks for rules.
type RuleFilter struct {
	Nature   int           `query:"nature" doc:"Kind of organiser; 0 for any" example:"4"`
	Type     icp.OrderType `query:"type" doc:"Order type; empty for any" example:"add_website"`
	Severity icp.Severity  `query:"severity" enum:",error,warning,info"`
	Query    string        `query:"q" maxLength:"100" doc:"Words in texts, labels and ids; all must be there"`
}

type listRulesIn struct {
	IfNoneMatch
	RuleFilter
	Province string `query:"province" maxLength:"6" doc:"A region code of the province; empty for all rules" example:"110108"`
	Scope    string `query:"scope" enum:",national" doc:"national: only the nation's rules; without a province those too that some provinces replace"`
	Version  string `query:"version" maxLength:"100" doc:"An edition; empty for the one in force"`
}

// RuleList is a number of rules of one edition.
type RuleList struct {
	Version string     `json:"version" doc:"The edition shown" example:"2026-11-24+5d41402a"`
	Active  bool       `json:"active" doc:"It is the edition in force"`
	Items   []RuleView `json:"items"`
}

func (d *Deps) listRules(ctx context.Context, in *listRulesIn) (*revalidated[RuleList], error) {
	set, version, err := d.rulesAt(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	list := set.Describe()
	if in.Province != "" {
		if _, err := d.provinceOf(in.Province); err != nil {
			return nil, err
		}
		list = set.ForProvince(in.Province, in.Nature)
	}
	v := d.ruleViewer(ctx, set)
	out := RuleList{Version: version, Active: version == d.Rules.Version(), Items: []RuleView{}}
	for _, r := range list {
		if in.takes(&r) && (in.Scope == "" || r.Scope == in.Scope) {
			if view := v.view(&r); in.finds(&view) {
				out.Items = append(out.Items, view)
			}
		}
	}
	return revalidate(ctx, in.IfNoneMatch, out)
}

// takes reports whether a rule is of the kind that is looked for.
func (f *RuleFilter) takes(r *rules.RuleInfo) bool {
	return (f.Severity == "" || r.Severity == f.Severity) &&
		(f.Nature == 0 || r.Natures == nil || slices.Contains(r.Natures, f.Nature)) &&
		(f.Type == "" || r.IsFor(f.Type))
}

// finds reports whether all words that are looked for stand somewhere in a rule.
func (f *RuleFilter) finds(v *RuleView) bool {
	text := strings.ToLower(strings.Join([]string{v.ID, v.Text, v.FieldLabel, v.Field, v.MaterialLabel, v.Province, v.Source, v.Pack}, "\n"))
	for _, word := range strings.Fields(strings.ToLower(f.Query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// rulesAt gives the rules of an edition, those in force for "".
func (d *Deps) rulesAt(ctx context.Context, version string) (*rules.Set, string, error) {
	if version == "" {
		version = d.Rules.Version()
	}
	set, err := d.Rules.At(ctx, version)
	return set, version, err
}

type listRuleProvincesIn struct{ IfNoneMatch }

// RuleProvinces are the provinces as the rules know them.
type RuleProvinces struct {
	Version string         `json:"version"`
	Items   []RuleProvince `json:"items"`
}

// RuleProvince is a province with the number of its rules.
type RuleProvince struct {
	Code          string    `json:"code" example:"430000"`
	Name          string    `json:"name"`
	AuthorityDays *DaysView `json:"authority_days,omitempty" doc:"Working days that the authority takes as a rule; missing when no source tells"`
	Rules         int       `json:"rules" doc:"Rules that hold there"`
	OwnRules      int       `json:"own_rules" doc:"Rules of the province's own packs"`
}

// DaysView is a span of working days.
type DaysView struct {
	Least int `json:"least" example:"15"`
	Most  int `json:"most" example:"17"`
}

func (d *Deps) listRuleProvinces(ctx context.Context, in *listRuleProvincesIn) (*revalidated[RuleProvinces], error) {
	set, lang := d.Rules.Set(), string(d.lang(ctx))
	out := RuleProvinces{Version: d.Rules.Version(), Items: []RuleProvince{}}
	for _, p := range d.Cases.Tables.On(d.Clock.Now()).Provinces() {
		row := RuleProvince{Code: p.Code, Name: p.In(lang)}
		for _, r := range set.ForProvince(p.Code, 0) {
			row.Rules++
			if r.Scope == p.Code {
				row.OwnRules++
			}
		}
		if least, most, ok := set.AuthorityDays(p.Code); ok {
			row.AuthorityDays = &DaysView{Least: least, Most: most}
		}
		out.Items = append(out.Items, row)
	}
	return revalidate(ctx, in.IfNoneMatch, out)
}

// EditionView is an edition of the rules as it came into force.
type EditionView struct {
	Seq     int64     `json:"seq" example:"7"`
	Version string    `json:"version" example:"2026-11-24+5d41402a"`
	Kind    string    `json:"kind" enum:"program,operator,reference,restore" doc:"What brought it"`
	Note    string    `json:"note"`
	At      time.Time `json:"at"`
	Active  bool      `json:"active" doc:"It is in force"`
}

func editionView(e rulebook.Edition) EditionView {
	return EditionView{Seq: e.Seq, Version: e.Version, Kind: e.Kind, Note: e.Note, At: e.At, Active: e.Active}
}

type listRuleEditionsIn struct{ PageIn }

func (d *Deps) listRuleEditions(ctx context.Context, in *listRuleEditionsIn) (*pageOut[EditionView], error) {
	list, next, err := d.Rules.Editions(ctx, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]EditionView, len(list))
	for i, e := range list {
		out[i] = editionView(e)
	}
	return paged(out, string(next)), nil
}

// RulesFolder is how the folder of the operator's rules stands.
type RulesFolder struct {
	Configured  bool             `json:"configured"`
	Folder      string           `json:"folder,omitempty"`
	Active      EditionView      `json:"active" doc:"The edition in force"`
	Version     string           `json:"version,omitempty" doc:"Of the edition that publishing would make; missing while there are problems"`
	Publishable bool             `json:"publishable" doc:"No problems, and something would change"`
	Problems    []RuleProblem    `json:"problems"`
	Changes     []RuleChangeView `json:"changes" doc:"What publishing would change"`
	Behind      string           `json:"behind,omitempty" doc:"Why this node cannot load the newest edition"`
}

// RuleProblem is a fault of a pack.
type RuleProblem struct {
	File    string `json:"file" doc:"Path below the folder"`
	Line    int    `json:"line" doc:"0 for the whole file"`
	Message string `json:"message"`
}

// RuleChangeView is a rule that is added, removed or changed.
type RuleChangeView struct {
	Change string    `json:"change" enum:"added,removed,changed"`
	ID     string    `json:"id"`
	What   []string  `json:"what" doc:"Parts of a changed rule that differ, as named in a rule"`
	Before *RuleView `json:"before,omitempty"`
	After  *RuleView `json:"after,omitempty"`
}

type rulesFolderOut struct{ Body RulesFolder }

func (d *Deps) getRulesFolder(ctx context.Context, _ *struct{}) (*rulesFolderOut, error) {
	if _, err := requireStaff(ctx, access.RuleManage); err != nil {
		return nil, err
	}
	s, err := d.Rules.FolderState(ctx)
	if err != nil {
		return nil, err
	}
	v := RulesFolder{Configured: s.Folder != "", Folder: s.Folder, Active: editionView(d.Rules.Active()), Version: s.Version,
		Publishable: s.Publishable, Problems: []RuleProblem{}, Changes: []RuleChangeView{}}
	for _, p := range s.Problems {
		v.Problems = append(v.Problems, RuleProblem(p))
	}
	if s.After != nil {
		v.Changes = d.ruleChanges(ctx, s.Before, s.After)
	}
	if late := d.Rules.Behind(); late != nil {
		v.Behind = late.Error()
	}
	return &rulesFolderOut{v}, nil
}

type publishRulesIn struct {
	Body struct {
		Note    string `json:"note" minLength:"1" maxLength:"500" doc:"What changes; everybody can read it" example:"Names of sites must not have the word 测试"`
		Restore string `json:"restore,omitempty" maxLength:"100" doc:"An edition whose own packs and reference files come back; empty: the folder is published" example:""`
	}
}

type publishRulesOut struct{ Body EditionView }

func (d *Deps) publishRules(ctx context.Context, in *publishRulesIn) (*publishRulesOut, error) {
	actor, err := requireStaff(ctx, access.RuleManage)
	if err != nil {
		return nil, err
	}
	var e rulebook.Edition
	if in.Body.Restore != "" {
		e, err = d.Rules.Restore(ctx, actor, in.Body.Restore, in.Body.Note)
	} else {
		e, err = d.Rules.Publish(ctx, actor, in.Body.Note)
	}
	return &publishRulesOut{editionView(e)}, err
}
