package inventory_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/inventory"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/storetest"
)

var (
	now      = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	operator = icp.Actor{Account: "op", Party: icp.Provider, Roles: []string{access.Operator}}
	company  = icp.Actor{Account: "company", Party: icp.Applicant}
	person   = icp.Actor{Account: "person", Party: icp.Applicant}
)

type desk struct {
	*inventory.Inventory
	store *store.Store
	clock *clock.Manual
}

func newDesk(t *testing.T, s *store.Store) *desk {
	t.Helper()
	d := &desk{store: s, clock: clock.NewManual(now)}
	d.Inventory = inventory.New(s, d.clock, inventory.Defaults())
	d.update(t, func(tx *store.Tx) error {
		for _, a := range []store.Account{
			{ID: "op", Mail: "op@example.com", Roles: []string{access.Operator}},
			{ID: "company", Mail: "clerk@example.com", Name: store.RealName{Kind: "unit", Name: "北京云杉数字科技有限公司",
				CertificateType: 1, CertificateNumber: "91110108MA01ABCD3X", At: now}},
			{ID: "person", Mail: "lin@example.com", Mobile: "13800138000", Name: store.RealName{Kind: "individual", Name: "林知夏",
				CertificateType: 2, CertificateNumber: "11010519491231002X", At: now}},
		} {
			a.CreatedAt = now
			if err := tx.InsertAccount(t.Context(), &a); err != nil {
				return err
			}
		}
		return nil
	})
	return d
}

func (d *desk) update(t *testing.T, fn func(*store.Tx) error) {
	t.Helper()
	if err := d.store.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func input(id string) inventory.ServerInput {
	return inventory.ServerInput{ExternalID: id, Account: "company", Name: "官网 " + id, Region: "beijing", Mainland: true, PublicIP: "203.0.113.7",
		Billing: inventory.Prepaid, BoughtMonths: 12, ExpiresAt: now.AddDate(1, 0, 0)}
}

func (d *desk) put(t *testing.T, in inventory.ServerInput) store.Server {
	t.Helper()
	s, _, err := d.Put(t.Context(), operator, in)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// order writes a draft.
func (d *desk) order(t *testing.T, account icp.AccountID) icp.OrderID {
	t.Helper()
	id := icp.NewOrderID(now)
	d.update(t, func(tx *store.Tx) error {
		dec, err := order.Decide(icp.Order{ID: id, Account: account, Type: icp.AddWebsite, Channel: icp.ChannelWeb}, order.Create,
			icp.Actor{Account: account, Party: icp.Applicant}, order.Facts{ChannelOpen: true}, order.DefaultTerms(refdata.Builtin().Calendar()), now)
		if err != nil {
			return err
		}
		return tx.InsertOrder(t.Context(), dec)
	})
	return id
}

func (d *desk) take(ctx context.Context, account icp.AccountID, id icp.OrderID, site icp.WebsiteID, want icp.Resource) (icp.Resource, error) {
	var got icp.Resource
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		var err error
		got, err = d.Take(ctx, tx, account, id, site, want, d.clock.Now())
		return err
	})
	return got, err
}

func (d *desk) code(t *testing.T, server icp.ServerID, user string) inventory.CodeView {
	t.Helper()
	c, err := d.CreateCode(t.Context(), company, inventory.NewCode{Server: server, User: user, Note: "合作方"}, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// refused fails the test unless err has the code, its own or of a field.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	var e *icp.Error
	if !errors.As(err, &e) || e.Code != code && (len(e.Fields) == 0 || e.Fields[0].Code != code) {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestPutAddsThenUpdatesByExternalID(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.NewSQLite(t))
	first, change, err := d.Put(t.Context(), operator, input("ins-1"))
	if err != nil || change != inventory.Added {
		t.Fatalf("%s, %v", change, err)
	}
	if _, change, err = d.Put(t.Context(), operator, input("ins-1")); err != nil || change != inventory.Unchanged {
		t.Errorf("the same again: %s, %v", change, err)
	}
	in := input("ins-1")
	in.Account, in.PublicIP = "clerk@example.com", "203.0.113.8"
	second, change, err := d.Put(t.Context(), operator, in)
	if err != nil || change != inventory.Updated || second.ID != first.ID || second.PublicIP != "203.0.113.8" {
		t.Errorf("by login: %s %+v, %v", change, second, err)
	}
	_, _, err = d.Put(t.Context(), company, input("ins-2"))
	if !errors.Is(err, icp.ErrNotAllowed) {
		t.Errorf("an applicant adds a server: %v", err)
	}
	id := d.order(t, "company")
	if _, err := d.take(t.Context(), "company", id, "w1", icp.Resource{Kind: icp.ResourceServer, Server: first.ID}); err != nil {
		t.Fatal(err)
	}
	in.Account = "person"
	_, _, err = d.Put(t.Context(), operator, in)
	refused(t, err, "server.account.in_use")
}

func TestPutRefusesFaults(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.NewSQLite(t))
	for code, change := range map[string]func(*inventory.ServerInput){
		"server.external_id":        func(in *inventory.ServerInput) { in.ExternalID = "a\nb" },
		"server.account.missing":    func(in *inventory.ServerInput) { in.Account = " " },
		"server.account.unknown":    func(in *inventory.ServerInput) { in.Account = "nobody@example.com" },
		"server.name":               func(in *inventory.ServerInput) { in.Name = strings.Repeat("名", 129) },
		"server.region":             func(in *inventory.ServerInput) { in.Region = "" },
		"server.public_ip.form":     func(in *inventory.ServerInput) { in.PublicIP = "2001:db8::1" },
		"server.public_ip.private":  func(in *inventory.ServerInput) { in.PublicIP = "100.100.1.1" },
		"server.billing":            func(in *inventory.ServerInput) { in.Billing = "free" },
		"server.bought_months":      func(in *inventory.ServerInput) { in.BoughtMonths = -1 },
		"server.expires_at.missing": func(in *inventory.ServerInput) { in.ExpiresAt = time.Time{} },
	} {
		in := input("ins-1")
		change(&in)
		_, _, err := d.Put(t.Context(), operator, in)
		refused(t, err, code)
	}
	in := input("ins-1")
	in.Account = "op"
	_, _, err := d.Put(t.Context(), operator, in)
	refused(t, err, "server.account.unknown")
}

func TestLastPlaceIsTakenOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		server := d.put(t, input("ins-1"))
		const orders = 8
		ids := make([]icp.OrderID, orders)
		for i := range ids {
			ids[i] = d.order(t, "company")
		}
		errs := make([]error, orders)
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() {
				_, errs[i] = d.take(t.Context(), "company", id, "w1", icp.Resource{Kind: icp.ResourceServer, Server: server.ID})
			})
		}
		wg.Wait()
		taken := 0
		for _, err := range errs {
			if err == nil {
				taken++
				continue
			}
			refused(t, err, "resource.full")
		}
		if taken != 5 {
			t.Errorf("%d sites on a server for 5", taken)
		}
	})
}

func TestTakeAgainCountsOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.NewSQLite(t))
	server := d.put(t, input("ins-1"))
	id := d.order(t, "company")
	want := icp.Resource{Kind: icp.ResourceServer, Server: server.ID}
	for i := range 5 {
		if _, err := d.take(t.Context(), "company", id, icp.WebsiteID("w"+strconv.Itoa(i)), want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := d.take(t.Context(), "company", id, "w0", want)
	if err != nil || got.IP != "203.0.113.7" || got.Server != server.ID {
		t.Errorf("a site that holds the place already: %+v, %v", got, err)
	}
	_, err = d.take(t.Context(), "company", id, "w9", want)
	refused(t, err, "resource.full")
	_, err = d.take(t.Context(), "person", d.order(t, "person"), "w1", want)
	refused(t, err, "resource.unknown")
	_, err = d.take(t.Context(), "company", id, "w9", icp.Resource{})
	refused(t, err, "resource.missing")
	list, _, err := d.Servers(t.Context(), company, "company", "", 10)
	if err != nil || len(list) != 1 || list[0].Sites != 5 || list[0].Eligibility.OK {
		t.Errorf("%+v, %v", list, err)
	}
	d.update(t, func(tx *store.Tx) error { return d.Release(t.Context(), tx, id, "", now) })
	if list, _, _ = d.Servers(t.Context(), operator, "", "", 10); list[0].Sites != 0 {
		t.Errorf("%d sites are left", list[0].Sites)
	}
}

func TestCodeGoesFromUnusedToUsed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.NewSQLite(t))
	server := d.put(t, input("ins-1"))
	code := d.code(t, server.ID, "138 0013 8000")
	if code.Account != "person" || len(code.Text) != 16 || len(code.Display) != 19 {
		t.Fatalf("%+v", code)
	}
	_, err := d.take(t.Context(), "company", d.order(t, "company"), "w1", icp.Resource{Kind: icp.ResourceCode, Code: code.ID})
	refused(t, err, "authcode.other_account")

	id := d.order(t, "person")
	typed := icp.CodeID(strings.ToLower(code.Display))
	got, err := d.take(t.Context(), "person", id, "w1", icp.Resource{Kind: icp.ResourceCode, Code: typed})
	if err != nil || got.Code != code.ID || got.Server != server.ID || got.IP != "203.0.113.7" {
		t.Fatalf("%+v, %v", got, err)
	}
	_, err = d.take(t.Context(), "person", d.order(t, "person"), "w1", icp.Resource{Kind: icp.ResourceCode, Code: code.ID})
	refused(t, err, "authcode.in_use")
	mine, _, err := d.CodesFor(t.Context(), "person", "", 10)
	if err != nil || len(mine) != 1 || mine[0].State != store.CodeInUse || mine[0].Order != id || mine[0].Note != "" {
		t.Errorf("%+v, %v", mine, err)
	}
	own, _, err := d.OwnCodes(t.Context(), "company", "", 10)
	if err != nil || len(own) != 1 || own[0].Order != "" || own[0].Note != "合作方" {
		t.Errorf("%+v, %v", own, err)
	}
	refused(t, d.DeleteCode(t.Context(), company, code.ID, own[0].Version), "authcode.in_use")

	d.update(t, func(tx *store.Tx) error { return d.Release(t.Context(), tx, id, "w1", now) })
	if _, err = d.take(t.Context(), "person", id, "w1", icp.Resource{Kind: icp.ResourceCode, Code: code.ID}); err != nil {
		t.Fatalf("given back, it can be taken again: %v", err)
	}
	d.update(t, func(tx *store.Tx) error { return d.Filed(t.Context(), tx, id, now) })
	d.update(t, func(tx *store.Tx) error { return d.Release(t.Context(), tx, id, "", now) })
	own, _, _ = d.OwnCodes(t.Context(), "company", "", 10)
	if own[0].State != store.CodeUsed {
		t.Errorf("after the filing the code is %s", own[0].State)
	}
	refused(t, d.DeleteCode(t.Context(), company, code.ID, own[0].Version), "authcode.used")
	_, err = d.ChangeServer(t.Context(), company, code.ID, own[0].Version, server.ID)
	refused(t, err, "authcode.used")
}

func TestWhoMayMakeCodes(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.NewSQLite(t))
	server := d.put(t, input("ins-1"))
	make := func(actor icp.Actor, in inventory.NewCode, key string) error {
		_, err := d.CreateCode(t.Context(), actor, in, key)
		return err
	}
	refused(t, make(person, inventory.NewCode{Server: server.ID, User: "person"}, ""), "authcode.unit_only")
	refused(t, make(company, inventory.NewCode{Server: "none", User: "person"}, ""), "resource.unknown")
	refused(t, make(company, inventory.NewCode{Server: server.ID, User: "nobody"}, ""), "authcode.account.unknown")
	refused(t, make(company, inventory.NewCode{Server: server.ID, User: "person", Note: strings.Repeat("注", 101)}, ""), "authcode.note.too_long")
	abroad := input("ins-2")
	abroad.Mainland = false
	refused(t, make(company, inventory.NewCode{Server: d.put(t, abroad).ID, User: "person"}, ""), "resource.not_mainland")

	in := inventory.NewCode{Server: server.ID, User: "person"}
	one, err := d.CreateCode(t.Context(), company, in, "key-1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.CreateCode(t.Context(), company, in, "key-1")
	if err != nil || again.ID != one.ID {
		t.Errorf("one key made two codes: %s and %s, %v", one.ID, again.ID, err)
	}
	in.Note = "other"
	refused(t, make(company, in, "key-1"), "idempotency.other_request")
	for range 4 {
		d.code(t, server.ID, "company")
	}
	refused(t, make(company, in, ""), "authcode.full")
	if err := d.DeleteCode(t.Context(), company, one.ID, one.Version); err != nil {
		t.Fatal(err)
	}
	if err := make(company, in, ""); err != nil {
		t.Errorf("a deleted code gives its place back: %v", err)
	}
}

func TestChangeServerAndCheck(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.NewSQLite(t))
	from := d.put(t, input("ins-1"))
	other := input("ins-2")
	other.PublicIP = "203.0.113.99"
	to := d.put(t, other)
	code := d.code(t, from.ID, "person")
	id := d.order(t, "person")
	lent, err := d.take(t.Context(), "person", id, "w1", icp.Resource{Kind: icp.ResourceCode, Code: code.ID})
	if err != nil {
		t.Fatal(err)
	}
	check := func() string {
		var got string
		d.update(t, func(tx *store.Tx) error {
			o, err := tx.Order(t.Context(), id)
			if err != nil {
				return err
			}
			got, _, err = d.Check(t.Context(), tx, o, &icp.Website{ID: "w1", Resource: lent}, d.clock.Now())
			return err
		})
		return got
	}
	if got := check(); got != "" {
		t.Errorf("a good resource: %s", got)
	}
	_, err = d.ChangeServer(t.Context(), company, code.ID, code.Version, to.ID)
	refused(t, err, "stale_version")
	moved, err := d.ChangeServer(t.Context(), company, code.ID, code.Version+1, to.ID)
	if err != nil || moved.PublicIP != "203.0.113.99" {
		t.Fatalf("%+v, %v", moved, err)
	}
	if got := check(); got != "resource.moved" {
		t.Errorf("after the move: %q", got)
	}
	if lent, err = d.take(t.Context(), "person", id, "w1", icp.Resource{Kind: icp.ResourceCode, Code: code.ID}); err != nil {
		t.Fatal(err)
	}
	d.clock.Advance(340 * 24 * time.Hour)
	if got := check(); got != "resource.expiring" {
		t.Errorf("under a month left: %q", got)
	}
	mine, _, err := d.CodesFor(t.Context(), "person", "", 10)
	if err != nil || len(mine) != 1 || len(mine[0].Invalid) == 0 {
		t.Errorf("the list does not say that the code is invalid: %+v, %v", mine, err)
	}
}

func TestChoices(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.NewSQLite(t))
	advice := func(account icp.AccountID) (bool, string) {
		c, err := d.Choices(t.Context(), account)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, a := range c.Advice {
			keys = append(keys, a.Code)
		}
		return c.Ready, strings.Join(keys, " ")
	}
	if ready, got := advice("person"); ready || got != "resource.advice.code resource.advice.buy" {
		t.Errorf("nothing there: %t %s", ready, got)
	}
	short := input("ins-1")
	short.Account, short.BoughtMonths = "person", 1
	d.put(t, short)
	if ready, got := advice("person"); ready || !strings.HasPrefix(got, "resource.advice.mend") {
		t.Errorf("a server to mend: %t %s", ready, got)
	}
	code := d.code(t, d.put(t, input("ins-2")).ID, "person")
	if ready, got := advice("person"); !ready || got != "" {
		t.Errorf("a code to use: %t %s", ready, got)
	}
	if err := d.DeleteCode(t.Context(), company, code.ID, code.Version); err != nil {
		t.Fatal(err)
	}
	if ready, _ := advice("person"); ready {
		t.Error("a deleted code counts")
	}
}

const header = "external_id,account,name,region,mainland,public_ip,billing,bought_months,expires_at\n"

func TestImport(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.NewSQLite(t))
	file := header +
		"ins-1,company,官网,beijing,true,203.0.113.7,prepaid,12,2027-12-31\n" +
		"\n" +
		"ins-2,lin@example.com,博客,shanghai,是,203.0.113.8,包年包月,3,2027-06-30 12:00\n" +
		"ins-3,nobody,x,beijing,maybe,10.0.0.1,prepaid,12,soon\n" +
		"ins-4,nobody,x,beijing,true,203.0.113.9,prepaid,12,2027-12-31\n" +
		"ins-1,company,again,beijing,true,203.0.113.7,prepaid,12,2027-12-31\n" +
		"ins-5,company,按量,beijing,no,,pay_as_you_go,,\n"
	try, err := d.Import(t.Context(), operator, strings.NewReader(file), true)
	if err != nil || try.Added != 3 || try.Failed != 3 || try.Rows != 6 {
		t.Fatalf("%+v, %v", try, err)
	}
	if list, _, _ := d.Servers(t.Context(), operator, "", "", 10); len(list) != 0 {
		t.Fatalf("a trial kept %d servers", len(list))
	}
	want := map[int]string{5: "mainland:server.mainland", 6: "account:server.account.unknown", 7: "external_id:server.import.twice"}
	for _, e := range try.Errors {
		if want[e.Line] == e.Column+":"+e.Code {
			delete(want, e.Line)
		}
	}
	if len(want) != 0 {
		t.Errorf("errors %+v miss %v", try.Errors, want)
	}
	got, err := d.Import(t.Context(), operator, strings.NewReader("\ufeff"+file), false)
	if err != nil || got.Added != 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	list, _, err := d.Servers(t.Context(), company, "company", "", 10)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if end := time.Date(2027, 12, 31, 16, 0, 0, 0, time.UTC); !list[1].ExpiresAt.Equal(end) && !list[0].ExpiresAt.Equal(end) {
		t.Errorf("a date alone includes its day: %v", list[1].ExpiresAt)
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(strings.Replace(file, header, "资源编号,账号,名称,地域,中国内地,公网 IP,计费方式,购买月数,到期时间\n", 1))
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Import(t.Context(), operator, strings.NewReader(gb), false)
	if err != nil || again.Unchanged != 3 || again.Added+again.Updated != 0 {
		t.Errorf("the same file in GB18030: %+v, %v", again, err)
	}
}

func TestImportRefusesFiles(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.NewSQLite(t))
	for code, file := range map[string]string{
		"server.import.empty":          "",
		"server.import.column_missing": "external_id,account\na,b\n",
		"server.import.column_twice":   "name,名称\na,b\n",
		"server.import.encoding":       "\xff\xfee\x00x\x00",
		"server.import.too_many":       header + strings.Repeat("x\n", inventory.MaxImportRows+1),
		"server.import.too_large":      strings.Repeat("x", inventory.MaxImportBytes+1),
	} {
		_, err := d.Import(t.Context(), operator, strings.NewReader(file), false)
		refused(t, err, code)
	}
	report, err := d.Import(t.Context(), operator, strings.NewReader(header+"a\"b,c\nins-1,company,n,r,true,203.0.113.7,prepaid,12,2027-12-31\n"), false)
	if err != nil || report.Added != 1 || len(report.Errors) != 1 || report.Errors[0].Code != "server.import.quote" {
		t.Errorf("a row with a stray quote: %+v, %v", report, err)
	}
	if _, err := d.Import(t.Context(), person, strings.NewReader(header), true); !errors.Is(err, icp.ErrNotAllowed) {
		t.Errorf("an applicant imports: %v", err)
	}
}
