package sim

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/authority/sim/webservice"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/clock"
)

//go:embed page
var pageFiles embed.FS

// rowsPerPage bounds the lists of requests and of calls on one page.
const rowsPerPage = 50

// pageLink is a page of the navigation.
type pageLink struct{ Name, Path string }

var pageLinks = []pageLink{{"requests", "/sim/"}, {"behaviour", "/sim/behaviour"}, {"downloads", "/sim/downloads"}, {"registry", "/sim/registry"}, {"calls", "/sim/calls"}}

// pages are the parsed pages by name.
var pages = func() map[string]*template.Template {
	out := map[string]*template.Template{}
	for _, l := range pageLinks {
		out[l.Name] = template.Must(template.ParseFS(pageFiles, "page/layout.html", "page/"+l.Name+".html"))
	}
	return out
}()

// frame is what every page has.
type frame struct {
	Page, Lang string
	Pages      []pageLink
	// Refused is the key of why nothing was done, Done that something was.
	Refused string
	Done    bool
}

// T gives a text in the page's language.
func (f frame) T(key string) string { return say(f.Lang, key) }

// OtherLang is the language that the page could be read in too.
func (f frame) OtherLang() string {
	if f.Lang == english {
		return chinese
	}
	return english
}

func (s *Server) routePage(mux *http.ServeMux) {
	for pattern, name := range map[string]string{"GET /sim/{$}": "requests", "GET /sim/behaviour": "behaviour", "GET /sim/downloads": "downloads",
		"GET /sim/registry": "registry", "GET /sim/calls": "calls"} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.writePage(w, r, name, nil) })
	}
	mux.HandleFunc("GET /sim/style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, pageFiles, "page/style.css") })
	mux.HandleFunc("POST /sim/records/{id}/{act}", func(w http.ResponseWriter, r *http.Request) {
		v := values{r}
		if err := s.act(r.PathValue("id"), r.PathValue("act"), v.text("reason"), max(0, int(v.number("person")))); err != nil {
			s.writePage(w, r, "requests", err)
			return
		}
		http.Redirect(w, r, "/sim/#r"+r.PathValue("id"), http.StatusSeeOther)
	})
	s.routeForms(mux)
}

// writePage shows a page; refused says why a form on it did nothing.
func (s *Server) writePage(w http.ResponseWriter, r *http.Request, name string, refused error) {
	f := frame{Page: name, Lang: languageOf(w, r), Pages: pageLinks, Done: r.URL.Query().Has("done")}
	status := http.StatusOK
	if refused != nil {
		f.Refused, status, f.Done = problemOf(refused).Code, statusOf(refused), false
	}
	var data any
	switch name {
	case "requests":
		data = s.requestsPage(f, r)
	case "behaviour":
		data = s.behaviourPage(f)
	case "downloads":
		data = s.downloadsPage(f)
	case "registry":
		data = struct {
			frame
			Subjects  []Subject
			Blacklist blacklist
			Province  int64
		}{f, s.Subjects(), s.blacklist(), s.cfg.Province}
	case "calls":
		data = s.callsPage(f, r)
	}
	var b bytes.Buffer
	if err := pages[name].ExecuteTemplate(&b, "layout", data); err != nil {
		s.cfg.Log.Error("page of the simulator not written", "err", err)
		http.Error(w, "page not written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // the caller may have gone
}

type behaviourPage struct {
	frame
	Settings     Settings
	Percent      float64
	Maintenances []Maintenance
	Outcomes     []Outcome
	Fates        []Fate
	Faults       []Fault
	Kinds        []FaultKind
	Operations   []wire.Operation
	Units        []Unit
	Providers    []providerView
}

type providerView struct {
	ID int64
	Permission
}

func (s *Server) behaviourPage(f frame) behaviourPage {
	p := behaviourPage{frame: f, Settings: s.Settings(), Outcomes: s.outcomes(), Fates: fates, Faults: s.faults(), Kinds: faultKinds,
		Maintenances: []Maintenance{MaintenanceNone, MaintenanceReport, MaintenanceDownload, MaintenanceAll},
		Operations:   []wire.Operation{wire.OpUpload, wire.OpDownload, wire.OpDownloadAck, wire.OpQueryPreviousUpload, wire.OpQueryBeianStatus, wire.OpVerifyBamm},
		Units:        []Unit{UnitGood, UnitElsewhere, UnitDeleted, UnitInvalid, UnitNoRight}}
	p.Percent = p.Settings.Faults * 100
	for _, a := range s.cfg.Accounts {
		p.Providers = append(p.Providers, providerView{a.ProviderID, s.Permission(a.ProviderID)})
	}
	return p
}

type downloadsPage struct {
	frame
	Channels []ChannelStatus
	Pushes   []pushKind
	Audits   []string
	Findings []string
	Syncs    []string
	Licences []string
}

func (s *Server) downloadsPage(f frame) downloadsPage {
	p := downloadsPage{frame: f, Channels: s.Channels(), Pushes: slices.Concat([]pushKind{{Element: "JCDM"}}, pushes), Audits: audits,
		Findings: findings, Syncs: syncs}
	for _, subject := range s.Subjects() {
		if subject.Cancelled || len(subject.Websites) == 0 {
			continue
		}
		p.Licences = append(p.Licences, subject.Licence)
		for _, w := range subject.Websites {
			p.Licences = append(p.Licences, w.Licence)
		}
	}
	return p
}

type callsPage struct {
	frame
	WSDLs    []wsdlLink
	Accounts []accountView
	Key, IV  string
	Calls    []callRow
}

type wsdlLink struct{ Name, Address string }

type accountView struct {
	ProviderID     int64
	User, Password string
}

type callRow struct {
	At, Answer string
	Call       Call
}

func (s *Server) callsPage(f frame, r *http.Request) callsPage {
	p := callsPage{frame: f, Key: string(s.cfg.Profile.Key), IV: string(s.cfg.Profile.IV)}
	for _, at := range s.Paths() {
		p.WSDLs = append(p.WSDLs, wsdlLink{path.Base(at), webservice.Base(r) + at + "?wsdl"})
	}
	for _, a := range s.cfg.Accounts {
		p.Accounts = append(p.Accounts, accountView{a.ProviderID, a.User, string(a.Password)})
	}
	calls := s.Calls()
	for _, c := range calls[:min(len(calls), rowsPerPage)] {
		row := callRow{At: c.At.In(clock.Shanghai).Format("15:04:05"), Call: c}
		if c.Operation != "" {
			row.Answer = fmt.Sprintf("%d %s", c.Code, methodText(f.Lang, c.Code))
		}
		if m := (manners{kind: c.Fault}); m.breaks() {
			row.Answer = ""
		}
		p.Calls = append(p.Calls, row)
	}
	return p
}

func methodText(lang string, code int64) string {
	m := wire.MethodCodeOf(code)
	if lang == english {
		return m.EN
	}
	return m.ZH
}

func local(t time.Time) string { return t.In(clock.Shanghai).Format("2006-01-02 15:04") }
