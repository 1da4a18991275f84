package sim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/authority/wire/wiretest"
)

// neighbour is a second provider of the same province.
const neighbour = 330012

func twoProviders(c *sim.Config) {
	c.Accounts = append(c.Accounts, sim.Account{ProviderID: neighbour, User: "nb", Password: "s3cret", Province: 330000})
}

// tell uploads a document as a provider and gives all that comes back, in one
// line for each result. Every file is held to the schemas, but for ranges that
// are the wrong way round and the like, which only the text forbids.
func (b *bench) tell(d wire.UploadData) string {
	b.t.Helper()
	profile := b.client.Profile
	document, err := profile.Encode(d)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Run("upload schema", func(t *testing.T) { wiretest.Validate(t, wiretest.UploadSchema, document) })
	sealed, err := profile.Seal(document)
	if err != nil {
		b.t.Fatal(err)
	}
	b.upload(b.channel().LastSequence+1, sealed, 0)
	return b.told()
}

// told fetches everything that waits.
func (b *bench) told() string {
	b.t.Helper()
	var lines []string
	for len(b.channel().Waiting) > 0 {
		document := b.next1()
		b.validDownload("download schema", document)
		d, err := wire.DecodeDownload(document)
		if err != nil || len(d.Unknown()) > 0 {
			b.t.Fatalf("decode %v, unknown %v", err, d.Unknown())
		}
		lines = append(lines, resultLines(&d)...)
	}
	return strings.Join(lines, "\n")
}

// as lets the client call for another account.
func (b *bench) as(id int64, user string) {
	b.t.Helper()
	b.client.Account.ProviderID, b.client.Account.User = id, user
}

// channel is that of the client's account.
func (b *bench) channel() sim.ChannelStatus {
	b.t.Helper()
	all := b.server.Channels()
	at := slices.IndexFunc(all, func(c sim.ChannelStatus) bool { return c.ProviderID == b.client.Account.ProviderID })
	return all[at]
}

// read asks a knob.
func (b *bench) read(path string, into any) {
	b.t.Helper()
	if err := json.Unmarshal([]byte(b.send(http.MethodGet, path, "", http.StatusOK)), into); err != nil {
		b.t.Fatal(err)
	}
}

func encoded(t *testing.T, text string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) validDownload(name string, document []byte) {
	b.t.Helper()
	b.t.Run(name, func(t *testing.T) { wiretest.Validate(t, wiretest.DownloadSchema, document) })
}

// next1 fetches and acknowledges the next file.
func (b *bench) next1() []byte {
	b.t.Helper()
	r, err := b.client.Download(b.t.Context())
	if err != nil || r.File == nil {
		b.t.Fatalf("download %+v, %v", r, err)
	}
	document, err := b.client.Profile.Open(r.File.Sealed())
	if err != nil {
		b.t.Fatal(err)
	}
	if a, err := b.client.DownloadAck(b.t.Context(), r.File.Name); err != nil || a.Code != 0 {
		b.t.Fatalf("ack %+v, %v", a, err)
	}
	return document
}

// resultLines writes results as kind, operation, our id, codes, and what stood
// in the way.
func resultLines(d *wire.DownloadData) (out []string) {
	if d.ICP != nil && d.ICP.Results != nil {
		for _, o := range d.ICP.Results.Operations {
			out = append(out, "ICP "+codesOf([]wire.OperationResult{o}))
		}
	}
	if d.IP != nil && d.IP.Results != nil {
		r := d.IP.Results
		for name, list := range map[string][]wire.IPResult{"source": r.Sources, "allocation": r.Allocations, "broadcast": r.Broadcasts, "own": r.Own} {
			for _, one := range list {
				line := fmt.Sprintf("%s %d/%d:", name, one.Operation, one.OurID)
				for _, c := range one.Codes {
					line += fmt.Sprintf(" %d", c.Code)
					for _, in := range c.Related {
						line += fmt.Sprintf(" (%d %s)", in.OurID, wire.IPv4Text(in.First))
					}
				}
				out = append(out, line)
			}
		}
	}
	if d.Domains != nil && d.Domains.Results != nil {
		for _, one := range d.Domains.Results.Records {
			line := fmt.Sprintf("domain %d/%d:", one.Operation, one.OurID)
			for _, c := range one.Codes {
				line += fmt.Sprintf(" %d", c.Code)
			}
			out = append(out, line)
		}
	}
	return out
}

func (b *bench) want(what, got string, want ...string) {
	b.t.Helper()
	if got != strings.Join(want, "\n") {
		b.t.Errorf("%s:\n%s\nwant\n%s", what, got, strings.Join(want, "\n"))
	}
}

func ip(last int64) int64 { return 3405803776 + last } // 203.0.113.x

func source(id, first, last int64) wire.NewIPSource {
	return wire.NewIPSource{ID: id, IPSource: wire.IPSource{First: ip(first), Last: ip(last), From: 1}}
}

func allocation(id, first, last int64, change ...func(*wire.IPAllocation)) wire.NewIPAllocation {
	a := wire.NewIPAllocation{ID: id, IPAllocation: wire.IPAllocation{First: ip(first), Last: ip(last), Mode: wire.AllocatedAndUsed, Usage: wire.UsageStatic, Date: "2026-01-01",
		User: "杭州钱塘茶叶有限公司", Nature: 4, Province: 330000, City: 330100, Street: "西湖区龙井路8号", Contact: "周小舟", Phone: "0571-88880019", Email: "zhou@example.cn"}}
	for _, c := range change {
		c(&a.IPAllocation)
	}
	return a
}

func broadcast(id, announcer, applicant int64) wire.NewIPBroadcast {
	return wire.NewIPBroadcast{ID: id, IPBroadcast: wire.IPBroadcast{Announcer: announcer, Applicant: applicant, First: ip(0), Last: ip(255)}}
}

func brought(id, first, last int64, change ...func(*wire.OwnIP)) wire.NewOwnIP {
	o := wire.NewOwnIP{ID: id, OwnIP: wire.OwnIP{First: ip(first), Last: ip(last), Usage: 1, Date: "2026-01-01", User: "某公司", Nature: 4, Province: 330000, City: 330100,
		Street: "一号", Contact: "王明", Phone: "0571-88880000", Email: "w@example.cn", Gateway: ip(1), GatewayPlace: "机房", SourceKind: 0, Source: wire.OwnIPSource{Name: "别处"}}}
	for _, c := range change {
		c(&o.OwnIP)
	}
	return o
}

func newIPs(n wire.NewIPReports) wire.UploadData {
	return wire.UploadData{IP: &wire.UploadIP{New: &n, ProviderID: provider}}
}

func sources(list ...wire.NewIPSource) wire.UploadData {
	return newIPs(wire.NewIPReports{Sources: &wire.NewIPSources{Records: list}})
}

func allocations(list ...wire.NewIPAllocation) wire.UploadData {
	return newIPs(wire.NewIPReports{Allocations: &wire.NewIPAllocations{Records: list}})
}

// ids asks the knob for the authority's ids of reports, by our id.
func (b *bench) ids(part string) map[int64]int64 {
	b.t.Helper()
	out := map[int64]int64{}
	var all map[string][]struct {
		ID    int64 `json:"id"`
		OurID int64 `json:"our_id"`
	}
	b.read("/sim/api/reports", &all)
	for _, r := range all[part] {
		out[r.OurID] = r.ID
	}
	return out
}

func TestReportsOfAddresses(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.want("an allocation without its source", b.tell(allocations(allocation(1, 8, 15))), "allocation 1/1: 2005")
	got := b.tell(newIPs(wire.NewIPReports{Sources: &wire.NewIPSources{Records: []wire.NewIPSource{source(1, 0, 127)}},
		Allocations: &wire.NewIPAllocations{Records: []wire.NewIPAllocation{allocation(1, 8, 15)}},
		Broadcasts:  &wire.NewIPBroadcasts{Records: []wire.NewIPBroadcast{broadcast(1, 2, provider)}},
		Own:         &wire.NewOwnIPs{Records: []wire.NewOwnIP{brought(1, 200, 201)}}}))
	b.want("all four kinds in one file", got, "source 1/1: 2998", "own 1/1: 2998", "allocation 1/1: 2998", "broadcast 1/1: 2998")
	b.want("the same id again", b.tell(sources(source(1, 128, 130))), "source 1/1: 2049")
	b.want("ranges that overlap", b.tell(sources(source(2, 100, 140))), "source 1/2: 2003 (1 203.0.113.0)")
	b.want("overlapping allocations", b.tell(allocations(allocation(2, 15, 16))), "allocation 1/2: 2003 (1 203.0.113.8)")
	b.want("an allocation over two sources", b.tell(newIPs(wire.NewIPReports{Sources: &wire.NewIPSources{Records: []wire.NewIPSource{source(3, 128, 140)}},
		Allocations: &wire.NewIPAllocations{Records: []wire.NewIPAllocation{allocation(3, 120, 130)}}})), "source 1/3: 2998", "allocation 1/3: 2998")
	id := b.ids("ips")
	change := wire.ChangedIPSource{AuthorityID: id[3], IPSource: wire.IPSource{First: ip(128), Last: ip(128), From: 1}}
	changed := func(c wire.ChangedIPReports) wire.UploadData {
		return wire.UploadData{IP: &wire.UploadIP{Changed: &c, ProviderID: provider}}
	}
	b.want("no such report", b.tell(changed(wire.ChangedIPReports{Sources: &wire.ChangedIPSources{Records: []wire.ChangedIPSource{{AuthorityID: 9, IPSource: change.IPSource}}}})), "source 2/0: 2055")
	deleted := wire.UploadData{IP: &wire.UploadIP{ProviderID: provider, Deleted: &wire.DeletedIPReports{
		Allocations: &wire.DeletedIPAllocations{Records: []wire.DeletedIP{{AuthorityID: 9}}}}}}
	b.want("none to delete", b.tell(deleted), "allocation 3/0: 2055")
}

// Reports are changed and taken back, a source only while nothing rests on it.
func TestReportsOfAddressesChangeAndGo(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.tell(sources(source(1, 0, 127)))
	sourceID := b.ids("ips")[1]
	b.tell(allocations(allocation(2, 8, 15)))
	allocationID := b.ids("ips")[2]
	change := func(last int64) wire.UploadData {
		return wire.UploadData{IP: &wire.UploadIP{ProviderID: provider, Changed: &wire.ChangedIPReports{Sources: &wire.ChangedIPSources{
			Records: []wire.ChangedIPSource{{AuthorityID: sourceID, IPSource: wire.IPSource{First: ip(0), Last: ip(last), From: 1}}}}}}}
	}
	b.want("a source that an allocation rests on", b.tell(change(9)), "source 2/0: 2056 (2 203.0.113.8)")
	b.want("a smaller source", b.tell(change(15)), "source 2/0: 2998")
	b.want("an allocation out of it", b.tell(allocations(allocation(3, 16, 16))), "allocation 1/3: 2005")
	drop := func(d wire.DeletedIPReports) wire.UploadData {
		return wire.UploadData{IP: &wire.UploadIP{ProviderID: provider, Deleted: &d}}
	}
	src := &wire.DeletedIPSources{Records: []wire.DeletedIP{{AuthorityID: sourceID}}}
	b.want("the source goes first", b.tell(drop(wire.DeletedIPReports{Sources: src})), "source 3/0: 2056 (2 203.0.113.8)")
	b.want("both go", b.tell(drop(wire.DeletedIPReports{Sources: src, Allocations: &wire.DeletedIPAllocations{Records: []wire.DeletedIP{{AuthorityID: allocationID}}}})),
		"allocation 3/0: 2998", "source 3/0: 2998")
	b.want("gone", b.tell(change(20)), "source 2/0: 2055")
}

func TestReportsOfAddressesAreChecked(t *testing.T) {
	t.Parallel()
	used := func(c func(*wire.IPAllocation)) wire.UploadData { return allocations(allocation(9, 8, 15, c)) }
	from := func(unit int64) wire.UploadData {
		s := source(9, 240, 241)
		s.From = unit
		return sources(s)
	}
	own := func(c func(*wire.OwnIP)) wire.UploadData {
		return newIPs(wire.NewIPReports{Own: &wire.NewOwnIPs{Records: []wire.NewOwnIP{brought(9, 248, 249, c)}}})
	}
	announced := func(announcer, applicant int64) wire.UploadData {
		return newIPs(wire.NewIPReports{Broadcasts: &wire.NewIPBroadcasts{Records: []wire.NewIPBroadcast{broadcast(9, announcer, applicant)}}})
	}
	for name, c := range map[string]struct {
		d    wire.UploadData
		code int64
	}{
		"a unit that is none":           {from(12345), 2001},
		"a source from oneself":         {from(provider), 2052},
		"a private first address":       {sources(wire.NewIPSource{ID: 9, IPSource: wire.IPSource{First: 184549375, Last: 184549377, From: 1}}), 2006},
		"a last address of multicast":   {sources(wire.NewIPSource{ID: 9, IPSource: wire.IPSource{First: ip(250), Last: 3758096385, From: 1}}), 2007},
		"a gateway at home":             {used(func(a *wire.IPAllocation) { a.Gateway = 3232235777 }), 2008},
		"a city of another province":    {used(func(a *wire.IPAllocation) { a.City = 320100 }), 2011},
		"a phone with letters":          {used(func(a *wire.IPAllocation) { a.Phone = "0571-88880O19" }), 2012},
		"a mail address without domain": {used(func(a *wire.IPAllocation) { a.Email = "zhou@local" }), 2013},
		"a nature that is none":         {used(func(a *wire.IPAllocation) { a.Nature = 998 }), 2019},
		"given to a unit that is none":  {used(func(a *wire.IPAllocation) { a.Mode, a.Target = wire.AllocatedOnward, 12345 }), 2048},
		"given to oneself":              {used(func(a *wire.IPAllocation) { a.Mode, a.Target = wire.AllocatedOnward, provider }), 2050},
		"announced by no carrier":       {announced(provider, 3), 2051},
		"applied for by nobody":         {announced(2, 12345), 2017},
		"announced for oneself":         {announced(2, 2), 2053},
		"brought from no unit":          {own(func(o *wire.OwnIP) { o.SourceKind, o.Source = 1, wire.OwnIPSource{Unit: 12345} }), 2001},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t)
			b.tell(sources(source(1, 0, 127)))
			if got := b.tell(c.d); !strings.HasSuffix(got, fmt.Sprintf("/9: %d", c.code)) {
				t.Errorf("%s, want %d", got, c.code)
			}
		})
	}
}

// What only the text forbids passes the schema, and each record has its code.
func TestReportsThatOnlyTheTextForbids(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.tell(sources(source(1, 0, 127)))
	for _, c := range []struct{ old, new, want string }{
		{"<Zzip>3405803785</Zzip>", "<Zzip>3405803783</Zzip>", "allocation 1/9: 2002"},
		{"<Dwmc>杭州钱塘茶叶有限公司</Dwmc>", "", "allocation 1/9: 2027"},
		{"<Fpfs>1</Fpfs>", "<Fpfs>2</Fpfs>", "allocation 1/9: 2027"},
	} {
		document, err := b.client.Profile.Encode(allocations(allocation(9, 8, 9)))
		if err != nil {
			t.Fatal(err)
		}
		spoilt := strings.Replace(decoded(t, document), c.old, c.new, 1)
		spoilt = strings.Replace(spoilt, "GBK", "gb18030", 1)
		sealed, err := b.client.Profile.Seal(encoded(t, spoilt))
		if err != nil {
			t.Fatal(err)
		}
		b.upload(b.channel().LastSequence+1, sealed, 0)
		b.want(c.new, b.told(), c.want)
	}
}

func TestAddressesOfOthers(t *testing.T) {
	t.Parallel()
	b := start(t, twoProviders)
	b.tell(sources(source(1, 0, 127)))
	id := b.ids("ips")[1]
	b.as(neighbour, "nb")
	as := func(d wire.UploadData) wire.UploadData { d.IP.ProviderID = neighbour; return d }
	s := source(1, 64, 70)
	b.want("a range that another has", b.tell(as(sources(s))), "source 1/1: 2056 (1 203.0.113.0)")
	s.From = provider
	b.want("which he gave", b.tell(as(sources(s))), "source 1/1: 2998")
	b.want("a report of another", b.tell(wire.UploadData{IP: &wire.UploadIP{ProviderID: neighbour, Changed: &wire.ChangedIPReports{Sources: &wire.ChangedIPSources{
		Records: []wire.ChangedIPSource{{AuthorityID: id, IPSource: s.IPSource}}}}}}), "source 2/0: 2054")
}

func TestAccessesAreJudgedByReportsOnRequest(t *testing.T) {
	t.Parallel()
	b := start(t, func(c *sim.Config) { c.NoSMS = true })
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	if r := b.server.Records()[0]; r.State != sim.InReview {
		t.Errorf("while nobody asks: %+v", r)
	}
	b.send(http.MethodPatch, "/sim/api/settings", `{"ip_reports":true}`, http.StatusOK)
	b.upload(2, b.seal(b.request("b.example.cn")), 0)
	if codes := b.failed(); !slices.Equal(codes, []int64{1063}) {
		t.Errorf("not reported: %v", codes)
	}
	b.tell(sources(source(1, 0, 127)))
	reserve := allocation(1, 7, 7)
	reserve.IPAllocation = wire.IPAllocation{First: ip(7), Last: ip(7), Mode: wire.Reserved}
	b.tell(allocations(reserve))
	b.upload(5, b.seal(b.request("c.example.cn")), 0)
	if codes := b.failed(); !slices.Equal(codes, []int64{1063}) {
		t.Errorf("reserved only: %v", codes)
	}
	b.tell(wire.UploadData{IP: &wire.UploadIP{ProviderID: provider, Changed: &wire.ChangedIPReports{Allocations: &wire.ChangedIPAllocations{
		Records: []wire.ChangedIPAllocation{{AuthorityID: b.ids("ips")[1], IPAllocation: allocation(1, 7, 7).IPAllocation}}}}}})
	b.upload(b.channel().LastSequence+1, b.seal(b.request("d.example.cn")), 0)
	if r := b.server.Records()[0]; r.State != sim.InReview {
		t.Errorf("reported: %+v", r)
	}
}
