package sim_test

import (
	"bytes"
	"html"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/authority/wire/wiretest"
)

// listener keeps what the server answers.
type listener struct {
	mu      sync.Mutex
	answers []string
}

// RoundTrip sends a request on and keeps the answer's body.
func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return res, err
	}
	b, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(b))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers = append(l.answers, string(b))
	return res, err
}

var (
	replySchemas = map[string]string{"isp_upload": wiretest.UploadReplySchema, "isp_download": wiretest.DownloadReplySchema, "isp_downloadack": wiretest.AckReplySchema,
		"isp_querypreviousupload": wiretest.PreviousReplySchema, "isp_querybeianstatus": wiretest.StatusReplySchema}
	answerForm = regexp.MustCompile(`(?s)<ns2:(\w+)Response [^>]*><return>(.*)</return>`)
)

// TestRepliesAreValidUnderTheirSchemas looks at the reply of every method code,
// and of each method. Only isp_verifybamm has no schema.
func TestRepliesAreValidUnderTheirSchemas(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	check := func(t *testing.T, l *listener) {
		for _, a := range l.answers {
			m := answerForm.FindStringSubmatch(a)
			if m == nil {
				t.Fatalf("answer %s", a)
			}
			schema, ok := replySchemas[m[1]]
			if text := html.UnescapeString(m[2]); ok && !seen[text] {
				seen[text] = true
				wiretest.ValidateReply(t, schema, text)
			}
		}
	}
	for _, c := range methodCodes {
		b, l := start(t, func(cfg *sim.Config) {
			if c.set != nil {
				c.set(cfg)
			}
		}), &listener{}
		b.client.HTTP.Transport = l
		if _, err := c.call(b); err != nil {
			t.Fatal(err)
		}
		check(t, l)
	}
	b, l := start(t), &listener{}
	b.client.HTTP.Transport = l
	ask := func(_ any, err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	ask(b.client.QueryPreviousUpload(t.Context()))
	b.upload(1, b.seal(b.request("a.example.cn")), 0)
	ask(b.client.QueryPreviousUpload(t.Context()))
	for kind, conditions := range map[wire.QueryKind][]string{wire.QueryDomain: {"old.example.cn", "none.example.cn", "x"}, 1: {"91330100MA27XF4W0B", "91330100MA00000000"}, 99: {"xxxxx"}} {
		for _, condition := range conditions {
			ask(b.client.QueryBeianStatus(t.Context(), kind, condition))
		}
	}
	check(t, l)
	if len(seen) < 20 {
		t.Errorf("only %d different replies", len(seen))
	}
}

// pushed are downloads that the authority sends on its own account, by knob.
var pushed = map[string]struct{ path, body, has string }{
	"JCDM whole":         {"base-codes", ``, "<Dwxz_xx>"},
	"ZXSJ of a subject":  {"push/ZXSJ", `{"licence":"` + licence + `","text":"主办单位注销 <1>"}`, "<Zxlb>0</Zxlb>"},
	"ZXSJ of a website":  {"push/ZXSJ", `{"licence":"` + licence + `-1"}`, "<Zxlb>1</Zxlb>"},
	"XGTZ":               {"push/XGTZ", ``, "<Tzlb>0</Tzlb>"},
	"XGTZ of a website":  {"push/XGTZ", `{"licence":"` + licence + `-1","text":"首页未悬挂备案号"}`, "首页未悬挂备案号"},
	"HSRW":               {"push/HSRW", ``, "<Bbyhid>"},
	"HCJG of an access":  {"push/HCJG", `{"ip":"198.51.100.7"}`, "<Jxip>3325256711</Jxip>"},
	"HCJG of a subject":  {"push/HCJG", `{"audit":"subject","text":"证件号码有误"}`, "<Cwyy>"},
	"HCJG of a shell":    {"push/HCJG", `{"audit":"empty_shell"}`, "<Kkwzhc>"},
	"HCJG of liveness":   {"push/HCJG", `{"audit":"live","licence":"` + licence + `-1"}`, "<Wzch>"},
	"SJTB of codes":      {"push/SJTB", `{"sync":"JCDM"}`, "<SJTB><JCDM>"},
	"HCJG of addresses":  {"push/HCJG_IP", ``, "<IP><HCJG><Jgxx><Yj>"},
	"HCJG of a conflict": {"push/HCJG_IP", `{"finding":"conflict","text":"与他人重叠"}`, "<Ctbbdwid>1</Ctbbdwid>"},
	"HCJG of a gap":      {"push/HCJG_IP", `{"finding":"unreported"}`, "<Wb><Qsip>3405803786</Qsip>"},
	"WBAWZLB":            {"push/WBAWZLB", `{"domain":"wba.example.cn","ip":"203.0.113.9"}`, "<Wzym_mc>wba.example.cn</Wzym_mc>"},
	"FFJRHMD":            {"push/FFJRHMD", ``, "<Zjjrz>330011</Zjjrz>"},
	"BASJ":               {"push/BASJ", ``, "<BASJ>"},
	"SJTB":               {"push/SJTB", ``, "<SJTB><ICP><Baxx>"},
	"raw part of ICP":    {"push/raw", `{"xml":"<ZXSJ><Zxxx><Zxlb>1</Zxlb><Jlid>9</Jlid></Zxxx></ZXSJ>"}`, "<Jlid>9</Jlid>"},
	"raw root":           {"push/raw", `{"xml":"<SJTB><ICP/></SJTB>","provider_id":330011}`, ""},
	"HMDLB of websites":  {"blacklist", `[{"website":{"name":"假<网>站","domains":["a.example.cn","b.example.cn"]}},{"lift":true,"website":{"name":"旧","domains":["c.example.cn"]}}]`, "<Czlx>2</Czlx>"},
	"HMDLB of a subject": {"blacklist", `{"subject":{"name":"某公司","certificate_type":1,"certificate_number":"91330100MA00000000"}}`, "<Zthmdxxs>"},
}

func TestWhatIsSentWithoutUploadIsValidUnderTheSchema(t *testing.T) {
	t.Parallel()
	for name, c := range pushed {
		for _, filed := range []string{"a seeded filing", "a filing that we uploaded"} {
			t.Run(name+" of "+filed, func(t *testing.T) {
				t.Parallel()
				b := start(t, automatic)
				if filed != "a seeded filing" {
					b.upload(1, b.seal(b.request("new.example.cn")), 0)
					b.fetch(3)
					b.fetch(0)
				}
				b.post("/sim/api/"+c.path, c.body, http.StatusNoContent)
				document := b.opened()
				if text := decoded(t, document); !strings.Contains(text, c.has) {
					t.Errorf("lacks %s: %s", c.has, text)
				}
				if name != "raw root" { // not valid, and sent all the same
					wiretest.Validate(t, wiretest.DownloadSchema, document)
				}
			})
		}
	}
}

var pushElement = regexp.MustCompile(`name="element" value="(\w+)"`)

// Every kind that the page offers is held to the schema above.
func TestEveryKindIsAmongThem(t *testing.T) {
	t.Parallel()
	b := start(t)
	found := pushElement.FindAllStringSubmatch(b.send(http.MethodGet, "/sim/downloads", "", http.StatusOK), -1)
	if len(found) < 11 {
		t.Fatalf("the page offers %v", found)
	}
	for _, m := range found {
		path := "push/" + m[1]
		if m[1] == "JCDM" {
			path = "base-codes"
		}
		if !slices.ContainsFunc(slices.Collect(maps.Values(pushed)), func(p struct{ path, body, has string }) bool { return p.path == path }) {
			t.Errorf("%s is held to no schema", m[1])
		}
	}
}

// opened fetches and acknowledges the only waiting file and gives its bytes.
func (b *bench) opened() []byte {
	b.t.Helper()
	r, err := b.client.Download(b.t.Context())
	if err != nil || r.Code != 0 || r.File == nil {
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

// decoded reads a document as text.
func decoded(t *testing.T, document []byte) string {
	t.Helper()
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPushesThatMakeNoSense(t *testing.T) {
	t.Parallel()
	b := start(t)
	for path, want := range map[string]int{
		"push/Neu {}":                                  http.StatusNotFound,
		`push/XGTZ {"licence":"浙ICP备1号"}`:              http.StatusNotFound,
		`push/XGTZ {"provider_id":7}`:                  http.StatusNotFound,
		`push/ZXSJ {}`:                                 http.StatusUnprocessableEntity,
		`push/HCJG {"audit":"x"}`:                      http.StatusUnprocessableEntity,
		`push/HCJG {"ip":"::1"}`:                       http.StatusUnprocessableEntity,
		`push/WBAWZLB {"domain":"x"}`:                  http.StatusUnprocessableEntity,
		`push/raw {"xml":""}`:                          http.StatusUnprocessableEntity,
		`push/raw {"xml":"<a/><b/>"}`:                  http.StatusUnprocessableEntity,
		`push/raw {"xml":"<!DOCTYPE a><a/>"}`:          http.StatusUnprocessableEntity,
		`push/raw {"xml":"<a>&b;</a>"}`:                http.StatusUnprocessableEntity,
		`push/XGTZ {"text":"` + long(256) + `"}`:       http.StatusUnprocessableEntity,
		`blacklist {}`:                                 http.StatusUnprocessableEntity,
		`blacklist []`:                                 http.StatusUnprocessableEntity,
		`blacklist {"website":{"name":"x"}}`:           http.StatusUnprocessableEntity,
		`blacklist {"subject":{"name":"x"}}`:           http.StatusUnprocessableEntity,
		`outcomes {"fate":"fail"}`:                     http.StatusUnprocessableEntity,
		`outcomes {"fate":"perhaps"}`:                  http.StatusUnprocessableEntity,
		`outcomes {"fate":"approve","colour":"green"}`: http.StatusUnprocessableEntity,
	} {
		at, body, _ := strings.Cut(path, " ")
		if text := b.post("/sim/api/"+at, body, want); !strings.Contains(text, `"zh":"`) {
			t.Errorf("%s answers %s", path, text)
		}
	}
	b.empty(2)
}

func long(n int) string { return strings.Repeat("长", n) }
