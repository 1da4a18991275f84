package api

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/blob/dir"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/imaging"
	"github.com/openbeian/beian/internal/inventory"
	"github.com/openbeian/beian/internal/notify"
	"github.com/openbeian/beian/internal/notify/inbox"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/precheck"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/registry"
	"github.com/openbeian/beian/internal/rulebook"
	"github.com/openbeian/beian/internal/store"
)

// The files of these tests may be small; what is below is refused as too small.
const minBytes, minSide = 4096, 40

// furnish adds everything that cases need, real but for the world outside: a
// registry by which every domain is fileable and an authority that knows every
// subject and password.
func (s *service) furnish() {
	s.t.Helper()
	book, err := rulebook.Open(s.t.Context(), rulebook.Options{Store: s.store, Clock: s.clock, Log: s.deps.Log, Folder: s.folder, Program: "test", Tables: s.deps.Cases.Tables})
	if err != nil {
		s.t.Fatal(err)
	}
	s.deps.Rules = book
	blobs, err := dir.Open(filepath.Join(s.t.TempDir(), "blobs"), s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	d, c := &s.deps, s.deps.Cases
	d.Inventory = inventory.New(s.store, s.clock, inventory.Defaults())
	d.Registry = registry.New(s.store)
	d.Inbox = inbox.New(s.store)
	d.DomainChecks = saved.New(saved.Options{Store: s.store, Checker: everyDomain{s}, Clock: s.clock})
	d.Notify = notify.New(notify.Options{Store: s.store, Clock: s.clock, Texts: i18n.Messages(), BaseURL: d.BaseURL,
		Senders: map[notify.Medium]notify.Sender{notify.Mail: d.Inbox, notify.SMS: d.Inbox}})
	c.Blobs, c.Rules, c.Editions, c.Names = blobs, book, book, d.Accounts.NameRule
	c.Terms, c.Limits = order.DefaultTerms(refdata.Builtin().Calendar()), form.Limits{Websites: 3, UploadMinBytes: minBytes, UploadMaxBytes: 1 << 20}
	c.Pictures = imaging.DefaultLimits()
	c.Pictures.MinBytes, c.Pictures.MaxBytes, c.Pictures.MinSide = minBytes, 1<<20, minSide
	c.Notices, c.Resources, c.Domains, c.Register, c.Authority = told{d.Notify}, d.Inventory, checked{d.DomainChecks}, d.Registry, knowing{}
	file := authority.DefaultSettings()
	file.Name, file.Province, file.UploadURL, file.ISPID, file.User = "main", "110000", "http://authority.test", 1, "u"
	d.Channels, err = authority.OpenChannels(s.t.Context(), authority.ChannelsConfig{
		Config: authority.Config{Store: s.store, Blobs: blobs, Clock: s.clock, Tables: refdata.Builtin(), Cases: unheard{}},
		File:   &authority.FileChannel{ID: "main", Settings: file, Secrets: authority.ChannelSecrets{Password: "p"}}})
	if err != nil {
		s.t.Fatal(err)
	}
	d.Prechecks = precheck.New(precheck.Options{Store: s.store, Clock: s.clock, Tables: c.Tables, Checker: everyDomain{s}, Authority: standings{},
		Rules: book, Limits: d.Inventory.Limits(), Terms: c.Terms, AccountWait: 48 * time.Hour, PerHour: 5})
	if err := c.EnsureConsentTexts(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

type told struct{ service *notify.Service }

func (n told) Notify(ctx context.Context, tx *store.Tx, notice casework.Notice, at time.Time) error {
	return n.service.Notify(ctx, tx, notify.Notice(notice), at)
}

type checked struct{ checks *saved.Checks }

func (d checked) Result(ctx context.Context, tx *store.Tx, account icp.AccountID, id string, at time.Time) (casework.DomainResult, error) {
	a, err := d.checks.Result(ctx, tx, account, id, at)
	return casework.DomainResult(a), err
}

// Known tells nothing of domains, as if they had never been checked.
func (checked) Known(context.Context, *store.Tx, icp.AccountID, []string, casework.DomainNames, time.Time) (map[string]casework.DomainKnown, error) {
	return nil, nil //nolint:nilnil // an empty map
}

// everyDomain finds each domain registered and fileable.
type everyDomain struct{ s *service }

func (e everyDomain) Check(_ context.Context, r domaincheck.Request) domaincheck.Result {
	out := domaincheck.Result{Name: r.Name, At: e.s.clock.Now()}
	for _, id := range domaincheck.CheckIDs() {
		out.Checks = append(out.Checks, domaincheck.Check{ID: id, State: domaincheck.Passed, Severity: domaincheck.Fine,
			MessageKey: "domain.check." + string(id) + ".passed", Evidence: map[string]string{}})
	}
	return out
}

// knowing is an authority that knows every subject and takes every password.
type knowing struct{}

func (knowing) SubjectFiling(context.Context, int, string) (casework.Standing, string) {
	return casework.StandingFiled, ""
}

func (knowing) VerifyFiling(context.Context, icp.AccountID, string, string) (icp.FilingCheck, icp.FilingTries, error) {
	return icp.FilingMatches, icp.FilingTries{}, nil
}

func (knowing) Wake(context.Context, *store.Tx, *icp.Order) error { return nil }

// standings is that authority as pre-checks ask it.
type standings struct{}

func (standings) SubjectFiling(context.Context, int, string) precheck.Standing {
	return precheck.Standing{Filed: order.Yes}
}

// unheard stands for cases that the gateway tells nothing.
type unheard struct{ authority.Cases }

const unitName = "北京云杉数字科技有限公司"

// unit adds an applicant of a unit whose name is confirmed, with a server.
func (s *service) unit(login string) store.Account {
	s.t.Helper()
	a := s.account(login)
	a.Name = store.RealName{Kind: accounts.Unit, Name: unitName, CertificateType: icp.CertBusinessLicence,
		CertificateNumber: "91110108MA0YK7W261", At: s.clock.Now().Add(-100 * time.Hour)}
	if err := s.store.Update(s.t.Context(), func(tx *store.Tx) error {
		read, err := tx.Account(s.t.Context(), a.ID)
		if err != nil {
			return err
		}
		read.Name = a.Name
		return tx.SaveAccount(s.t.Context(), &read)
	}); err != nil {
		s.t.Fatal(err)
	}
	_, _, err := s.deps.Inventory.Put(s.t.Context(), icp.Actor{Party: icp.Provider, Roles: []string{access.Operator}}, inventory.ServerInput{
		ExternalID: "ins-" + login, Account: login, Name: "web", Region: "ap-beijing", Mainland: true, PublicIP: "203.0.113.10",
		Billing: inventory.Prepaid, BoughtMonths: 12, ExpiresAt: s.clock.Now().Add(365 * 24 * time.Hour).Truncate(time.Hour)})
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// files is a client who remembers the case that it works on.
type files struct {
	*client
	order OrderView
	tag   string
}

// answered reads an order out of a successful answer.
func (f *files) answered(r *http.Response) *files {
	f.s.t.Helper()
	if r.StatusCode >= 300 {
		f.s.t.Fatalf("refused: %d %+v", r.StatusCode, read[Problem](f.s.t, r))
	}
	f.tag = r.Header.Get("ETag")
	f.order = read[OrderView](f.s.t, r)
	if f.tag != etag(f.order.Version) {
		f.s.t.Errorf("the ETag %s of version %d", f.tag, f.order.Version)
	}
	return f
}

func (f *files) path(below string) string { return prefix + "/orders/" + string(f.order.ID) + below }

// change sends a change on the version last seen.
func (f *files) change(method, below string, body any, headers ...string) *http.Response {
	return f.do(method, f.path(below), text(f.s.t, body), append([]string{"If-Match", f.tag}, headers...)...)
}

func text(t *testing.T, body any) string {
	t.Helper()
	if body == nil {
		return ""
	}
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// begin checks a domain and begins an order on the account's server.
func (c *client) begin(domain string) *files {
	c.s.t.Helper()
	return (&files{client: c}).answered(c.create(domain, ""))
}

func (c *client) create(domain, key string) *http.Response {
	c.s.t.Helper()
	check := read[DomainCheckView](c.s.t, c.do("POST", prefix+"/domain-checks", text(c.s.t, map[string]string{"domain": domain})))
	return c.createOn(check.ID, key)
}

func (c *client) createOn(check, key string) *http.Response {
	choices := read[ChoicesView](c.s.t, c.do("GET", prefix+"/resources", ""))
	server := icp.ServerID("none")
	if len(choices.Servers) > 0 {
		server = choices.Servers[0].ID
	}
	return c.do("POST", prefix+"/orders", text(c.s.t, map[string]any{"domain_check": check,
		"resource": map[string]any{"kind": "server", "server": server}}), "Idempotency-Key", key)
}

// fill gives every answer and picture that a unit in Beijing owes.
func (f *files) fill() *files {
	f.s.t.Helper()
	f.answered(f.change("PUT", "/subject", map[string]any{
		"region": "110108", "nature": f.order.Subject.Nature, "certificate_type": f.order.Subject.CertificateType,
		"certificate_number": f.order.Subject.CertificateNumber, "name": unitName, "investor": unitName,
		"certificate_address": "北京市海淀区学院路 1 号 3 号楼 2 层 201 室", "address": "学院路 1 号 3 号楼 2 层 201 室",
		"principal": map[string]any{"name": "周明远", "role": "legal_representative", "certificate_type": 2, "certificate_number": "11010519491231002X",
			"certificate_until": "long_term", "mobile": "13800138000", "office_phone": "010-87654321",
			"emergency_phone": "13900139000", "email": "zhou@example.com"},
		"remark": "主体信息与原备案一致，法定代表人为主体负责人，联系电话工作时间可接听。"}))
	f.answered(f.change("PUT", "/filing", map[string]string{"licence_no": "京ICP备2021000001号", "password": "beian-2026"}))
	f.answered(f.change("PUT", "/websites/"+string(f.order.Websites[0].ID), site(unitName)))
	for i, kind := range []string{"subject_certificate", "principal_front", "principal_back"} {
		r := f.upload(kind, picture(60, uint64(i)))
		if r.StatusCode != http.StatusCreated {
			f.s.t.Fatalf("%s: %d %+v", kind, r.StatusCode, read[Problem](f.s.t, r))
		}
	}
	return f.answered(f.do("GET", f.path(""), ""))
}

func site(name string) map[string]any {
	return map[string]any{"name": name, "service_content": 8, "languages": []int{1}, "pre_approvals": []any{}, "same_as_subject": true,
		"principal": map[string]any{}, "remark": "公司官网，展示产品与服务、技术文档和联系方式，不涉及前置审批内容。"}
}

func (f *files) upload(kind string, file []byte, headers ...string) *http.Response {
	return f.do("POST", f.path("/materials?kind="+kind+"&name=a.png"), string(file), append([]string{"Content-Type", "application/octet-stream"}, headers...)...)
}

// consents are the texts in force as a submission names them.
func (c *client) consents() []AgreedConsent {
	var out []AgreedConsent
	for _, t := range read[SiteView](c.s.t, c.do("GET", prefix+"/site", "")).Consents {
		out = append(out, AgreedConsent{Text: t.Text, Edition: t.Edition})
	}
	return out
}

func (f *files) submit(consents []AgreedConsent, headers ...string) *http.Response {
	return f.change("POST", "/submission", map[string]any{"consents": consents}, headers...)
}

// picture makes a square picture that compresses badly.
func picture(side int, seed uint64) []byte {
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	r := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // a picture, not a secret
	for x := range side {
		for y := range side {
			img.Set(x, y, color.RGBA{R: uint8(r.UintN(256)), G: uint8(r.UintN(256)), B: uint8(r.UintN(256)), A: 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func pointers(p Problem) []string {
	var out []string
	for _, e := range p.Errors {
		out = append(out, e.Pointer)
	}
	return out
}

// faulty asserts a refusal for one field.
func faulty(t *testing.T, r *http.Response, pointer, code string) {
	t.Helper()
	p := read[Problem](t, r)
	if r.StatusCode != http.StatusUnprocessableEntity || !slices.ContainsFunc(p.Errors, func(e FieldProblem) bool {
		return e.Pointer == pointer && e.Code == code && e.Message != "" && !strings.Contains(e.Message, code)
	}) {
		t.Errorf("%d %+v, want %s %s", r.StatusCode, p, pointer, code)
	}
}
