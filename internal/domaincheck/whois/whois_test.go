package whois

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/sim"
	"github.com/openbeian/beian/internal/icp"
)

var now = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

func name(t testing.TB, s string) domaincheck.Name {
	t.Helper()
	n, err := domaincheck.Normalize(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func sample(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestParseSamples(t *testing.T) {
	t.Parallel()
	utc := func(y, m, d, h, mi, s int) time.Time { return time.Date(y, time.Month(m), d, h, mi, s, 0, time.UTC) }
	tests := []struct {
		file, domain string
		want         Answer
	}{
		{"cnnic.txt", "yunshan.cn", Answer{Facts: domaincheck.Facts{
			Domain: "yunshan.cn", Registrar: sim.Registrar, RegistrantOrg: sim.Unit,
			// 00:30 in China is 16:30 of the day before in UTC.
			Created: utc(2024, 12, 31, 16, 30, 0), Expires: utc(2026, 12, 31, 16, 30, 0),
			Statuses: []string{"clientDeleteProhibited", "clientTransferProhibited"},
		}}},
		{"thin.txt", "yunshan.com", Answer{Referral: "whois.registrar.example", Facts: domaincheck.Facts{
			Domain: "yunshan.com", Registrar: "Example Registrar Co., Ltd.", RegistrarID: "9999",
			Created: utc(2020, 1, 2, 3, 4, 5), Expires: utc(2028, 1, 2, 3, 4, 5),
			Statuses: []string{"clientTransferProhibited", "serverHold"},
		}}},
		{"registrar.txt", "yunshan.com", Answer{Referral: "whois.registrar.example", Facts: domaincheck.Facts{
			Domain: "yunshan.com", Registrar: "Example Registrar Co., Ltd.", RegistrarID: "9999",
			RegistrantOrg: sim.Unit, RegistrantName: sim.Individual,
			Created: utc(2020, 1, 2, 3, 4, 5), Expires: utc(2030, 1, 2, 3, 4, 5),
		}}},
		{"redacted.txt", "yunshan.com", Answer{Facts: domaincheck.Facts{
			Domain: "yunshan.com", Registrar: "Example Registrar Co., Ltd.", RegistrarID: "9999", Redacted: true,
			Created: utc(2020, 1, 2, 3, 4, 5), Expires: utc(2028, 1, 2, 3, 4, 5), Statuses: []string{"ok"},
		}}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			tt.want.Origin = domaincheck.FromWHOIS
			got, err := Parse(sample(t, tt.file), name(t, tt.domain))
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", tt.want) {
				t.Errorf("got\n%+v, want\n%+v", got, tt.want)
			}
		})
	}
}

func TestParseTellsNotFoundFromNoAnswer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rule, text string
		want       error
	}{
		{"CNNIC has none", "No matching record.\r\n", icp.ErrNotFound},
		{"Verisign has none", "No match for \"YUNSHAN.CN\".\r\n>>> Last update", icp.ErrNotFound},
		{"others have none", "% terms of use: x\n\nThe queried object does not exist: no data\n", icp.ErrNotFound},
		{"too fast for CNNIC", "Queried interval is too short.", icp.ErrUnavailable},
		{"over quota, which also says not found", "Quota exceeded\nnot found", icp.ErrUnavailable},
		{"nothing", "", icp.ErrUnavailable},
		{"reserved by CNNIC", "the Domain Name you apply can not be registered online.", icp.ErrUnavailable},
		{"an HTML page that says not found further on", "<html>404 not found</html>", icp.ErrUnavailable},
		{"another domain", "Domain Name: b.cn\nRegistrar: x\n", icp.ErrUnavailable},
		{"cut off after the name", "Domain Name: yunshan.cn\nROID: 2", icp.ErrUnavailable},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			if a, err := Parse(tt.text, name(t, "yunshan.cn")); !errors.Is(err, tt.want) {
				t.Errorf("got %+v, %v; want %v", a, err, tt.want)
			}
		})
	}
}

func TestParseTakesTheNameInUnicode(t *testing.T) {
	t.Parallel()
	a, err := Parse("Domain Name：云杉数字.中国\nRegistrant：林知夏\nROID: 1\nSponsoring Registrar: x\n", name(t, "云杉数字.中国"))
	if err != nil || a.RegistrantOrg != "林知夏" {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestALineThatIsCutOffIsNotRead(t *testing.T) {
	t.Parallel()
	whole := sample(t, "cnnic.txt")
	cut := whole[:strings.Index(whole, "数字科技有限公司")]
	a, err := Parse(cut+"\nSponsoring Registrar: x\nRegistrant: 北京云杉", name(t, "yunshan.cn"))
	if err != nil || a.RegistrantOrg != "北京云杉" {
		t.Fatalf("a whole line: %+v, %v", a, err)
	}
	for i := range len(whole) {
		a, err := Parse(whole[:i], name(t, "yunshan.cn"))
		if err == nil && a.RegistrantOrg != "" && a.RegistrantOrg != sim.Unit {
			t.Errorf("cut at %d: half a name %q was read", i, a.RegistrantOrg)
		}
		if err == nil && a.Registrar != "" && a.Registrar != sim.Registrar {
			t.Errorf("cut at %d: half a registrar %q was read", i, a.Registrar)
		}
	}
}

func TestReferralIsAPlainPublicLookingHost(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"whois.godaddy.com": "whois.godaddy.com", "WHOIS.X.CN": "whois.x.cn",
		"127.0.0.1": "", "localhost": "", "whois.x.cn:25": "", "http://whois.x.cn/": "", "a..cn": "", "[::1]": "", "x.1": "",
	} {
		a, err := Parse("Domain Name: yunshan.com\nRegistrar: x\nRegistrar WHOIS Server: "+host+"\n", name(t, "yunshan.com"))
		if err != nil || a.Referral != want {
			t.Errorf("%s gives %q, %v; want %q", host, a.Referral, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range []string{"cnnic.txt", "thin.txt", "registrar.txt", "redacted.txt"} {
		f.Add([]byte(sample(f, file)))
	}
	f.Add([]byte("No match\n>>>"))
	cn, com := name(f, "yunshan.cn"), name(f, "yunshan.com")
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, n := range []domaincheck.Name{cn, com} {
			a, err := Parse(decode(raw), n)
			switch {
			case err == nil && (a.Domain != n.ASCII || strings.ContainsAny(a.Registrar+a.RegistrantOrg+a.Referral, "\n")):
				t.Fatalf("accepted as %+v", a)
			case err != nil && !errors.Is(err, icp.ErrNotFound) && !errors.Is(err, icp.ErrUnavailable):
				t.Fatalf("error of another kind: %v", err)
			}
		}
	})
}

// listen starts a WHOIS server and gives its address.
func listen(t testing.TB, serve func(ctx context.Context, ln net.Listener) error) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := serve(ctx, ln); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { cancel(); wg.Wait() })
	return ln.Addr().String()
}

// answers serves fixed bytes to everybody.
func answers(b []byte) func(context.Context, net.Listener) error {
	return func(ctx context.Context, ln net.Listener) error {
		defer context.AfterFunc(ctx, func() { _ = ln.Close() })()
		for {
			c, err := ln.Accept()
			if err != nil {
				return nil
			}
			_, _ = bufio.NewReader(c).ReadString('\n') // unread bytes would reset the connection
			_, _ = c.Write(b)
			_ = c.Close()
		}
	}
}

func client(t testing.TB, o Options) *Client {
	t.Helper()
	o.Clock = clock.NewManual(now)
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLookupAgainstTheSimulator(t *testing.T) {
	t.Parallel()
	r, err := sim.NewRegistry(sim.Options{Clock: clock.NewManual(now)})
	if err != nil {
		t.Fatal(err)
	}
	addr := listen(t, r.ServeWHOIS)
	c := client(t, Options{Server: addr, Timeout: time.Second})
	n := name(t, "云杉数字.中国")
	f, err := c.Lookup(t.Context(), n)
	if err != nil || f.Registrar != sim.Registrar || f.RegistrantOrg != sim.Unit || !f.FetchedAt.Equal(now) || f.Raw == "" {
		t.Fatalf("got %+v, %v", f, err)
	}
	if !f.Expires.Equal(now.AddDate(0, 0, 330)) {
		t.Errorf("expires %s: China's time was not read as such", f.Expires)
	}
	if _, err = c.Lookup(t.Context(), name(t, "yunshan-meiyou.cn")); !errors.Is(err, icp.ErrNotFound) {
		t.Errorf("absent: %v", err)
	}
	hold := make(chan struct{})
	faults := []struct {
		rule  string
		fault sim.Fault
		late  bool
	}{
		{"asks to come later", sim.Fault{Status: 503}, false},
		{"garbage", sim.Fault{Garbled: true}, false},
		{"another domain", sim.Fault{WrongDomain: true}, false},
		{"slower than the time-out", sim.Fault{Delay: time.Minute}, true},
		{"answers after the caller gave up", sim.Fault{Hold: hold}, true},
	}
	for _, tt := range faults {
		r.SetFault(n.ASCII, tt.fault)
		_, err := c.Lookup(t.Context(), n)
		if !errors.Is(err, icp.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) != tt.late {
			t.Errorf("%s: %v", tt.rule, err)
		}
	}
	close(hold)
	r.SetFault(n.ASCII, sim.Fault{})
	if _, err := c.Lookup(t.Context(), n); err != nil {
		t.Errorf("after the faults: %v", err)
	}
}

func TestLookupWhenNobodyListens(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	_ = ln.Close()
	if _, err := client(t, Options{Server: addr}).Lookup(t.Context(), name(t, "yunshan.cn")); !errors.Is(err, icp.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestLookupReadsGBKAndRefusesFloods(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(sample(t, "cnnic.txt"))
	if err != nil {
		t.Fatal(err)
	}
	n := name(t, "yunshan.cn")
	f, err := client(t, Options{Server: listen(t, answers([]byte(gbk)))}).Lookup(t.Context(), n)
	if err != nil || f.RegistrantOrg != sim.Unit {
		t.Errorf("GBK: %+v, %v", f, err)
	}
	flood := []byte(sample(t, "cnnic.txt") + strings.Repeat("x", maxAnswer))
	if _, err := client(t, Options{Server: listen(t, answers(flood))}).Lookup(t.Context(), n); !errors.Is(err, icp.ErrUnavailable) {
		t.Errorf("flood: %v", err)
	}
}

// book dials by name: address → what is answered there.
type book struct {
	mu    sync.Mutex
	texts map[string]string
	calls []string
}

func (b *book) dial(_ context.Context, _, address string) (net.Conn, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls = append(b.calls, address)
	text, ok := b.texts[address]
	if !ok {
		return nil, errors.New("nobody there")
	}
	near, far := net.Pipe()
	go func() {
		buf := make([]byte, 256)
		_, _ = far.Read(buf)
		_, _ = io.WriteString(far, text)
		_ = far.Close()
	}()
	return near, nil
}

func TestAThinRegistryIsFollowedToTheRegistrarOnce(t *testing.T) {
	t.Parallel()
	const verisign, registrar = "whois.verisign-grs.com:43", "whois.registrar.example:43"
	tests := []struct {
		rule      string
		registrar string
		want      string
	}{
		{"the registrar names the holder", sample(t, "registrar.txt"), sim.Unit},
		{"the registrar refers on: not followed", sample(t, "thin.txt"), ""},
		{"the registrar sends garbage", "\x00", ""},
		{"the registrar is down", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := &book{texts: map[string]string{verisign: sample(t, "thin.txt")}}
			if tt.registrar != "" {
				b.texts[registrar] = tt.registrar
			}
			f, err := client(t, Options{Dial: b.dial}).Lookup(t.Context(), name(t, "yunshan.com"))
			if err != nil || f.RegistrantOrg != tt.want {
				t.Errorf("holder %q, %v; want %q", f.RegistrantOrg, err, tt.want)
			}
			if f.Expires.Year() != 2028 {
				t.Errorf("expires %s: the registry's word must stand", f.Expires)
			}
			if !slices.Equal(b.calls, []string{verisign, registrar}) {
				t.Errorf("asked %v", b.calls)
			}
		})
	}
}

func TestServersByTLD(t *testing.T) {
	t.Parallel()
	c := client(t, Options{Servers: map[string]string{"top": "whois.example:4343", "cn": "cn.example"}})
	for tld, want := range map[string]string{
		"cn": "cn.example:43", "top": "whois.example:4343", "net": "whois.verisign-grs.com:43", "xyz": "whois.nic.xyz:43",
	} {
		if got := c.server(tld); got != want {
			t.Errorf(".%s: %s, want %s", tld, got, want)
		}
	}
}

func TestPrivateAddressesAreNotDialled(t *testing.T) {
	t.Parallel()
	addr := listen(t, answers([]byte(sample(t, "cnnic.txt"))))
	_, err := client(t, Options{Servers: map[string]string{"cn": addr}}).Lookup(t.Context(), name(t, "yunshan.cn"))
	if !errors.Is(err, icp.ErrUnavailable) || !strings.Contains(err.Error(), "not a public address") {
		t.Errorf("got %v", err)
	}
}
