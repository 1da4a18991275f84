package authority_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/authority/wire/wiretest"
	"github.com/openbeian/beian/internal/blob"
	"github.com/openbeian/beian/internal/blob/dir"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

var tuesday = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

const (
	provider = 4711
	channel  = "beijing"
	licence  = "京ICP备2024012345号"
	password = "cedar12345"
)

var operator = icp.Actor{Account: "operator", Party: icp.Provider}

// bench is a gateway on a real database between recorded cases and a simulated
// authority.
type bench struct {
	*authority.Gateway
	t        testing.TB
	clock    *clock.Manual
	store    *store.Store
	blobs    *shakyBlobs
	cases    *cases
	sim      *sim.Server
	behind   http.Handler // what the address answers with: the simulator
	url      string
	accounts int
	content  []byte // of materials; the small picture when nil
}

type option func(*sim.Config, *authority.Config)

func newBench(t testing.TB, options ...option) *bench {
	t.Helper()
	return newBenchOn(t, storetest.NewSQLite(t), options...)
}

func newBenchOn(t testing.TB, s *store.Store, options ...option) *bench {
	t.Helper()
	b := &bench{t: t, clock: clock.NewManual(tuesday), store: s}
	folder, err := dir.Open(filepath.Join(t.TempDir(), "blobs"), tuesday)
	if err != nil {
		t.Fatal(err)
	}
	b.blobs = &shakyBlobs{Store: folder}
	b.cases = &cases{clock: b.clock, fail: map[string]error{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.behind.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	b.url = server.URL
	b.newAuthority(options...)
	b.Gateway = b.node(options...)
	return b
}

// newAuthority puts an authority that knows nothing but a few subjects at the address.
func (b *bench) newAuthority(options ...option) {
	b.t.Helper()
	c := sim.Config{Clock: b.clock, Profile: wire.V30(), Accounts: []sim.Account{{ProviderID: provider, User: "cloud", Password: "s3cret", Province: 110000}}}
	for _, o := range options {
		o(&c, &authority.Config{})
	}
	s, err := sim.New(c)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := range 5 {
		if _, err := s.Seed(sim.Subject{Licence: licenceOf(i), FilingPassword: password, Name: "北京云杉数字科技有限公司", Nature: 4, Province: 110000,
			CertificateType: 1, CertificateNumber: fmt.Sprintf("91110108551385082%d", i), Websites: []sim.Website{{Name: "旧站", Domains: []string{fmt.Sprintf("old%d.example.cn", i)}}}}); err != nil {
			b.t.Fatal(err)
		}
	}
	b.sim, b.behind = s, s
}

func licenceOf(i int) string { return fmt.Sprintf("京ICP备202401234%d号", 5+i) }

// node makes a process's gateway on the bench's database.
func (b *bench) node(options ...option) *authority.Gateway {
	b.t.Helper()
	client, err := soap.New(b.url, soap.Account{ProviderID: provider, User: "cloud", Password: "s3cret"}, wire.V30())
	if err != nil {
		b.t.Fatal(err)
	}
	c := authority.Config{Store: b.store, Blobs: b.blobs, Clock: b.clock, Tables: refdata.Builtin(), Cases: b.cases,
		Channel: authority.Channel{ID: channel, Name: "北京", Client: client, Poll: time.Minute}}
	for _, o := range options {
		o(&sim.Config{Accounts: []sim.Account{{}}}, &c)
	}
	g, err := authority.New(c)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := g.Start(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	return g
}

func (b *bench) update(fn func(context.Context, *store.Tx) error) {
	b.t.Helper()
	if err := b.store.Update(b.t.Context(), func(tx *store.Tx) error { return fn(b.t.Context(), tx) }); err != nil {
		b.t.Fatal(err)
	}
}

// ready makes an order of a new account that waits for its file.
func (b *bench) ready(domain string, change ...func(*icp.Order)) *icp.Order {
	b.t.Helper()
	i := b.accounts
	b.accounts++
	account := store.Account{ID: icp.AccountID(fmt.Sprintf("account%d", i)), Mail: fmt.Sprintf("a%d@example.com", i), PasswordHash: "x", Lang: "zh-CN", CreatedAt: tuesday}
	b.update(func(ctx context.Context, tx *store.Tx) error { return tx.InsertAccount(ctx, &account) })
	return b.readyOf(account.ID, licenceOf(i), domain, change...)
}

func (b *bench) readyOf(account icp.AccountID, licence, domain string, change ...func(*icp.Order)) *icp.Order {
	b.t.Helper()
	b.clock.Advance(time.Second) // the order of the queue is that of their making
	person := icp.Principal{Name: "周明远", CertificateType: icp.CertResidentID, CertificateNumber: "11010519491231002X",
		Mobile: "13800138000", OfficePhone: "010-87654321", Email: "zhou@example.com"}
	o := icp.Order{ID: icp.NewOrderID(tuesday), Account: account, Type: icp.AddWebsite, Channel: icp.ChannelWeb}
	o.Data.Subject = icp.Subject{Region: "110108", Nature: icp.NatureEnterprise, CertificateType: 1, CertificateNumber: "91110108551385082Q",
		Name: "北京云杉数字科技有限公司", Principal: person}
	o.Data.Filing = icp.ExistingFiling{LicenceNo: licence, PasswordDigest: wire.V30().FilingPasswordHash(password)}
	o.Data.Calls = []icp.Call{{At: tuesday, Round: 1, Outcome: icp.CallReached}}
	o.Data.Websites = []icp.Website{website("w1", domain, person)}
	for _, f := range change {
		f(&o)
	}
	b.update(func(ctx context.Context, tx *store.Tx) error {
		d, err := order.Decide(o, order.Create, icp.Actor{Account: account, Party: icp.Applicant}, order.Facts{ChannelOpen: true}, b.cases.terms(), b.clock.Now())
		if err != nil {
			return err
		}
		return tx.InsertOrder(ctx, d)
	})
	for _, kind := range []icp.MaterialKind{icp.MaterialSubjectCertificate, icp.MaterialPrincipalFront, icp.MaterialPrincipalBack} {
		content := b.content
		if content == nil {
			content = picture()
		}
		b.material(o.ID, kind, "", content)
	}
	b.decide(o.ID, order.Submit, icp.Actor{Account: account, Party: icp.Applicant}, order.Facts{Consented: true})
	return b.decide(o.ID, order.Approve, icp.Actor{Account: "reviewer", Party: icp.Provider}, order.Facts{})
}

func website(id icp.WebsiteID, domain string, person icp.Principal) icp.Website {
	return icp.Website{ID: id, Name: "云杉" + domain, Domain: domain, HomeURL: "www." + domain, ServiceContent: 8, Languages: []int{1},
		Resource: icp.Resource{Kind: icp.ResourceServer, Server: "s1", IP: "203.0.113.7"}, SameAsSubject: true, Principal: person}
}

func (b *bench) decide(id icp.OrderID, a order.Action, by icp.Actor, facts order.Facts) *icp.Order {
	b.t.Helper()
	var o *icp.Order
	b.update(func(ctx context.Context, tx *store.Tx) (err error) {
		o, err = b.cases.decide(ctx, tx, id, a, by, facts)
		return err
	})
	return o
}

// material adds a picture as casework does.
func (b *bench) material(id icp.OrderID, kind icp.MaterialKind, site icp.WebsiteID, content []byte) {
	b.t.Helper()
	m := icp.Material{ID: icp.MaterialID(icp.NewID(tuesday)), Order: id, Kind: kind, Website: site, MediaType: "image/png", At: tuesday}
	m.BlobKey = "material-" + string(m.ID)
	b.update(func(ctx context.Context, tx *store.Tx) error {
		key, err := tx.OrderKey(ctx, id)
		if err != nil {
			return err
		}
		var sealed bytes.Buffer
		w, err := key.SealStream(&sealed, []byte(m.BlobKey))
		if err != nil {
			return err
		}
		_, err = w.Write(content)
		if err = errors.Join(err, w.Close()); err != nil {
			return err
		}
		if _, err := b.blobs.Put(ctx, m.BlobKey, &sealed); err != nil {
			return err
		}
		return tx.InsertMaterial(ctx, &m)
	})
}

// up and down run the gateway once.
func (b *bench) up() {
	b.t.Helper()
	if err := b.Upload(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) down() {
	b.t.Helper()
	if err := b.Poll(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// pause lets the longest pause between two tries pass.
func (b *bench) pause() { b.clock.Advance(16 * time.Minute) }

func (b *bench) state(id icp.OrderID) icp.State { b.t.Helper(); return b.order(id).State }

func (b *bench) order(id icp.OrderID) *icp.Order {
	b.t.Helper()
	var o *icp.Order
	if err := b.store.View(b.t.Context(), func(tx *store.Tx) (err error) {
		o, err = tx.Order(b.t.Context(), id)
		return err
	}); err != nil {
		b.t.Fatal(err)
	}
	return o
}

func (b *bench) want(what string, got, want any) {
	b.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// row gives the channel as it stands.
func (b *bench) row() store.AuthorityChannel {
	b.t.Helper()
	list, err := b.Channels(b.t.Context())
	if err != nil || len(list) != 1 {
		b.t.Fatal(list, err)
	}
	return list[0]
}

func (b *bench) files() []store.Upload {
	b.t.Helper()
	list, _, err := b.Uploads(b.t.Context(), "", 100)
	if err != nil {
		b.t.Fatal(err)
	}
	slices.SortStableFunc(list, func(x, y store.Upload) int { return int(x.Sequence - y.Sequence) })
	return list
}

func (b *bench) received() []store.Download {
	b.t.Helper()
	list, _, err := b.Downloads(b.t.Context(), "", 100)
	if err != nil {
		b.t.Fatal(err)
	}
	slices.Reverse(list)
	return list
}

func (b *bench) misbehave(f ...sim.Fault) {
	b.t.Helper()
	if err := b.sim.Misbehave(f...); err != nil {
		b.t.Fatal(err)
	}
}

// lastDocument is the last file as the authority has it.
func (b *bench) lastDocument() []byte {
	b.t.Helper()
	r, err := b.Channel.Client.QueryPreviousUpload(b.t.Context())
	if err != nil || r.File == nil {
		b.t.Fatal(r, err)
	}
	document, err := wire.V30().Open(wire.Sealed{BeianInfo: r.File.BeianInfo, BeianInfoHash: r.File.BeianInfoHash})
	if err != nil {
		b.t.Fatal(err)
	}
	return document
}

// valid checks the last file by the ministry's schema, where that is at hand.
func (b *bench) valid() {
	b.t.Helper()
	document := b.lastDocument()
	b.t.(*testing.T).Run("schema", func(t *testing.T) { wiretest.Validate(t, wiretest.UploadSchema, document) }) //nolint:forcetypeassert // only tests look at files
}

// picture is a small picture with noise.
var picture = sync.OnceValue(func() []byte {
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
})

// cases records what the gateway tells, and moves orders by the real table. A
// method fails once for which fail has an error.
type cases struct {
	clock *clock.Manual
	mu    sync.Mutex
	told  []string
	fail  map[string]error
	// unfit are the orders that newer rules object to.
	unfit map[icp.OrderID]bool
}

func (c *cases) terms() order.Terms { return order.DefaultTerms(refdata.Builtin().Calendar()) }

// decide saves an action of the table.
func (c *cases) decide(ctx context.Context, tx *store.Tx, id icp.OrderID, a order.Action, by icp.Actor, facts order.Facts) (*icp.Order, error) {
	o, err := tx.Order(ctx, id)
	if err != nil {
		return nil, err
	}
	return c.save(ctx, tx, o, a, by, facts)
}

func (c *cases) save(ctx context.Context, tx *store.Tx, o *icp.Order, a order.Action, by icp.Actor, facts order.Facts) (*icp.Order, error) {
	d, err := order.Decide(*o, a, by, facts, c.terms(), c.clock.Now())
	if err != nil {
		return nil, err
	}
	return d.Order(), tx.SaveDecision(ctx, d)
}

// take is one step: told, and a change of state where the state allows it.
func (c *cases) take(ctx context.Context, tx *store.Tx, id icp.OrderID, what string, a order.Action, from ...icp.State) error {
	name, _, _ := strings.Cut(what, " ")
	c.mu.Lock()
	err := c.fail[name]
	delete(c.fail, name)
	c.mu.Unlock()
	o, readErr := tx.Order(ctx, id)
	if err := errors.Join(err, readErr); err != nil {
		return err
	}
	if !slices.Contains(from, o.State) {
		return nil
	}
	if _, err := c.save(ctx, tx, o, a, icp.Actor{Party: icp.System}, order.Facts{}); err != nil {
		return err
	}
	c.note(what)
	return nil
}

func (c *cases) note(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told = append(c.told, what)
}

func (c *cases) failOnce(method string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail[method] = err
}

func (c *cases) Recheck(ctx context.Context, tx *store.Tx, id icp.OrderID) (bool, error) {
	if !c.unfit[id] {
		return false, nil
	}
	if err := c.Batched(ctx, tx, id, 0); err != nil {
		return false, err
	}
	return true, c.take(ctx, tx, id, "unfit", order.BounceToProvider, icp.StateSubmitting)
}

func (c *cases) Batched(ctx context.Context, tx *store.Tx, id icp.OrderID, n int64) error {
	return c.take(ctx, tx, id, fmt.Sprint("batched ", n), order.Batch, icp.StateReady)
}

func (c *cases) Accepted(ctx context.Context, tx *store.Tx, id icp.OrderID, n int64) error {
	return c.take(ctx, tx, id, fmt.Sprint("accepted ", n), order.Accept, icp.StateSubmitting)
}

func (c *cases) Refused(ctx context.Context, tx *store.Tx, id icp.OrderID, code int) error {
	return c.take(ctx, tx, id, fmt.Sprint("refused ", code), order.Refuse, icp.StateSubmitting)
}

func (c *cases) Bounced(ctx context.Context, tx *store.Tx, id icp.OrderID, errs []authority.DataError) error {
	what := "bounced"
	for _, e := range errs {
		what += fmt.Sprintf(" %d %s", e.Code, e.Pointer)
	}
	return c.take(ctx, tx, id, what, order.BounceToProvider, icp.StateSubmitting, icp.StateSMSPending, icp.StateAuthorityReview)
}

func (c *cases) Results(ctx context.Context, tx *store.Tx, id icp.OrderID, subject string, results []authority.SiteResult) error {
	inReview := []icp.State{icp.StateSubmitting, icp.StateSMSPending, icp.StateAuthorityReview, icp.StateReturnedToProvider}
	what, action, numbered := "results "+subject, order.NoteResult, 0
	for _, r := range results {
		what += fmt.Sprintf(" %s %t %s %s", r.Website, r.Approved, r.Opinion, r.LicenceNo)
		if !r.Approved {
			action = order.AuthorityReject
		}
		if r.LicenceNo != "" {
			numbered++
		}
	}
	o, err := tx.Order(ctx, id)
	if err != nil {
		return err
	}
	if numbered == len(o.Data.Websites) {
		action = order.AuthorityApprove
	} else if action == order.NoteResult && o.State == icp.StateSMSPending {
		action = order.PassSMS
	}
	return c.take(ctx, tx, id, what, action, inReview...)
}

// shakyBlobs fails where it is told to.
type shakyBlobs struct {
	blob.Store
	mu      sync.Mutex
	failing func(op, key string) error
}

func (s *shakyBlobs) when(f func(op, key string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = f
}

func (s *shakyBlobs) check(op, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing == nil {
		return nil
	}
	return s.failing(op, key)
}

func (s *shakyBlobs) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	if err := s.check("put", key); err != nil {
		return 0, err
	}
	return s.Store.Put(ctx, key, r)
}

func (s *shakyBlobs) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := s.check("open", key); err != nil {
		return nil, err
	}
	return s.Store.Open(ctx, key)
}

var errDied = errors.New("the process died here")
