package authority

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/openbeian/beian/internal/authority/wire"
)

func TestTheTextIsCutOutOfWhatIsKept(t *testing.T) {
	t.Parallel()
	base64 := strings.Repeat("QUJD", 30_000)
	upload, err := json.Marshal(wire.Sealed{BeianInfo: base64, BeianInfoHash: "h==", EncryptAlgorithm: 1})
	if err != nil {
		t.Fatal(err)
	}
	before, after := `<return><msg_code>3</msg_code><msg>a &gt; b</msg><fileInfos><beianInfoHash>h==</beianInfoHash>`, `<return_FileName>f</return_FileName></fileInfos></return>`
	for name, c := range map[string]struct{ kept, around string }{
		"an upload":             {string(upload), `{"beian_info":"","beian_info_hash":"h==","encrypt_algorithm":1,"hash_algorithm":0,"compression_format":0}`},
		"a reply":               {before + "<beianInfo>" + base64 + "</beianInfo>" + after, before + "<beianInfo></beianInfo>" + after},
		"a reply with prefixes": {before + "<n:beianInfo a='b'>" + base64 + "</n:beianInfo>" + after, before + "<n:beianInfo a='b'></n:beianInfo>" + after},
		"a reply with CDATA":    {before + "<beianInfo><![CDATA[" + base64 + "]]></beianInfo>" + after, before + "<beianInfo></beianInfo>" + after},
	} {
		cut, err := newCutText(iotest.HalfReader(strings.NewReader(c.kept)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text, err := io.ReadAll(cut)
		if err != nil || string(text) != base64 {
			t.Errorf("%s: text of %d bytes, %v", name, len(text), err)
		}
		rest, err := cut.after()
		if err != nil || string(cut.before)+string(rest) != c.around {
			t.Errorf("%s: around %s%s, %v", name, cut.before, rest, err)
		}
	}
	for _, kept := range []string{"", "<return><msg_code>2</msg_code></return>", strings.Repeat("x", aroundLimit+1)} {
		if _, err := newCutText(strings.NewReader(kept)); !errors.Is(err, errNoFile) {
			t.Errorf("%.20s: %v", kept, err)
		}
	}
}
