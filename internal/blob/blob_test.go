package blob

import (
	"errors"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/icp"
)

func TestCheckKey(t *testing.T) {
	t.Parallel()
	for key, ok := range map[string]bool{
		"a":                           true,
		"01J9ZQ3V6W8XK5T2M4N7P0R1S3":  true,
		"mat_9-Z":                     true,
		strings.Repeat("a", MaxKey):   true,
		"":                            false,
		strings.Repeat("a", MaxKey+1): false,
		".":                           false,
		"..":                          false,
		"a.b":                         false,
		"a/b":                         false,
		`a\b`:                         false,
		"a b":                         false,
		"a\x00":                       false,
		"证件":                          false,
	} {
		err := CheckKey(key)
		if ok && err != nil || !ok && !errors.Is(err, icp.ErrInvalid) {
			t.Errorf("CheckKey(%q) = %v, want ok %v", key, err, ok)
		}
	}
}
