package imaging

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/i18n"
)

// Every refusal in the source must have a text for people, and every text about
// a type a refusal.
func TestEveryRefusalHasAText(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{"material.file.small_picture": true}
	code := regexp.MustCompile(`refuse\("([a-z_]+)"\)`)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllSubmatch(text, -1) {
			used["material.file."+string(m[1])] = true
		}
	}
	for _, kind := range refusedKinds {
		used["material.file.type."+kind] = true
	}
	for _, mime := range []string{"video/mp4", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"} {
		kind, ok := refusedKind(mime)
		if !ok {
			t.Errorf("%s has no message of its own", mime)
		}
		used["material.file.type."+kind] = true
	}
	if len(used) < 15 {
		t.Fatalf("only %d codes were found in the source", len(used))
	}
	for key := range used {
		if !i18n.Messages().Has(key) {
			t.Errorf("%s has no text", key)
		}
	}
	for _, key := range i18n.Messages().Keys(i18n.Chinese, "material.file.type.") {
		if !used[key] {
			t.Errorf("%s has a text but no refusal", key)
		}
	}
}
