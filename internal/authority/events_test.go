package authority_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// told records the notices to holders.
type toldNotices struct{ list []authority.Notice }

func (n *toldNotices) Notify(_ context.Context, _ *store.Tx, notice authority.Notice, _ time.Time) error {
	n.list = append(n.list, notice)
	return nil
}

func (n *toldNotices) on(_ *sim.Config, c *authority.Config) { c.Notices = n }

// kinds lists what was told, such as "authority_cancelled a1 京ICP备…".
func (n *toldNotices) kinds() (out []string) {
	for _, one := range n.list {
		out = append(out, one.Kind+" "+string(one.Account)+" "+one.Params["licence_no"])
	}
	return out
}

// happened lists the events, the oldest first.
func (b *bench) happened() []store.AuthorityEvent {
	b.t.Helper()
	var out []store.AuthorityEvent
	for cursor := store.Cursor(""); ; {
		list, next, err := b.Events(b.t.Context(), store.EventFilter{}, cursor, store.MaxPage)
		if err != nil {
			b.t.Fatal(err)
		}
		out = append(out, list...)
		if cursor = next; cursor == "" {
			slices.Reverse(out)
			return out
		}
	}
}

// only is the event there is.
func (b *bench) only(kind authority.EventKind) authority.EventDetail {
	b.t.Helper()
	all := b.happened()
	all = slices.DeleteFunc(all, func(e store.AuthorityEvent) bool { return e.Kind != string(kind) })
	if len(all) != 1 {
		b.t.Fatalf("%d events of the kind %s: %+v", len(all), kind, b.happened())
	}
	d, err := b.Event(b.t.Context(), all[0].ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

// latest is the download that came last.
func (b *bench) latest() store.Download {
	b.t.Helper()
	all := b.received()
	return all[len(all)-1]
}

func (b *bench) push(kind string, p sim.Push) {
	b.t.Helper()
	if err := b.sim.Push(kind, p); err != nil {
		b.t.Fatal(err)
	}
	b.down()
	if d := b.latest(); d.State != store.DownloadApplied || d.AckedAt.IsZero() || d.LastError != "" {
		b.t.Fatalf("download %+v", d)
	}
}

// registered puts the first seeded filing into our register, in the name of an
// account, with a server at the address of the simulator's pushes.
func (b *bench) registered(account icp.AccountID) {
	b.t.Helper()
	o := b.ready("cedar.example.cn")
	subject := b.sim.Subjects()[0]
	b.update(func(ctx context.Context, tx *store.Tx) error {
		s := store.FiledSubject{ID: "s1", Account: o.Account, LicenceNo: licence, AuthorityRef: subject.ID, Subject: o.Data.Subject, CreatedAt: tuesday, UpdatedAt: tuesday}
		if err := tx.InsertFiledSubject(ctx, &s); err != nil {
			return err
		}
		w := store.FiledWebsite{ID: "w1", SubjectID: "s1", Order: o.ID, Website: o.Data.Websites[0], FiledAt: tuesday}
		w.Website.LicenceNo, w.Website.Domain, w.Website.AuthorityRef = subject.Websites[0].Licence, "old0.example.cn", subject.Websites[0].ID
		if err := tx.InsertFiledWebsite(ctx, &w); err != nil {
			return err
		}
		if err := tx.InsertFiledAccess(ctx, store.FiledAccess{ID: "x1", WebsiteID: "w1", Server: "s1", PublicIP: "203.0.113.10", CreatedAt: tuesday}); err != nil {
			return err
		}
		return tx.InsertServer(ctx, &store.Server{ID: "srv1", ExternalID: "ins-1", Account: o.Account, Name: "web", PublicIP: "203.0.113.10", CreatedAt: tuesday, UpdatedAt: tuesday})
	})
	if account != o.Account {
		b.t.Fatalf("the account is %s", o.Account)
	}
}

const siteOf0 = licence + "-1"

// Every kind that the authority can send by itself becomes an event, with what
// is known of it here; twice and in another file it changes nothing.
func TestEveryKindOfDownloadIsAppliedOnce(t *testing.T) {
	t.Parallel()
	ip := func(inner string) sim.Push { return sim.Push{XML: "<IP>" + inner + "</IP>"} }
	for name, c := range map[string]struct {
		element string
		push    sim.Push
		kind    authority.EventKind
		state   store.EventState
		asks    bool
		due     bool
		notice  string
		about   string // licence number or domain
	}{
		"a subject is cancelled":    {"ZXSJ", sim.Push{Licence: licence, Text: "主体证照已注销"}, authority.EventCancelled, store.EventOpen, false, true, "authority_cancelled account0 " + licence, licence},
		"a website is cancelled":    {"ZXSJ", sim.Push{Licence: siteOf0}, authority.EventCancelled, store.EventOpen, false, true, "authority_cancelled account0 " + siteOf0, siteOf0},
		"a notice about a subject":  {"XGTZ", sim.Push{Licence: licence, Text: "请更新负责人手机号"}, authority.EventNotice, store.EventOpen, false, true, "authority_correction account0 " + licence, licence},
		"a notice about a website":  {"XGTZ", sim.Push{Licence: siteOf0, Text: "网站名称不符"}, authority.EventNotice, store.EventOpen, false, true, "authority_correction account0 " + siteOf0, siteOf0},
		"a check task":              {"HSRW", sim.Push{Licence: licence}, authority.EventCheckTask, store.EventOpen, true, true, "", "old0.example.cn"},
		"an access audit":           {"HCJG", sim.Push{Licence: licence, Audit: "access"}, authority.EventAudit, store.EventOpen, false, true, "authority_audit account0 " + siteOf0, siteOf0},
		"a subject audit":           {"HCJG", sim.Push{Licence: licence, Audit: "subject", Text: "证件号码有误"}, authority.EventAudit, store.EventOpen, false, true, "authority_correction account0 " + licence, licence},
		"an empty website":          {"HCJG", sim.Push{Licence: licence, Audit: "empty_shell"}, authority.EventAudit, store.EventOpen, false, true, "authority_audit account0 " + siteOf0, siteOf0},
		"a website that is not up":  {"HCJG", sim.Push{Licence: licence, Audit: "live"}, authority.EventAudit, store.EventOpen, false, true, "authority_audit account0 " + siteOf0, siteOf0},
		"an unfiled website":        {"WBAWZLB", sim.Push{Domain: "Unfiled.example.cn"}, authority.EventUnfiled, store.EventOpen, true, true, "authority_unfiled account0 unfiled.example.cn", "unfiled.example.cn"},
		"unfiled at a stranger's":   {"WBAWZLB", sim.Push{Domain: "other.example.cn", IP: "198.51.100.7"}, authority.EventUnfiled, store.EventOpen, true, true, "", "other.example.cn"},
		"an illegal access":         {"FFJRHMD", sim.Push{Domain: "bad.example.cn"}, authority.EventIllegal, store.EventOpen, false, true, "", "bad.example.cn"},
		"an IP report that failed":  {"raw", ip("<BAJG><Lyjg><Jgxx><Jgdm>2003</Jgdm><Dmms>已报备</Dmms></Jgxx><Czlx>1</Czlx><IspId>7</IspId></Lyjg></BAJG>"), authority.EventIPResult, store.EventOpen, false, false, "", ""},
		"an IP report that is good": {"raw", ip("<BAJG><Fpjg><Jgxx><Jgdm>2998</Jgdm><Dmms>成功</Dmms></Jgxx><Czlx>1</Czlx><IspId>7</IspId></Fpjg></BAJG>"), authority.EventIPResult, store.EventClosed, false, false, "", ""},
		"an IP audit":               {"raw", ip("<HCJG><Jgxx><Wb><Qsip>3405803777</Qsip><Zzip>3405803786</Zzip></Wb></Jgxx></HCJG>"), authority.EventIPAudit, store.EventOpen, false, true, "", ""},
		"a domain report":           {"raw", sim.Push{XML: "<YM><BAJG><Jg_xx><Jgxx><Jgdm>3036</Jgdm><Dmms></Dmms></Jgxx><Czlx>1</Czlx></Jg_xx></BAJG></YM>"}, authority.EventDomain, store.EventOpen, false, false, "", ""},
		"something new":             {"raw", sim.Push{XML: "<XYWJ><Neirong>其他</Neirong></XYWJ>"}, authority.EventUnknown, store.EventOpen, false, false, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := &toldNotices{}
			b := newBench(t, told.on)
			b.registered("account0")
			b.push(c.element, c.push)
			e := b.only(c.kind)
			if e.State != c.state || e.Asks != c.asks || e.DueAt.IsZero() == c.due || e.LicenceNo != c.about && e.Domain != c.about {
				t.Errorf("event %+v", e.AuthorityEvent)
			}
			if c.kind == authority.EventUnfiled && c.push.IP == "" && (e.Server != "srv1" || e.Account != "account0") {
				t.Errorf("the server is %q of %q", e.Server, e.Account)
			}
			if got := strings.Join(told.kinds(), "; "); got != c.notice {
				t.Errorf("told %q, want %q", got, c.notice)
			}
			// The same in another file; what was cancelled cannot be twice.
			b.clock.Advance(time.Minute)
			if c.element != "ZXSJ" {
				b.push(c.element, c.push)
			}
			b.only(c.kind)
			b.want("told again", len(told.list), min(1, len(c.notice)))
		})
	}
}

func TestWhatWasDealtWithAndComesAgainIsANewEvent(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	notice := sim.Push{Licence: licence, Text: "请更新"}
	b.push("XGTZ", notice)
	e := b.only(authority.EventNotice)
	if err := b.CloseEvent(t.Context(), operator, e.ID, e.Version, ""); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("closed without a reason: %v", err)
	}
	if err := b.CloseEvent(t.Context(), operator, e.ID, e.Version+1, "已通知用户"); !errors.Is(err, icp.ErrConflict) {
		t.Errorf("closed what changed meanwhile: %v", err)
	}
	if err := b.CloseEvent(t.Context(), operator, e.ID, e.Version, "已通知用户"); err != nil {
		t.Fatal(err)
	}
	if err := b.CloseEvent(t.Context(), operator, e.ID, 0, "已通知用户"); !errors.Is(err, icp.ErrNotNow) {
		t.Errorf("closed twice: %v", err)
	}
	b.want("audit", b.events("authority_event", e.ID), "operator:authority_event.closed")
	b.clock.Advance(time.Hour)
	b.push("XGTZ", notice)
	all := b.happened()
	if len(all) != 2 || all[0].State != store.EventClosed || all[0].ClosedBy != "operator" || all[0].Reason != "已通知用户" || all[1].State != store.EventOpen {
		t.Errorf("events %+v", all)
	}
}

// filing is a record of BASJ as the simulator's first subject has it.
func (b *bench) filing() wire.FiledRecord {
	b.t.Helper()
	b.push("BASJ", sim.Push{Licence: licence})
	text, err := b.DecodedDownload(b.t.Context(), b.latest().ID)
	if err != nil || !strings.Contains(text, licence) {
		b.t.Fatalf("%v\n%s", err, text)
	}
	s := b.sim.Subjects()[0]
	var rec wire.FiledRecord
	for _, kind := range []store.HeldKind{store.HeldSubject, store.HeldWebsite} {
		ref := s.ID
		if kind == store.HeldWebsite {
			ref = s.Websites[0].ID
		}
		h := b.held(kind, ref)
		if kind == store.HeldSubject {
			var in struct{ Subject wire.FiledSubject }
			err = json.Unmarshal(h.Content, &in)
			rec.Subject = in.Subject
		} else {
			var in struct{ Website wire.FiledWebsite }
			err = json.Unmarshal(h.Content, &in)
			rec.Websites = []wire.FiledWebsite{in.Website}
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	return rec
}

func (b *bench) held(kind store.HeldKind, ref int64) (h store.Held) {
	b.t.Helper()
	err := b.store.View(b.t.Context(), func(tx *store.Tx) (err error) {
		h, err = tx.Held(b.t.Context(), channel, kind, ref)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return h
}

// delivered gives one document at the next look.
func (b *bench) delivered(part wire.DownloadICP) {
	b.t.Helper()
	b.deliver(part)
	b.clock.Advance(time.Minute)
	b.down()
}

func filedData(rec wire.FiledRecord) wire.DownloadICP {
	return wire.DownloadICP{Filed: &wire.FiledData{Records: []wire.FiledRecord{rec}}}
}

func TestDataThatBecomeOtherReachTheRegisterWithBeforeAndAfter(t *testing.T) {
	t.Parallel()
	told := &toldNotices{}
	b := newBench(t, told.on)
	b.registered("account0")
	rec := b.filing()
	first := b.happened()
	told.list = nil
	rec.Websites[0].Principal.Mobile, rec.Websites[0].Name = "13911112222", "云杉新站"
	rec.Websites[0].LastChanged = "2026-11-25 10:00:00"
	rec.Websites[0].Other = []wire.Raw{{Name: "Fwlx", XML: "<Fwlx>6</Fwlx>"}}
	b.delivered(filedData(rec))
	all := b.happened()[len(first):]
	if len(all) != 1 || all[0].Kind != string(authority.EventFiled) || all[0].State != store.EventOpen || all[0].Account != "account0" || all[0].Domain != "old0.example.cn" {
		t.Fatalf("events %+v", all)
	}
	if want := []string{"Website.Name", "Website.Other", "Website.Principal.Mobile"}; !slices.Equal(all[0].Changed, want) {
		t.Errorf("changed %v, want %v", all[0].Changed, want)
	}
	e, err := b.Event(t.Context(), all[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]authority.EventRow{}
	for _, r := range e.Rows {
		rows[r.Path] = r
	}
	if r := rows["Website.Name"]; r.Before != "旧站" || r.After != "云杉新站" || !r.Changed || r.Personal {
		t.Errorf("name %+v", r)
	}
	if r := rows["Website.Principal.Mobile"]; !r.Changed || !r.Personal || strings.Contains(r.After, "3911112222") {
		t.Errorf("mobile %+v", r)
	}
	if len(e.Unknown) != 1 || !strings.HasSuffix(e.Unknown[0].Path, "/Fwlx") || e.Unknown[0].Text != "" {
		t.Errorf("unknown %+v", e.Unknown)
	}
	if _, err := b.RevealEvent(t.Context(), operator, e.ID, " "); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("revealed without a reason: %v", err)
	}
	plain, err := b.RevealEvent(t.Context(), operator, e.ID, "核对手机号")
	if err != nil || !slices.ContainsFunc(plain.Rows, func(r authority.EventRow) bool { return r.After == "13911112222" }) || plain.Unknown[0].Text != "<Fwlx>6</Fwlx>" {
		t.Errorf("revealed %v %+v", err, plain.Rows)
	}
	b.want("audit", b.events("authority_event", e.ID), "operator:authority_event.revealed")
	err = b.store.View(t.Context(), func(tx *store.Tx) error {
		w, err := tx.FiledWebsiteByLicence(t.Context(), siteOf0)
		if err == nil && (w.Website.Name != "云杉新站" || w.Website.Principal.Mobile != "13911112222" || w.Website.SameAsSubject) {
			t.Errorf("register %+v", w.Website)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.want("told", strings.Join(told.kinds(), "; "), "authority_changed account0 "+licence)

	// An older copy, and the same again, change nothing.
	b.delivered(filedData(rec))
	rec.Websites[0].Name, rec.Websites[0].LastChanged = "旧站", "2026-11-01 10:00:00"
	b.delivered(filedData(rec))
	b.want("events", len(b.happened()), len(first)+1)
	b.want("told", len(told.list), 1)
}

// A filing of an order comes by BASJ before or after GJSHS; neither is an event.
func TestFilingOfAnOrderIsNoEventInEitherOrder(t *testing.T) {
	t.Parallel()
	for name, filedFirst := range map[string]bool{"record first": true, "review first": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			o := b.sent("cedar.example.cn")
			review := wire.DownloadICP{Results: &wire.Results{Reviews: &wire.Reviews{Items: []wire.Review{{At: "2026-11-24 12:00:00", Result: wire.ReviewPassed,
				Operation: wire.ActionAddWebsite, RecordID: b.websiteID()}}}}}
			record := b.filingOf("cedar.example.cn", b.websiteID())
			parts := []wire.DownloadICP{review, filedData(record)}
			if filedFirst {
				slices.Reverse(parts)
			}
			for _, p := range parts {
				b.delivered(p)
			}
			b.want("state", b.state(o.ID), icp.StateFiled)
			for _, e := range b.happened() {
				if e.Kind == string(authority.EventFiled) && e.WebsiteRef == 990001 {
					t.Errorf("event %+v", e)
				}
			}
			b.want("held", b.held(store.HeldWebsite, 990001).LicenceNo, licence+"-2")
		})
	}
}

func (b *bench) filingOf(domain string, ourID int64) wire.FiledRecord {
	s := b.sim.Subjects()[0]
	at := "2026-11-24 12:00:00"
	return wire.FiledRecord{Subject: wire.FiledSubject{AuthorityID: s.ID, Name: s.Name, Nature: s.Nature, Address: wire.Address{Province: 110000},
		Certificate: wire.Certificate{Type: 1, Number: s.CertificateNumber, Address: "-"}, Principal: wire.DownloadPrincipal{Name: "周明远", Email: "zhou@example.com"},
		Licence: licence, FirstFiled: at, LastChanged: at},
		Websites: []wire.FiledWebsite{{OurID: ourID, AuthorityID: 990001, Name: "云杉" + domain, Languages: wire.LanguageIDs{IDs: []int64{1}},
			Domains:   []wire.FiledDomain{{AuthorityID: 990002, Name: domain}},
			Accesses:  []wire.FiledAccess{{AuthorityID: 990003, ProviderID: provider, Places: wire.PlaceIDs{IDs: []int64{1}}, Modes: wire.ModeIDs{IDs: []int64{3}}, IPs: []wire.FiledIP{{AuthorityID: 990004, First: 3405803783, Last: 3405803783}}}},
			Principal: wire.DownloadPrincipal{Name: "周明远", Mobile: "13800138000", Email: "zhou@example.com"}, Licence: licence + "-2", FirstFiled: at, LastChanged: at}}}
}

func TestACancellationEndsWhatTheRegisterHas(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.registered("account0")
	b.filing()
	site := b.sim.Subjects()[0].Websites[0]
	read := func() (w store.FiledWebsite, s store.FiledSubject, a []store.FiledAccess) {
		err := b.store.View(t.Context(), func(tx *store.Tx) (err error) {
			if w, err = tx.FiledWebsiteByLicence(t.Context(), siteOf0); err != nil {
				return err
			}
			if s, err = tx.FiledSubjectByLicence(t.Context(), licence); err != nil {
				return err
			}
			a, err = tx.FiledAccessesOf(t.Context(), w.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return w, s, a
	}
	var held struct{ Website wire.FiledWebsite }
	if err := json.Unmarshal(b.held(store.HeldWebsite, site.ID).Content, &held); err != nil {
		t.Fatal(err)
	}
	cancel := func(kind, id int64) wire.DownloadICP {
		return wire.DownloadICP{Cancelled: &wire.CancelledData{Records: []wire.CancelledRecord{{Kind: kind, RecordID: id}}}}
	}
	// Another provider's access ends: ours stays. Then the website, then the subject.
	b.delivered(cancel(wire.CancelAccess, held.Website.Accesses[0].AuthorityID))
	if w, _, a := read(); held.Website.Accesses[0].ProviderID != provider && (!w.CancelledAt.IsZero() || !a[0].CancelledAt.IsZero()) {
		t.Errorf("another's access: website %v, access %v", w.CancelledAt, a[0].CancelledAt)
	}
	b.delivered(cancel(wire.CancelWebsite, site.ID))
	if w, s, a := read(); w.CancelledAt.IsZero() || a[0].CancelledAt.IsZero() || !s.CancelledAt.IsZero() {
		t.Errorf("website: %v, access %v, subject %v", w.CancelledAt, a[0].CancelledAt, s.CancelledAt)
	}
	b.want("standing", b.held(store.HeldWebsite, site.ID).Standing, store.StandingCancelled)
	b.delivered(cancel(wire.CancelSubject, b.sim.Subjects()[0].ID))
	if _, s, _ := read(); s.CancelledAt.IsZero() {
		t.Error("the subject goes on")
	}
	n := len(b.happened())
	b.delivered(cancel(wire.CancelSubject, b.sim.Subjects()[0].ID))
	b.want("events", len(b.happened()), n)
}

func TestTheBlacklistIsKeptAndTellsOfWhatIsHere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	o := b.ready("cedar.example.cn")
	number := o.Data.Subject.CertificateNumber
	bans := []sim.Ban{{Subject: &sim.BlackSubject{Name: "北京云杉数字科技有限公司", CertificateType: 1, CertificateNumber: number}},
		{Website: &sim.BlackWebsite{Name: "黑站", Domains: []string{"black.example.cn"}}}}
	bar := func(bans ...sim.Ban) {
		t.Helper()
		b.clock.Advance(time.Minute)
		if err := b.sim.Bar(bans...); err != nil {
			t.Fatal(err)
		}
		b.down()
	}
	listed := func() (n int) {
		err := b.store.View(t.Context(), func(tx *store.Tx) error {
			subjects, err := tx.Listed(t.Context(), store.ByCertificate, []string{number})
			if err != nil {
				return err
			}
			domains, err := tx.Listed(t.Context(), store.ByDomain, []string{"black.example.cn", "white.example.cn"})
			n = len(subjects) + len(domains)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	bar(bans...)
	bar(bans...)
	b.want("listed", listed(), 2)
	all := b.happened()
	if len(all) != 2 || all[0].State != store.EventOpen || all[0].Order != o.ID || all[0].Account != o.Account || all[1].State != store.EventClosed || all[1].Domain != "black.example.cn" {
		t.Fatalf("events %+v", all)
	}
	bans[0].Lift, bans[1].Lift = true, true
	bar(bans...)
	b.want("listed after it was lifted", listed(), 0)
	b.want("events", len(b.happened()), 4)
	bans[1].Lift = false
	bar(bans[1])
	b.want("events after it came back", len(b.happened()), 5)
}

func TestMaskingKeepsWhatIsNoPersonsReadable(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.push("HSRW", sim.Push{Licence: licence})
	e := b.only(authority.EventCheckTask)
	got := map[string]string{}
	for _, r := range e.Rows {
		got[r.Path] = r.After
	}
	for path, want := range map[string]string{"Task.Subject.Name": "北********", "Task.Websites.0.Name": "旧站", "Task.Websites.0.Domains.0.Name": "old0.example.cn"} {
		if got[path] != want {
			t.Errorf("%s is %q, want %q", path, got[path], want)
		}
	}
	for path, text := range got {
		if strings.Contains(text, "91110108551385082") || strings.Contains(fmt.Sprint(text), "@example") {
			t.Errorf("%s shows %q", path, text)
		}
	}
}
