package inventory

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// FuzzRows reads whatever bytes come: no panic, every row or fault has a line,
// and a row without faults passes the check of single servers.
func FuzzRows(f *testing.F) {
	head := strings.Join(Columns(), ",") + "\n"
	f.Add([]byte(head + "ins-1,company,n,r,true,203.0.113.7,prepaid,12,2027-12-31\n"))
	f.Add([]byte(head + "\"a,b\n\n,,,\n"))
	f.Add([]byte("\xef\xbb\xbf" + head))
	f.Add([]byte("\xd7\xca\xd4\xb4\xb1\xe0\xba\xc5,\xd5\xcb\xba\xc5\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := open(bytes.NewReader(raw))
		if err != nil {
			return
		}
		for {
			got, faults, err := r.next()
			if errors.Is(err, io.EOF) || err != nil {
				return
			}
			for _, e := range faults {
				if e.Line < 1 || e.Code == "" {
					t.Fatalf("fault %+v", e)
				}
			}
			if len(faults) == 0 && (got.line < 2 || len(got.in.check()) != 0) {
				t.Fatalf("row %+v", got)
			}
		}
	})
}

func TestNormalizeCode(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"7k3m-9qxr 0000-abcd": "7K3M9QXR0000ABCD",
		"ＯＩＬ－ｏｉｌ":             "011011",
		"码：1234":              "1234",
	} {
		if got := NormalizeCode(typed); got != want {
			t.Errorf("%s becomes %s, want %s", typed, got, want)
		}
	}
	for range 100 {
		text := newCodeText()
		if len(text) != codeLength || NormalizeCode(strings.ToLower(DisplayCode(text))) != text {
			t.Fatalf("%s does not come back", text)
		}
	}
}
