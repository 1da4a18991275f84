package sim_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/wire"
)

// found is what a client of another maker says that it met.
type found struct {
	Methods        []string    `json:"methods"`
	WrongPassword  int         `json:"wrong_password"`
	ShortRandom    int         `json:"short_random"`
	Verified       int         `json:"verified"`
	NotVerified    int         `json:"not_verified"`
	Filed          []any       `json:"filed"`
	Before         int         `json:"before"`
	Gap            []int       `json:"gap"`
	Broken         int         `json:"broken"`
	Uploaded       int         `json:"uploaded"`
	Previous       []any       `json:"previous"`
	Files          []foundFile `json:"files"`
	End            []int       `json:"end"`
	AckWithoutName int         `json:"ack_without_name"`
}

type foundFile struct {
	Code        int    `json:"code"`
	SameAgain   bool   `json:"same_again"`
	EntryIsName bool   `json:"entry_is_name"`
	Result      int    `json:"result"`
	Licence     string `json:"licence"`
	Website     string `json:"website"`
	Acked       int    `json:"acked"`
}

var expected = found{
	Methods:       []string{"isp_upload", "isp_download", "isp_downloadack", "isp_querypreviousupload", "isp_querybeianstatus", "isp_verifybamm"},
	WrongPassword: 5, ShortRandom: 16, Verified: 0, NotVerified: 1, Filed: []any{0.0, licence}, Before: 0, Gap: []int{14, 1}, Broken: 7, Uploaded: 0,
	Previous: []any{1.0, true},
	Files: []foundFile{
		{Code: 3, SameAgain: true, EntryIsName: true, Result: 1001},
		{Code: 0, SameAgain: true, EntryIsName: true, Licence: licence + "-2", Website: "外来客户端的网站"},
	},
	End: []int{1, 2}, AckWithoutName: 21,
}

// TestClientsOfOtherMakersReadTheWSDL lets programs that none of this project
// wrote the SOAP of go through all six methods, from the WSDLs alone.
func TestClientsOfOtherMakersReadTheWSDL(t *testing.T) {
	t.Parallel()
	aes := func(p *wire.Profile) { p.Encrypt, p.Key, p.IV = true, "0123456789abcdef", "fedcba9876543210" }
	for name, set := range map[string]func(*wire.Profile){
		"document":           func(*wire.Profile) {},
		"document and AES":   aes,
		"document, AES-256":  func(p *wire.Profile) { aes(p); p.Key = "0123456789abcdef0123456789abcdef" },
		"qualified parts":    func(p *wire.Profile) { p.QualifiedParts = true },
		"rpc":                func(p *wire.Profile) { p.Style = wire.RPCStyle },
		"namespaces of each": namespaced,
	} {
		for _, client := range []string{"client.php", "client.mjs"} {
			t.Run(client+" "+name, func(t *testing.T) {
				t.Parallel()
				b := start(t, func(c *sim.Config) {
					c.NoSMS, c.AutoApprove = true, true
					set(&c.Profile)
				})
				got := runClient(t, client, b)
				if !reflect.DeepEqual(expected, got) {
					t.Errorf("found\n%+v\nwant\n%+v", got, expected)
				}
				if r := b.only(); r.State != sim.Approved || r.Domains()[0] != "new.example.cn" {
					t.Errorf("record %+v", r)
				}
			})
		}
	}
}

// namespaced gives each service a namespace of its own, and an action.
func namespaced(p *wire.Profile) {
	for op, e := range p.Endpoints {
		e.Namespace, e.Action = "urn:service:"+filepath.Base(e.Path), "urn:"+string(op)
		p.Endpoints[op] = e
	}
}

func runClient(t *testing.T, script string, b *bench) found {
	t.Helper()
	runner := clientRunner(t, script)
	settings, err := json.Marshal(map[string]any{"base": b.url, "id": provider, "user": "hz", "password": "s3cret", "key": b.client.Profile.Key, "iv": b.client.Profile.IV,
		"encrypt": b.client.Profile.Encrypt, "licence": licence, "filing_password": "tea12345", "domain": "old.example.cn", "new_domain": "new.example.cn"})
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), runner, script, string(settings))
	c.Dir = "clients"
	var said strings.Builder
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", runner, script, err, out, said.String())
	}
	var f found
	if err := json.Unmarshal(out, &f); err != nil {
		t.Fatalf("%s said %s", script, out)
	}
	return f
}

// clientRunner finds what runs a script. Where it or its packages are missing,
// the test is left out, or fails when BEIAN_CI=1.
func clientRunner(t *testing.T, script string) string {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("BEIAN_CI") == "1" {
		missing = t.Fatalf
	}
	runner := map[string]string{".php": "php", ".mjs": "node"}[filepath.Ext(script)]
	if _, err := exec.LookPath(runner); err != nil {
		missing("there is no %s; scripts/setup test installs it", runner)
	}
	if runner == "php" {
		out, err := exec.CommandContext(t.Context(), "php", "-r", `echo implode(" ", array_filter(["soap", "zip", "openssl", "simplexml"], fn ($e) => !extension_loaded($e)));`).Output()
		if err != nil || len(out) > 0 {
			missing("PHP lacks %s (%v); scripts/setup test installs it", out, err)
		}
	} else if _, err := os.Stat("clients/node_modules/soap"); err != nil {
		missing("the client's npm packages are missing; scripts/setup test installs them")
	}
	return runner
}
