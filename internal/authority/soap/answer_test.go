package soap

import (
	"strings"
	"testing"
)

func FuzzReturned(f *testing.F) {
	f.Add([]byte(`<E><B><xResponse><return><![CDATA[<return><msg_code>0</msg_code></return>]]></return></xResponse></B></E>`))
	f.Add([]byte(`<E><B><xResponse><msg_code>0</msg_code></xResponse></B></E>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		text, err := returned(b)
		if err == nil && !strings.HasPrefix(text, "<") {
			t.Errorf("returned %q", text)
		}
	})
}
