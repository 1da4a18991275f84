package sim

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// form is a form of the pages: where it stands and what it does.
type form struct {
	page string
	do   func(*Server, values) error
}

var forms = map[string]form{
	"settings":   {"behaviour", (*Server).formSettings},
	"outcome":    {"behaviour", (*Server).formOutcome},
	"unscript":   {"behaviour", func(s *Server, _ values) error { s.Unscript(); return nil }},
	"fault":      {"behaviour", (*Server).formFault},
	"behave":     {"behaviour", func(s *Server, _ values) error { s.Behave(); return nil }},
	"permission": {"behaviour", (*Server).formPermission},
	"push":       {"downloads", (*Server).formPush},
	"subject":    {"registry", (*Server).formSubject},
	"ban":        {"registry", (*Server).formBan},
}

func (s *Server) routeForms(mux *http.ServeMux) {
	mux.HandleFunc("POST /sim/forms/{name}", func(w http.ResponseWriter, r *http.Request) {
		f, ok := forms[r.PathValue("name")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if err := f.do(s, values{r}); err != nil {
			s.writePage(w, r, f.page, err)
			return
		}
		http.Redirect(w, r, "/sim/"+f.page+"?done", http.StatusSeeOther)
	})
}

// values are what somebody filled in.
type values struct{ *http.Request }

func (v values) text(name string) string { return strings.TrimSpace(v.PostFormValue(name)) }
func (v values) ticked(name string) bool { return v.PostFormValue(name) != "" }
func (v values) words(name string) []string {
	return strings.FieldsFunc(v.PostFormValue(name), func(r rune) bool { return strings.ContainsRune(" \t\r\n,，、;；", r) })
}

// number is -1 where there is none, which no setting allows.
func (v values) number(name string) float64 {
	n, err := strconv.ParseFloat(v.text(name), 64)
	if err != nil || math.IsNaN(n) || math.Abs(n) > 1e9 {
		return -1
	}
	return n
}

func (v values) whole(name string) int64 { return int64(max(v.number(name), 0)) }

func (s *Server) formSettings(v values) error {
	return s.Set(Settings{Faults: v.number("faults") / 100, Maintenance: Maintenance(v.text("maintenance")), SMS: v.ticked("sms"), AutoSMS: v.ticked("auto_sms"),
		AutoApprove: v.ticked("auto_approve"), AutoAfterSeconds: v.number("auto_after"), ProcessAfterSeconds: v.number("process_after"),
		QueueLimit: int(v.number("queue_limit")), VerifyLimit: int(v.number("verify_limit")),
		IPReports: v.ticked("ip_reports"), Ministry: v.ticked("ministry")})
}

func (s *Server) formOutcome(v values) error {
	o := Outcome{Fate: Fate(v.text("fate")), Reason: v.text("reason"), Times: int(v.whole("times"))}
	for _, word := range v.words("codes") {
		code, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return icp.InvalidField("/codes", "authority.sim_fate")
		}
		o.Codes = append(o.Codes, code)
	}
	return s.Script(o)
}

func (s *Server) formFault(v values) error {
	return s.Misbehave(Fault{Kind: FaultKind(v.text("kind")), Operation: wire.Operation(v.text("operation")), Code: v.whole("code"), DelayMS: v.whole("delay"), Times: int(v.whole("times"))})
}

func (s *Server) formPermission(v values) error {
	p := Permission{Closed: v.ticked("closed"), Hours: v.text("hours"), Unit: Unit(v.text("unit")), NotOpen: s.Permission(v.whole("provider")).NotOpen}
	for _, word := range v.words("ranges") {
		prefix, err := netip.ParsePrefix(word)
		if err != nil {
			return icp.InvalidField("/ranges", "authority.sim_setting")
		}
		p.Ranges = append(p.Ranges, prefix)
	}
	return s.Permit(v.whole("provider"), p)
}

func (s *Server) formPush(v values) error {
	if v.text("element") == "JCDM" {
		return s.SendBaseCodes(nil)
	}
	return s.Push(v.text("element"), Push{Licence: v.text("licence"), Text: v.text("text"), Domain: v.text("domain"), IP: v.text("ip"), Audit: v.text("audit"), Finding: v.text("finding"), Sync: v.text("sync"), XML: v.text("xml")})
}

func (s *Server) formSubject(v values) error {
	_, err := s.Seed(Subject{Name: v.text("name"), Nature: v.whole("nature"), CertificateType: v.whole("certificate_type"), CertificateNumber: v.text("certificate_number"),
		Province: v.whole("province"), FilingPassword: v.text("filing_password"), Websites: []Website{{Name: v.text("website"), Domains: []string{v.text("domain")}}}})
	return err
}

func (s *Server) formBan(v values) error {
	b := Ban{Lift: v.ticked("lift")}
	if name := v.text("website"); name != "" {
		b.Website = &BlackWebsite{Name: name, Domains: v.words("domains")}
	} else {
		b.Subject = &BlackSubject{Name: v.text("subject"), CertificateType: v.whole("certificate_type"), CertificateNumber: v.text("certificate_number")}
	}
	return s.Bar(b)
}
