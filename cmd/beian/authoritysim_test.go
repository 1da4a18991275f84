package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
)

// spoken is what a running command says, safe to read while it speaks.
type spoken struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *spoken) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// simulating runs authority-sim on a free port until stop.
func (m *machine) simulating(args ...string) (said, base string, stop func()) {
	m.t.Helper()
	ctx, cancel := context.WithCancel(m.t.Context())
	var out spoken
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, append([]string{simCommand, "--addr", "127.0.0.1:0"}, args...), surroundings{in: strings.NewReader(""), out: &out, errOut: &out, env: m.env})
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			m.t.Errorf("authority-sim ended with %v", err)
		}
	})
	m.t.Cleanup(stop)
	until(m.t, "the simulator says where it is", func() bool { return strings.Contains(out.String(), "Ctrl-C") })
	found := regexp.MustCompile(`page\s+(http://\S+)/sim/`).FindStringSubmatch(out.String())
	if found == nil {
		m.t.Fatalf("said %s", out.String())
	}
	return out.String(), found[1], stop
}

func TestAuthoritySimSaysWhereItIsAndKeepsItsState(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	state := filepath.Join(t.TempDir(), "authority.json")
	said, base, stop := m.simulating("--state", state, "--provider", "330011", "--user", "hz", "--password", "pw", "--province", "330000", "--faults", "0")
	for _, want := range []string{base + "/ISPWebService/upDownLoad?wsdl", base + "/BeianStatusWebService/queryBeianStatus?wsdl", base + "/BeianStatusWebService/verifyBamm?wsdl",
		"ispId 330011, user hz, password pw", "faults    off", unitLicence, demoFilingPassword, state} {
		if !strings.Contains(said, want) {
			t.Errorf("does not say %q: %s", want, said)
		}
	}
	for _, path := range []string{"/sim/", "/ISPWebService/upDownLoad?wsdl"} {
		if got := status(t, base+path); got != http.StatusOK {
			t.Errorf("%s: %d", path, got)
		}
	}
	sealed, err := wire.V30().Seal([]byte("<UploadData/>")) // refused as data, taken as a file
	if err != nil {
		t.Fatal(err)
	}
	provider := soap.Account{ProviderID: 330011, User: "hz", Password: "pw"}
	if r, err := simClient(t, base, provider).Upload(t.Context(), 1, sealed); err != nil || r.Code != 0 {
		t.Fatalf("upload %+v, %v", r, err)
	}
	stop()
	_, base, _ = m.simulating("--state", state, "--provider", "330011", "--user", "hz", "--password", "pw", "--province", "330000", "--faults", "0")
	if r, err := simClient(t, base, provider).QueryPreviousUpload(t.Context()); err != nil || r.File == nil || r.File.Sequence != 1 {
		t.Errorf("after a restart: %+v, %v", r.File, err)
	}
}

func simClient(t *testing.T, base string, a soap.Account) *soap.Client {
	t.Helper()
	c, err := soap.New(base, a, wire.V30())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAuthoritySimMisbehavesUnlessToldNotTo(t *testing.T) {
	t.Parallel()
	said, base, _ := newMachine(t).simulating()
	if !strings.Contains(said, "5 of 100 calls, seed 1") {
		t.Errorf("said %s", said)
	}
	c := simClient(t, base, demoAccount)
	filed := func() bool {
		r, err := c.QueryBeianStatus(t.Context(), wire.QueryDomain, "yunshan-jiuzhan.cn")
		return err == nil && r.Filed()
	}
	until(t, "a call goes wrong", func() bool { return !filed() })
	until(t, "it is over", filed)
}

func TestAuthoritySimCallsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	broken := filepath.Join(folder, "broken.json")
	if err := os.WriteFile(broken, []byte(`{"style":"round"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"--encrypt":            "--key and --iv",
		"--key short --iv x":   "--key and --iv",
		"--profile " + broken:  "--profile",
		"--profile none.json":  "--profile",
		"--subjects none.json": "--subjects",
		"--subjects " + broken: "--subjects",
		"--province 7":         "/province",
		"--faults 2":           "/faults",
		"--addr nowhere":       "--addr chooses another",
		"--hours 8-17":         "/hours",
	} {
		_, _, err := newMachine(t).typed("", append([]string{simCommand}, strings.Fields(args)...)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", args, err)
		}
	}
	_, said, err := newMachine(t).typed("", simCommand, "--help")
	if !errors.Is(err, flag.ErrHelp) || !strings.Contains(said, "-faults") || !strings.Contains(said, "WSDL") {
		t.Errorf("%v, said %s", err, said)
	}
	if _, said, err := newMachine(t).typed("", simCommand, "now"); !errors.Is(err, errUsage) || !strings.Contains(said, "flags only") {
		t.Errorf("%v, said %s", err, said)
	}
}
