package form_test

import (
	"testing"
	"time"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// An open order keeps an answer whose row the authority has ended; the form says
// that it is no option any more, from that day on.
func TestAnswersThatEndedAreNoOptions(t *testing.T) {
	t.Parallel()
	text := []byte(`{"table":"service_contents","source":"test","as_of":"2026-11-24","rows":[
		{"id":8,"zh":"单位门户网站","en":"Organisation's own website","ysid":128,"valid_to":"2026-11-23"},
		{"id":500,"zh":"生活服务","en":"Daily life","ysid":0},{"id":501,"zh":"生活缴费","en":"Utility bills","ysid":0,"parent":500}]}`)
	tables, err := refdata.Builtin().With(map[string][]byte{"service_contents.json": text})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		day     string
		content int
		refused bool
	}{
		"on its last day":         {"2026-11-23", 8, false},
		"the day after":           {"2026-11-24", 8, true},
		"a heading is no choice":  {"2026-11-24", 500, true},
		"a row below the heading": {"2026-11-24", 501, false},
	} {
		at, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		o := &icp.Order{Type: icp.AddWebsite}
		o.Data.Subject.Nature = icp.NatureEnterprise
		o.Data.Websites = []icp.Website{{Domain: "yunshan-keji.cn", ServiceContent: c.content}}
		refused := false
		for _, f := range form.Check(tables, o, form.Limits{Websites: 3}, at) {
			refused = refused || f.Pointer == "/websites/0/service_content" && f.Code == "form.not_an_option"
		}
		if refused != c.refused {
			t.Errorf("%s: refused = %v", name, refused)
		}
	}
}
