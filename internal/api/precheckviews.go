package api

import (
	"context"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/precheck"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/rules"
)

// PrecheckView is the report of a pre-check (预检) in the reader's language.
type PrecheckView struct {
	ID           string                  `json:"id"`
	At           time.Time               `json:"at"`
	Until        time.Time               `json:"until" doc:"It can be read until then"`
	RulesVersion string                  `json:"rules_version"`
	Asked        PrecheckAsked           `json:"asked"`
	Verdict      precheck.Verdict        `json:"verdict" enum:"blocked,not_offered,wait,unknown,care,ready"`
	Title        string                  `json:"title" doc:"The verdict in words"`
	Next         string                  `json:"next" doc:"What to do next"`
	Kind         PrecheckKind            `json:"kind"`
	Checks       []DomainCheckResultView `json:"checks" doc:"Of the domain; who holds it is not compared"`
	LicenceNo    string                  `json:"filed_licence_no,omitempty" doc:"Under which the domain is filed"`
	Findings     []PrecheckFinding       `json:"findings" doc:"The gravest first"`
	Papers       []PrecheckPaper         `json:"papers" doc:"Those that are certain first"`
	Preparations []PrecheckPreparation   `json:"preparations"`
	Rules        PrecheckRules           `json:"rules"`
	Time         PrecheckTime            `json:"time"`
}

// PrecheckAsked is what was told, as far as it is kept.
type PrecheckAsked struct {
	Domain           string            `json:"domain" example:"yunshan.cn"`
	Unicode          string            `json:"unicode" doc:"As people write it"`
	Cut              bool              `json:"subdomain_cut" doc:"A sub-domain was entered; its registrable name was checked"`
	Region           string            `json:"region" example:"110000"`
	RegionName       string            `json:"region_name"`
	Nature           int               `json:"nature" example:"4"`
	NatureName       string            `json:"nature_name"`
	Person           bool              `json:"person" doc:"The organiser is a natural person"`
	CertificateType  int               `json:"certificate_type,omitempty"`
	CertificateName  string            `json:"certificate_name,omitempty"`
	CertificateGiven bool              `json:"certificate_given" doc:"A certificate number was told and forgotten"`
	WebsiteName      string            `json:"website_name,omitempty" doc:"Of an organisation"`
	NameGiven        bool              `json:"name_given" doc:"A site name was told; an individual's is forgotten"`
	ServiceContent   int               `json:"service_content,omitempty"`
	ContentName      string            `json:"content_name,omitempty"`
	Resource         *PrecheckResource `json:"resource,omitempty"`
	SubjectFiled     precheck.Answer   `json:"subject_filed,omitempty" enum:"yes,no,unknown"`
}

// PrecheckKind is the filing type, as far as it can be told.
type PrecheckKind struct {
	Type      icp.OrderType  `json:"type,omitempty" doc:"Missing at a dead end"`
	Basis     precheck.Basis `json:"basis,omitempty" enum:"authority,silent,told,assumed" doc:"On whose word it rests"`
	BasisText string         `json:"basis_text,omitempty"`
	Unsure    bool           `json:"unsure" doc:"Nobody knows whether the organiser holds a filing, so it may be a first one"`
	Reason    string         `json:"reason"`
	Offered   bool           `json:"offered" doc:"Orders of the type can be filed here"`
	DeadEnd   bool           `json:"dead_end" doc:"Something has to be settled before any filing"`
	Exits     []ExitView     `json:"exits" doc:"Ways out, or what to do if the facts are not as told"`
}

// PrecheckFinding is what fails or needs care.
type PrecheckFinding struct {
	ID        string         `json:"id"`
	Group     string         `json:"group" enum:"domain,certificate,name,rule,resource"`
	Severity  icp.Severity   `json:"severity" enum:"error,warning,info"`
	Depends   string         `json:"depends,omitempty" doc:"It may be all right, if this holds"`
	Field     string         `json:"field,omitempty" doc:"Of the input" example:"website_name"`
	Message   string         `json:"message"`
	Remedies  []string       `json:"remedies" doc:"How to mend it, where the message does not tell"`
	RetryAt   *time.Time     `json:"retry_at,omitempty" doc:"When waiting alone will have settled it"`
	Reference *RuleReference `json:"reference,omitempty" doc:"The rule behind it"`
}

// PrecheckPaper is a material that is needed, or may be.
type PrecheckPaper struct {
	Kind     icp.MaterialKind `json:"kind"`
	Label    string           `json:"label"`
	Website  bool             `json:"website" doc:"Each website shows its own"`
	Required bool             `json:"required" doc:"Otherwise it is recommended"`
	Certain  bool             `json:"certain" doc:"Otherwise it is needed when one of the reasons holds"`
	Reasons  []PrecheckReason `json:"reasons"`
}

// PrecheckReason is why, or when, a paper is needed.
type PrecheckReason struct {
	Text      string         `json:"text"`
	Reference *RuleReference `json:"reference,omitempty"`
}

// PrecheckPreparation is something to have ready or to know.
type PrecheckPreparation struct {
	ID    string `json:"id" example:"phone"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// PrecheckRules tells of the rules that hold where the filing is made.
type PrecheckRules struct {
	Province   string              `json:"province" doc:"Its name"`
	Total      int                 `json:"total"`
	Own        int                 `json:"own" doc:"Of the province's own packs"`
	Judged     int                 `json:"judged" doc:"By this pre-check"`
	Highlights []PrecheckHighlight `json:"highlights" doc:"Rules of the province worth knowing beforehand"`
}

// PrecheckHighlight is a rule of the province.
type PrecheckHighlight struct {
	ID        string        `json:"id"`
	Severity  icp.Severity  `json:"severity" enum:"error,warning,info"`
	Label     string        `json:"label,omitempty" doc:"The field that it is about"`
	Certain   bool          `json:"certain" doc:"It holds as told; otherwise it may matter"`
	Reference RuleReference `json:"reference"`
}

// PrecheckTime is how long the filing takes.
type PrecheckTime struct {
	Earliest *time.Time     `json:"earliest,omitempty" doc:"When it can be handed in first; missing when at once, or when somebody must act first"`
	Because  []PrecheckWait `json:"because" doc:"The longest wait first"`
	Review   int            `json:"review" doc:"Working days of the provider"`
	SMSHours int            `json:"sms_hours"`
	Least    int            `json:"least" doc:"Working days of the authority"`
	Most     int            `json:"most"`
	// Published says where Least and Most come from.
	Published  bool       `json:"published" doc:"They are what is published of the province; otherwise the ministry's rule"`
	AsOf       string     `json:"as_of,omitempty" doc:"Year, month or day of the source" example:"2022"`
	LegalMax   int        `json:"legal_max" doc:"Working days that the ministry's rule allows"`
	From       *time.Time `json:"from,omitempty" doc:"The quickest decision; missing when somebody must act first"`
	To         *time.Time `json:"to,omitempty" doc:"By what is published"`
	Latest     *time.Time `json:"latest,omitempty" doc:"By the ministry's rule"`
	KnownUntil string     `json:"known_until" doc:"Last day whose holidays are known" example:"2026-12-31"`
	Beyond     bool       `json:"beyond" doc:"The dates lie past that day, where Monday to Friday are counted"`
}

// PrecheckWait is a reason to wait.
type PrecheckWait struct {
	Text  string    `json:"text"`
	Until time.Time `json:"until"`
}

// precheckWords puts a report into words for one reader.
type precheckWords struct {
	lang   i18n.Lang
	text   texts
	tables *refdata.Tables
}

func (d *Deps) precheckView(ctx context.Context, k *precheck.Kept) PrecheckView {
	w := precheckWords{lang: d.lang(ctx), text: d.texts(ctx), tables: d.Cases.Tables}
	r := &k.Report
	verdict := "precheck.verdict." + string(r.Verdict)
	next := verdict + ".text"
	if r.Kind.DeadEnd {
		next = "precheck.verdict.blocked.dead_end"
	}
	v := PrecheckView{ID: k.ID, At: r.At, Until: k.Until, RulesVersion: r.RulesVersion, Asked: w.asked(&r.Asked), Verdict: r.Verdict,
		Title: w.text(verdict, nil), Next: w.text(next, nil), Kind: w.kind(&r.Kind), Checks: []DomainCheckResultView{},
		LicenceNo: r.Domain.LicenceNo, Findings: []PrecheckFinding{}, Papers: []PrecheckPaper{}, Preparations: []PrecheckPreparation{},
		Rules: w.rules(&r.Rules, r.Asked.Region), Time: w.time(&r.Time)}
	for _, c := range r.Domain.Checks {
		v.Checks = append(v.Checks, domainCheckResultView(c, w.text))
	}
	for i := range r.Findings {
		v.Findings = append(v.Findings, w.finding(&r.Findings[i]))
	}
	for i := range r.Papers {
		v.Papers = append(v.Papers, w.paper(&r.Papers[i]))
	}
	for _, p := range r.Preparations {
		key := "precheck.prepare." + p.ID
		v.Preparations = append(v.Preparations, PrecheckPreparation{ID: p.ID, Title: w.text(key, p.Params), Text: w.text(key+".text", p.Params)})
	}
	return v
}

// say gives a message, or an operator's own words.
func (w precheckWords) say(m precheck.Words) string {
	if m.Key != "" {
		return w.text(m.Key, m.Params)
	}
	return m.Own[string(w.lang)]
}

func (w precheckWords) asked(a *precheck.Asked) PrecheckAsked {
	lang := string(w.lang)
	v := PrecheckAsked{Domain: a.Domain.ASCII, Unicode: a.Domain.Unicode, Cut: a.Domain.SubdomainCut(), Region: a.Region, RegionName: w.region(a.Region),
		Nature: a.Nature, CertificateType: a.CertificateType, CertificateGiven: a.CertificateGiven, WebsiteName: a.WebsiteName,
		NameGiven: a.NameGiven, ServiceContent: a.ServiceContent, SubjectFiled: a.SubjectFiled}
	if n, ok := w.tables.Nature(a.Nature); ok {
		v.NatureName, v.Person = n.In(lang), n.Person
	}
	if c, ok := w.tables.CertificateType(a.CertificateType); ok {
		v.CertificateName = c.In(lang)
	}
	if c, ok := w.tables.ServiceContent(a.ServiceContent); ok {
		v.ContentName = c.In(lang)
	}
	if a.Resource.Kind != "" {
		r := PrecheckResource(a.Resource)
		v.Resource = &r
	}
	return v
}

// region names a region; of a province in the reader's language.
func (w precheckWords) region(code string) string {
	if p, ok := w.tables.Province(code); ok && p.Code == code {
		return p.In(string(w.lang))
	}
	return w.tables.RegionName(code)
}

func (w precheckWords) kind(k *precheck.Kind) PrecheckKind {
	v := PrecheckKind{Type: k.Type, Basis: k.Basis, Unsure: k.Unsure, Reason: w.say(k.Reason), Offered: k.Offered, DeadEnd: k.DeadEnd, Exits: []ExitView{}}
	if k.Basis != "" {
		v.BasisText = w.text("precheck.basis."+string(k.Basis), nil)
	}
	for _, key := range k.Exits {
		v.Exits = append(v.Exits, ExitView{ID: key[strings.LastIndex(key, ".")+1:], Title: w.text(key, nil), Text: w.text(key+".text", nil)})
	}
	return v
}

func (w precheckWords) finding(f *precheck.Finding) PrecheckFinding {
	v := PrecheckFinding{ID: f.ID, Group: f.Group, Severity: f.Severity, Field: f.Field, Message: w.say(f.Message), Remedies: []string{}, Reference: w.reference(f.Rule)}
	if f.Depends != nil {
		v.Depends = w.say(*f.Depends)
	}
	for _, r := range f.Remedy {
		v.Remedies = append(v.Remedies, w.say(r))
	}
	v.RetryAt = given(f.RetryAt)
	return v
}

// given is nil for no time.
func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (w precheckWords) reference(r *precheck.Reference) *RuleReference {
	if r == nil {
		return nil
	}
	v := &RuleReference{Text: w.say(r.About), Source: r.Source.In(string(w.lang)), AsOf: r.AsOf}
	if r.Scope != rules.National {
		v.Province = w.region(r.Scope)
	}
	return v
}

func (w precheckWords) paper(p *precheck.Paper) PrecheckPaper {
	v := PrecheckPaper{Kind: p.Kind, Label: w.text("material.kind."+string(p.Kind), nil), Website: p.Website, Required: p.Required, Certain: p.Certain,
		Reasons: []PrecheckReason{}}
	for _, r := range p.Reasons {
		v.Reasons = append(v.Reasons, PrecheckReason{Text: w.say(r.Text), Reference: w.reference(r.Rule)})
	}
	return v
}

func (w precheckWords) rules(p *precheck.Province, region string) PrecheckRules {
	v := PrecheckRules{Total: p.Total, Own: p.Own, Judged: p.Judged, Highlights: []PrecheckHighlight{}}
	if province, ok := w.tables.Province(region); ok {
		v.Province = province.In(string(w.lang))
	}
	for i := range p.Highlights {
		h := &p.Highlights[i]
		v.Highlights = append(v.Highlights, PrecheckHighlight{ID: h.Rule.ID, Severity: h.Severity, Label: rulebook.FieldLabel(h.Pointer, w.lang),
			Certain: h.Certain, Reference: *w.reference(&h.Rule)})
	}
	return v
}

func (w precheckWords) time(d *precheck.Duration) PrecheckTime {
	v := PrecheckTime{Earliest: given(d.Earliest), Because: []PrecheckWait{}, Review: d.Review, SMSHours: d.SMSHours, Least: d.Least, Most: d.Most,
		Published: d.Published, AsOf: d.AsOf, LegalMax: d.LegalMax, From: given(d.From), To: given(d.To), Latest: given(d.Latest),
		KnownUntil: d.KnownUntil, Beyond: d.Beyond}
	for _, b := range d.Because {
		v.Because = append(v.Because, PrecheckWait{Text: w.say(b.Message), Until: b.Until})
	}
	return v
}
