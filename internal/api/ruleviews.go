package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/rules"
)

// RuleView is a rule as people read it.
type RuleView struct {
	ID         string       `json:"id" example:"national.site_name.min3"`
	Severity   icp.Severity `json:"severity" enum:"error,warning,info"`
	Field      string       `json:"field" doc:"Pointer of the field judged; * for any website or person; empty when there is none" example:"/websites/*/name"`
	FieldLabel string       `json:"field_label" doc:"The field's name with whose it is; empty when it has none"`
	// Group is what the rule is about.
	Group    rulebook.Group `json:"group" enum:"order,subject,principal,website,domain,material,change" doc:"What the rule is about, by the steps of an order" example:"website"`
	Text     string         `json:"text" doc:"States the rule"`
	Source   string         `json:"source"`
	AsOf     string         `json:"as_of,omitempty" doc:"Year, month or day of the source" example:"2022"`
	Scope    string         `json:"scope" doc:"national, or the province's code" example:"430000"`
	Province string         `json:"province,omitempty" doc:"Name of the scope's province"`
	Pack     string         `json:"pack" example:"province.hunan"`
	Edition  string         `json:"edition" doc:"Day of the pack's last change" example:"2026-11-24"`
	Who      string         `json:"who,omitempty" doc:"Organisers that it is for, in words; missing: all" example:"单位"`
	Where    string         `json:"where,omitempty" doc:"Provinces where it holds, in words; missing: all"`
	Orders   string         `json:"orders,omitempty" doc:"Orders that it is for, in words; missing: all but cancellations"`
	// What the rule is for; missing lists are no limit.
	Types            []icp.OrderType   `json:"types,omitempty" doc:"Orders that it is for; missing: all but cancellations"`
	Natures          []form.Option     `json:"natures,omitempty" doc:"Kinds of organisers; missing: all"`
	CertificateTypes []form.Option     `json:"certificate_types,omitempty" doc:"Certificates of the subject; missing: all"`
	Provinces        []string          `json:"provinces,omitempty" doc:"Codes of provinces; missing: all"`
	Contents         []form.Option     `json:"contents,omitempty" doc:"Service contents; missing: all"`
	ContentsNot      []form.Option     `json:"contents_not,omitempty" doc:"Service contents that it is not for"`
	Material         icp.MaterialKind  `json:"material,omitempty" doc:"It asks for this paper instead of finding fault"`
	MaterialLabel    string            `json:"material_label,omitempty" doc:"Name of the paper"`
	Suggestion       string            `json:"suggestion,omitempty" doc:"A text for the field, with {name} of the subject, {site} and {domain}"`
	JudgedBy         string            `json:"judged_by,omitempty" doc:"The part of the program that judges it, where no rule engine does" example:"domains"`
	Expr             string            `json:"expr,omitempty" doc:"The expression by which an operator's rule finds fault"`
	Own              bool              `json:"own" doc:"The operator's own rule"`
	Off              string            `json:"off,omitempty" doc:"The operator switched it off, for this reason"`
	Changed          string            `json:"changed,omitempty" doc:"The operator changed its severity or parameters, for this reason"`
	Replaces         []string          `json:"replaces,omitempty" doc:"Rules for which it stands"`
	ReplacedBy       []string          `json:"replaced_by,omitempty" doc:"Rules that stand for it where they apply"`
	Params           map[string]string `json:"params,omitempty"`
	ValidFrom        string            `json:"valid_from,omitempty" doc:"First day" example:"2026-01-01"`
	ValidTo          string            `json:"valid_to,omitempty" doc:"Last day" example:"2026-12-31"`
}

// ruleViewer writes the rules of one set for one reader.
type ruleViewer struct {
	set    *rules.Set
	lang   i18n.Lang
	tables *refdata.Tables
}

func (d *Deps) ruleViewer(ctx context.Context, set *rules.Set) ruleViewer {
	return ruleViewer{set: set, lang: d.lang(ctx), tables: d.Cases.Tables}
}

func (v ruleViewer) view(r *rules.RuleInfo) RuleView {
	lang := string(v.lang)
	out := RuleView{ID: r.ID, Severity: r.Severity, Field: r.Field, FieldLabel: rulebook.FieldName(r.Field, v.lang), Text: rulebook.About(v.set, *r, v.lang),
		Group: rulebook.GroupOf(*r), Who: rulebook.Who(r.Natures, v.tables, v.lang), Where: rulebook.Where(r.Provinces, v.tables, v.lang), Orders: rulebook.Orders(r.Types, v.lang),
		Source: r.Source.In(lang), AsOf: r.AsOf, Scope: r.Scope, Pack: r.Pack, Edition: r.Edition, Types: r.Types, Provinces: r.Provinces,
		Material: r.Material, JudgedBy: r.JudgedBy, Expr: r.Expr, Own: r.Own, Off: r.Off.In(lang), Changed: r.Changed.In(lang), Replaces: r.Replaces,
		ReplacedBy: r.ReplacedBy, Params: r.Params, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo}
	if p, ok := v.tables.Province(r.Scope); ok && r.Scope != rules.National {
		out.Province = p.In(lang)
	}
	if r.Material != "" {
		out.MaterialLabel = i18n.Messages().Text(v.lang, "material.kind."+string(r.Material), nil)
	}
	if r.Suggest != "" {
		out.Suggestion = i18n.Messages().Text(v.lang, r.Suggest, map[string]string{"name": "{name}", "site": "{site}", "domain": "{domain}"})
	}
	out.Natures = options(r.Natures, lang, func(id int) (refdata.Text, bool) { x, ok := v.tables.Nature(id); return x.Text, ok })
	out.CertificateTypes = options(r.CertificateTypes, lang, func(id int) (refdata.Text, bool) {
		x, ok := v.tables.CertificateType(id)
		return x.Text, ok
	})
	content := func(id int) (refdata.Text, bool) { x, ok := v.tables.ServiceContent(id); return x.Text, ok }
	out.Contents, out.ContentsNot = options(r.Contents, lang, content), options(r.ContentsNot, lang, content)
	return out
}

// options names ids of a table; one that the table has no longer goes by its number.
func options(ids []int, lang string, find func(int) (refdata.Text, bool)) []form.Option {
	var out []form.Option
	for _, id := range ids {
		label := fmt.Sprint(id)
		if text, ok := find(id); ok {
			label = text.In(lang)
		}
		out = append(out, form.Option{Value: id, Label: label})
	}
	return out
}

// ruleChanges lists what two sets have otherwise.
func (d *Deps) ruleChanges(ctx context.Context, before, after *rules.Set) []RuleChangeView {
	old, now := d.ruleViewer(ctx, before), d.ruleViewer(ctx, after)
	out := []RuleChangeView{}
	for _, c := range after.Diff(before) {
		v := RuleChangeView{Change: "changed", ID: c.ID, What: notNil(c.What)}
		if c.Before != nil {
			view := old.view(c.Before)
			v.Before = &view
		} else {
			v.Change = "added"
		}
		if c.After != nil {
			view := now.view(c.After)
			v.After = &view
		} else {
			v.Change = "removed"
		}
		out = append(out, v)
	}
	return out
}

// IfNoneMatch is embedded by the input of readings that clients keep.
type IfNoneMatch struct {
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag of the answer that the client has; 304 when it is still right"`
}

// revalidated is an answer that clients may keep: for a moment as it is, after
// that when its ETag is still right.
type revalidated[T any] struct {
	Status       int
	ETag         string `header:"ETag"`
	CacheControl string `header:"Cache-Control"`
	Vary         string `header:"Vary"`
	Body         T
}

// shortly is how long a client need not ask again: about the time in which all
// nodes follow a new edition.
const shortly = "private, max-age=10"

// revalidate answers with 304 what the client has already.
func revalidate[T any](ctx context.Context, in IfNoneMatch, body T) (*revalidated[T], error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	sum := sha256.Sum256(raw)
	out := &revalidated[T]{Status: http.StatusOK, ETag: `W/"` + hex.EncodeToString(sum[:12]) + `"`, CacheControl: shortly, Vary: "Accept-Language, Cookie", Body: body}
	for tag := range strings.SplitSeq(in.IfNoneMatch, ",") {
		if strings.TrimPrefix(strings.TrimSpace(tag), "W/") == strings.TrimPrefix(out.ETag, "W/") {
			out.Status = http.StatusNotModified
		}
	}
	return out, ctx.Err()
}
