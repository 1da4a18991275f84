package sim_test

import (
	"archive/zip"
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
)

// methodCodes are all codes of the specification with what leads to each.
var methodCodes = []struct {
	name string
	code int64
	set  func(*sim.Config)
	call func(*bench) (int64, error)
}{
	{"done", 0, nil, uploading(nil)},
	{"all files fetched", 1, automatic, func(b *bench) (int64, error) {
		b.upload(1, b.seal(b.request("a.example.cn")), 0)
		b.fetch(3)
		b.fetch(0)
		return downloading(b)
	}},
	{"nothing there", 2, nil, downloading},
	{"more is waiting", 3, automatic, func(b *bench) (int64, error) {
		b.upload(1, b.seal(b.request("a.example.cn")), 0)
		return downloading(b)
	}},
	{"unknown user", 4, nil, func(b *bench) (int64, error) { b.client.Account.User = "x"; return downloading(b) }},
	{"wrong password", 5, nil, func(b *bench) (int64, error) { b.client.Account.Password = "x"; return downloading(b) }},
	{"not to be decrypted", 6, keyed, uploading(func(s *wire.Sealed) { s.EncryptAlgorithm = wire.EncryptAES })},
	{"no base64", 6, nil, uploading(func(s *wire.Sealed) { s.BeianInfo = s.BeianInfo[:9] + "*" })},
	{"hash of something else", 7, nil, uploading(func(s *wire.Sealed) { s.BeianInfoHash = "AAAAAAAAAAAAAAAAAAAAAA==" })},
	{"no zip", 8, nil, uploading(packed([]byte("beian")))},
	{"unknown encryption", 9, nil, uploading(func(s *wire.Sealed) { s.EncryptAlgorithm = 2 })},
	{"unknown hash", 10, nil, uploading(func(s *wire.Sealed) { s.HashAlgorithm = 1 })},
	{"unknown compression", 11, nil, uploading(func(s *wire.Sealed) { s.CompressionFormat = 1 })},
	{"another's id", 12, nil, func(b *bench) (int64, error) { b.client.Account.ProviderID = 7; return downloading(b) }},
	{"a provider of another province", 13, func(c *sim.Config) { c.Accounts[0].Province, c.Province = 440000, 330000 }, downloading},
	{"an earlier number missing", 14, nil, func(b *bench) (int64, error) {
		r, err := b.client.Upload(b.t.Context(), 2, b.seal(b.request("a.example.cn")))
		return r.Code, err
	}},
	{"queue full", 15, func(c *sim.Config) { c.QueueLimit, c.ProcessAfter = 1, time.Hour }, func(b *bench) (int64, error) {
		b.upload(1, b.seal(b.request("a.example.cn")), 0)
		r, err := b.client.Upload(b.t.Context(), 2, b.seal(b.request("b.example.cn")))
		return r.Code, err
	}},
	{"random text too short", 16, nil, shortRandom},
	{"two files in the zip", 17, nil, uploading(packed(zipped("a.xml", "b.xml")))},
	{"no file in the zip", 17, nil, uploading(packed(zipped()))},
	{"a file of more than 50 MB", 18, nil, uploading(packed(bomb()))},
	{"reporting not opened", 19, func(c *sim.Config) { c.Accounts[0].Closed = true }, uploading(nil)},
	{"outside the hours", 20, func(c *sim.Config) { c.Accounts[0].Hours = "22:00-06:00" }, uploading(nil)}, // the clock stands at 10 in Beijing
	{"acknowledged without a name", 21, nil, func(b *bench) (int64, error) {
		r, err := b.client.DownloadAck(b.t.Context(), "")
		return r.Code, err
	}},
	{"password tried too often", 22, func(c *sim.Config) { c.VerifyLimit = 1 }, func(b *bench) (int64, error) {
		if r, err := b.client.VerifyBamm(b.t.Context(), licence, "x"); err != nil || r.Code != 0 {
			return r.Code, err
		}
		r, err := b.client.VerifyBamm(b.t.Context(), licence, "x")
		return r.Code, err
	}},
	{"reporting under maintenance", 901, nil, func(b *bench) (int64, error) {
		b.send(http.MethodPatch, "/sim/api/settings", `{"maintenance":"report"}`, http.StatusOK)
		return uploading(nil)(b)
	}},
	{"downloads under maintenance", 902, nil, func(b *bench) (int64, error) {
		b.send(http.MethodPatch, "/sim/api/settings", `{"maintenance":"download"}`, http.StatusOK)
		return downloading(b)
	}},
	{"a number taken by another file", 999, nil, func(b *bench) (int64, error) {
		b.upload(1, b.seal(b.request("a.example.cn")), 0)
		return uploading(nil)(b)
	}},
}

func TestEveryMethodCodeIsReached(t *testing.T) {
	t.Parallel()
	for _, c := range methodCodes {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := start(t, func(cfg *sim.Config) {
				if c.set != nil {
					c.set(cfg)
				}
			})
			got, err := c.call(b)
			if err != nil || got != c.code {
				t.Errorf("code %d, %v, want %d", got, err, c.code)
			}
		})
	}
	reached := map[int64]bool{}
	for _, c := range methodCodes {
		reached[c.code] = true
	}
	for code := int64(0); code <= 999; code++ {
		if wire.MethodCodeOf(code).EN != wire.MethodCodeOf(998).EN && !reached[code] { // 998 is unknown
			t.Errorf("nothing leads to %d", code)
		}
	}
}

func TestHoursAreToldAndEnd(t *testing.T) {
	t.Parallel()
	b := start(t, func(c *sim.Config) { c.Accounts[0].Hours = "10:30-18:00" })
	s := b.seal(b.request("a.example.cn"))
	if r := b.upload(1, s, 20); !strings.Contains(r.Message, "10:30-18:00") {
		t.Errorf("message %q", r.Message)
	}
	b.empty(2) // downloads are never closed
	b.clock.Advance(30 * time.Minute)
	b.upload(1, s, 0)
	b.send(http.MethodPatch, "/sim/api/providers/330011", `{"hours":"1030"}`, http.StatusUnprocessableEntity)
	b.send(http.MethodPatch, "/sim/api/providers/330011", `{"hours":"","closed":true}`, http.StatusOK)
	b.upload(2, b.seal(b.request("b.example.cn")), 19)
	b.send(http.MethodPatch, "/sim/api/providers/330012", `{"closed":true}`, http.StatusNotFound)
}

func automatic(c *sim.Config) { c.NoSMS, c.AutoApprove = true, true }

func keyed(c *sim.Config) { c.Profile.Key, c.Profile.IV = "0123456789abcdef", "fedcba9876543210" }

func downloading(b *bench) (int64, error) {
	r, err := b.client.Download(b.t.Context())
	return r.Code, err
}

func uploading(spoil func(*wire.Sealed)) func(*bench) (int64, error) {
	return func(b *bench) (int64, error) {
		s := b.seal(b.request("new.example.cn"))
		if spoil != nil {
			spoil(&s)
		}
		r, err := b.client.Upload(b.t.Context(), 1, s)
		return r.Code, err
	}
}

// shortRandom calls with 19 characters, which our own client does not.
func shortRandom(b *bench) (int64, error) {
	end := b.client.Profile.Endpoints[wire.OpDownload]
	body := `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><isp_download xmlns="` + b.client.Profile.Namespace + `">`
	for i, v := range []string{"330011", "hz", strings.Repeat("r", 19), "x", "0"} {
		body += `<` + end.Parts[i] + ` xmlns="">` + v + `</` + end.Parts[i] + `>`
	}
	answer := b.send(http.MethodPost, end.Path, body+`</isp_download></s:Body></s:Envelope>`, http.StatusOK)
	var r wire.DownloadReply
	at := strings.Index(answer, "<return>") + len("<return>")
	inner := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`).Replace(answer[at:strings.Index(answer, "</return>")])
	err := wire.DecodeReply(inner, &r)
	return r.Code, err
}

// packed puts other bytes into an envelope, with their right hash.
func packed(b []byte) func(*wire.Sealed) {
	return func(s *wire.Sealed) {
		sum := md5.Sum(b)
		s.BeianInfo, s.BeianInfoHash = base64.StdEncoding.EncodeToString(b), base64.StdEncoding.EncodeToString(sum[:])
	}
}

func zipped(names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		_, _ = z.Create(name) // a buffer never refuses a write
	}
	_ = z.Close()
	return b.Bytes()
}

// bomb is a small archive of a file that is a byte too large.
func bomb() []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if w, err := z.Create("beianinfo.xml"); err == nil {
		_, _ = w.Write(make([]byte, wire.MaxUploadBytes+1))
	}
	_ = z.Close()
	return b.Bytes()
}
