package inventory_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/store"
)

// events are audit events, which have the form of message keys but are none here.
var events = map[string]bool{"server.added": true, "server.updated": true, "authcode.created": true, "authcode.moved": true}

func TestEveryRefusalHasAText(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`"((?:resource|authcode|server)\.[a-z_.]+[a-z])"`)
	keys := 0
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(source), -1) {
			if keys++; !events[m[1]] && !i18n.Messages().Has(m[1]) {
				t.Errorf("%s: %s has no text", f, m[1])
			}
		}
	}
	if keys < 30 {
		t.Errorf("found %d keys only", keys)
	}
	for _, state := range []store.CodeState{store.CodeUnused, store.CodeInUse, store.CodeUsed, store.CodeDeleted} {
		if !i18n.Messages().Has("authcode." + string(state)) {
			t.Errorf("authcode.%s has no text", state)
		}
	}
}
