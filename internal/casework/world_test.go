package casework_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/blob/dir"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/imaging"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

// tuesday is a working day at noon in China.
var tuesday = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

var (
	reviewer  = icp.Actor{Account: "reviewer", Party: icp.Provider, Roles: []string{"reviewer"}}
	colleague = icp.Actor{Account: "colleague", Party: icp.Provider, Roles: []string{"reviewer"}}
)

// world is a Cases on a real database with fakes around it that record.
type world struct {
	*casework.Cases
	clock     *clock.Manual
	applicant icp.Actor
	stranger  icp.Actor
	notices   *notices
	resources *resources
	register  *register
	authority *authority
	rules     *judge
	domains   domains
	known     *checks
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldOn(t, storetest.NewSQLite(t))
}

func newWorldOn(t testing.TB, s *store.Store) *world {
	t.Helper()
	blobs, err := dir.Open(filepath.Join(t.TempDir(), "blobs"), tuesday)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{clock: clock.NewManual(tuesday), notices: &notices{}, resources: &resources{lent: map[icp.WebsiteID]icp.Resource{}}, register: &register{},
		authority: &authority{standing: casework.StandingFiled, answer: icp.FilingMatches}, rules: &judge{version: "test-1"}, domains: domains{}, known: &checks{}}
	pictures := imaging.DefaultLimits()
	pictures.MinBytes = 1
	w.Cases = &casework.Cases{Store: s, Blobs: blobs, Clock: w.clock, Tables: refdata.Builtin(),
		Terms: order.DefaultTerms(refdata.Builtin().Calendar()), Limits: form.Limits{Websites: 3, UploadMinBytes: 1, UploadMaxBytes: 8 << 20},
		Pictures: pictures, Rules: w.rules, Notices: w.notices, Resources: w.resources, Domains: struct {
			domains
			*checks
		}{w.domains, w.known}, Authority: w.authority,
		Register: w.register, Names: func(a *store.Account, _ time.Time) error {
			if a.Name.Kind == "" {
				return icp.E(icp.NotNow, "name.missing")
			}
			return nil
		}}
	w.applicant = w.account(t, "yunshan@example.com", store.RealName{Kind: "unit", Name: "北京云杉数字科技有限公司",
		CertificateType: icp.CertBusinessLicence, CertificateNumber: "91110108551385082Q", At: tuesday})
	w.stranger = w.account(t, "other@example.com", store.RealName{Kind: "individual", Name: "林知夏",
		CertificateType: icp.CertResidentID, CertificateNumber: "11010519491231002X", At: tuesday})
	for _, id := range []string{"terms", "privacy"} {
		w.update(t, func(tx *store.Tx) error {
			return tx.PublishConsentText(t.Context(), &store.ConsentText{ID: id, Edition: 1, TitleZH: id, BodyZH: id, PublishedAt: tuesday})
		})
	}
	return w
}

func (w *world) update(t testing.TB, fn func(*store.Tx) error) {
	t.Helper()
	if err := w.Store.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func (w *world) account(t testing.TB, mail string, name store.RealName) icp.Actor {
	t.Helper()
	a := store.Account{ID: icp.AccountID(icp.NewID(tuesday)), Mail: mail, PasswordHash: "x", Lang: "zh-CN", Name: name, CreatedAt: tuesday}
	w.update(t, func(tx *store.Tx) error { return tx.InsertAccount(t.Context(), &a) })
	return icp.Actor{Account: a.ID, Party: icp.Applicant}
}

// begin makes a draft for a domain.
func (w *world) begin(t testing.TB, domain string) *icp.Order {
	t.Helper()
	o, err := w.Create(t.Context(), w.applicant, casework.NewOrder{DomainCheck: domain, Channel: icp.ChannelWeb,
		Resource: icp.Resource{Kind: icp.ResourceServer, Server: "s1"}})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// filled makes a draft that can be submitted.
func (w *world) filled(t testing.TB, domains ...string) *icp.Order {
	t.Helper()
	o := w.begin(t, domains[0])
	for _, d := range domains[1:] {
		o = must(w.AddWebsite(t.Context(), w.applicant, o.ID, o.Version, d, icp.Resource{Kind: icp.ResourceServer, Server: "s1"}, ""))(t)
	}
	s := o.Data.Subject
	s.Region, s.CertificateAddress, s.Address, s.Investor = "110108", "北京市海淀区学院路 1 号", "学院路 1 号 2 层", s.Name
	s.Principal = icp.Principal{Name: "周明远", CertificateType: icp.CertResidentID, CertificateNumber: "11010519491231002X",
		CertificateUntil: "2036-01-01", Role: icp.RoleLegal, Mobile: "13800138000", OfficePhone: "010-87654321", EmergencyPhone: "13900139000", Email: "zhou@example.com"}
	o = must(w.UpdateSubject(t.Context(), w.applicant, o.ID, o.Version, s))(t)
	o = must(w.CheckFiling(t.Context(), w.applicant, o.ID, o.Version, "京ICP备2024012345号", "secret"))(t)
	for _, site := range slices.Clone(o.Data.Websites) {
		site.Name, site.ServiceContent, site.Remark = "云杉数字", 8, "公司产品资料"
		o = must(w.UpdateWebsite(t.Context(), w.applicant, o.ID, o.Version, site))(t)
	}
	for _, kind := range []icp.MaterialKind{icp.MaterialSubjectCertificate, icp.MaterialPrincipalFront, icp.MaterialPrincipalBack} {
		var err error
		if o, _, err = w.AddMaterial(t.Context(), w.applicant, o.ID, casework.NewMaterial{Kind: kind, FileName: string(kind) + ".png", Bytes: picture()}); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// agreed are the consents in force.
var agreed = []casework.AgreedText{{Text: "terms", Edition: 1}, {Text: "privacy", Edition: 1}}

// submitted makes an order in the provider's review.
func (w *world) submitted(t testing.TB, domains ...string) *icp.Order {
	t.Helper()
	o := w.filled(t, domains...)
	return must(w.Submit(t.Context(), w.applicant, o.ID, o.Version, handedIn("", agreed...)))(t)
}

// accepted makes an order that the authority has.
func (w *world) accepted(t testing.TB, domains ...string) *icp.Order {
	t.Helper()
	o := w.submitted(t, domains...)
	must(w.Claim(t.Context(), reviewer, o.ID))(t)
	o = must(w.RecordCall(t.Context(), reviewer, o.ID, "/subject/principal", icp.CallReached, "", ""))(t)
	must(w.Approve(t.Context(), reviewer, o.ID, o.Version))(t)
	w.update(t, func(tx *store.Tx) error { return w.Batched(t.Context(), tx, o.ID, 1) })
	w.update(t, func(tx *store.Tx) error { return w.Accepted(t.Context(), tx, o.ID, 1) })
	return must(w.Order(t.Context(), w.applicant, o.ID))(t)
}

// must unwraps a result or ends the test.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// picture gives a small picture that compresses badly.
func picture() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 60, 40))
	r := rand.New(rand.NewPCG(1, 2))
	for x := range 60 {
		for y := range 40 {
			img.Set(x, y, color.RGBA{R: uint8(r.UintN(256)), G: uint8(r.UintN(256)), B: uint8(r.UintN(256)), A: 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// judge is what the tests' rules say, and what they were told.
type judge struct {
	version  string
	says     rules.Result
	outcomes []rules.Outcome
	told     rules.Facts
}

func (j *judge) Evaluate(c rules.Case, _ time.Time) rules.Result {
	j.told = c.Facts
	return j.says
}

func (j *judge) Outcomes(rules.Case, time.Time) []rules.Outcome { return j.outcomes }
func (j *judge) Version() string                                { return j.version }

// handedIn is a submission.
func handedIn(key string, consents ...casework.AgreedText) casework.Submission {
	return casework.Submission{Agreed: consents, IdempotencyKey: key}
}

// notices records what would be told once the transaction commits.
type notices struct {
	mu   sync.Mutex
	sent []casework.Notice
}

func (n *notices) Notify(_ context.Context, _ *store.Tx, notice casework.Notice, _ time.Time) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sent = append(n.sent, notice)
	return nil
}

func (n *notices) kinds() []string {
	var out []string
	for _, x := range n.sent {
		out = append(out, x.Kind)
	}
	return out
}

// resources lends anything and remembers who has it.
type resources struct {
	lent  map[icp.WebsiteID]icp.Resource
	filed []icp.OrderID
	unfit string
}

func (r *resources) Take(_ context.Context, _ *store.Tx, _ icp.AccountID, _ icp.OrderID, site icp.WebsiteID, want icp.Resource, _ time.Time) (icp.Resource, error) {
	want.IP = "203.0.113.7"
	r.lent[site] = want
	return want, nil
}

func (r *resources) Check(context.Context, *store.Tx, *icp.Order, *icp.Website, time.Time) (string, map[string]string, error) {
	return r.unfit, nil, nil
}

func (r *resources) Release(_ context.Context, _ *store.Tx, _ icp.OrderID, site icp.WebsiteID, _ time.Time) error {
	if site == "" {
		clear(r.lent)
	}
	delete(r.lent, site)
	return nil
}

func (r *resources) Filed(_ context.Context, _ *store.Tx, id icp.OrderID, _ time.Time) error {
	r.filed = append(r.filed, id)
	return nil
}

// domains says that every domain can be filed, except those it lists.
type domains map[string]casework.DomainResult

func (d domains) Result(_ context.Context, _ *store.Tx, _ icp.AccountID, id string, _ time.Time) (casework.DomainResult, error) {
	if r, ok := d[id]; ok {
		return r, nil
	}
	return casework.DomainResult{ID: id, Domain: id, HomeURL: "www." + id, Fileable: true}, nil
}

// checks are what the newest check of each domain found out.
type checks struct {
	found map[string]casework.DomainKnown
	of    casework.DomainNames // that were asked about last
}

func (c *checks) Known(_ context.Context, _ *store.Tx, _ icp.AccountID, _ []string, of casework.DomainNames, _ time.Time) (map[string]casework.DomainKnown, error) {
	c.of = of
	return c.found, nil
}

type authority struct {
	standing  casework.Standing
	licenceNo string
	answer    icp.FilingCheck
	tries     icp.FilingTries
	woken     int
	asked     []string // certificate numbers
}

func (a *authority) SubjectFiling(_ context.Context, _ int, number string) (casework.Standing, string) {
	a.asked = append(a.asked, number)
	return a.standing, a.licenceNo
}

func (a *authority) VerifyFiling(context.Context, icp.AccountID, string, string) (icp.FilingCheck, icp.FilingTries, error) {
	return a.answer, a.tries, nil
}

func (a *authority) Wake(context.Context, *store.Tx, *icp.Order) error {
	a.woken++
	return nil
}

// register remembers the licence numbers that were published.
type register struct{ published []string }

func (r *register) Publish(_ context.Context, _ *store.Tx, o *icp.Order, _ time.Time) error {
	for i := range o.Data.Websites {
		if n := o.Data.Websites[i].LicenceNo; n != "" {
			r.published = append(r.published, n)
		}
	}
	return nil
}

func (r *register) SubjectHere(context.Context, *store.Tx, icp.AccountID, string) (string, icp.Subject, bool, error) {
	return "", icp.Subject{}, false, nil
}
