package sim

import (
	_ "embed"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

//go:embed parts.xml.tmpl
var partsText string

var parts = template.Must(template.New("parts").Funcs(template.FuncMap{"x": escaped, "opt": optional}).Parse(partsText))

// Push is what else the authority sends on its own account, without an upload.
// Each kind uses some of the fields, see pushes.
type Push struct {
	// ProviderID is who gets it; 0 stands for every provider.
	ProviderID int64 `json:"provider_id,omitempty"`
	// Licence is the number of a subject or website; the first one filed when empty.
	Licence string `json:"licence,omitempty"`
	Text    string `json:"text,omitempty"`
	Domain  string `json:"domain,omitempty"`
	IP      string `json:"ip,omitempty"`
	// Audit is what HCJG is about: access, subject, empty_shell or live.
	Audit string `json:"audit,omitempty"`
	// XML is one element that is sent as it is: a part of ICP, or IP, YM, JCDM or SJTB.
	XML string `json:"xml,omitempty"`

	kind string // its element
}

// audits are the kinds of audits that HCJG tells of.
var audits = []string{"access", "subject", "empty_shell", "live"}

// pushKind is one kind of such a download.
type pushKind struct {
	Element string
	// Fields are those that people fill in.
	Fields []string
	send   func(*Server, Push, time.Time) error
}

// pushes are the kinds in the order of the interface. HMDLB is sent by
// [Server.Bar], JCDM by [Server.SendBaseCodes].
var pushes = []pushKind{
	{"ZXSJ", []string{"licence", "text"}, (*Server).sendCancelled},
	{"XGTZ", []string{"licence", "text"}, (*Server).sendRectification},
	{"HSRW", []string{"licence"}, (*Server).sendAboutFiling},
	{"HCJG", []string{"audit", "licence", "ip", "text"}, (*Server).sendAboutFiling},
	{"WBAWZLB", []string{"domain", "ip", "text"}, (*Server).sendAboutDomain},
	{"FFJRHMD", []string{"domain", "ip", "text"}, (*Server).sendAboutDomain},
	{"BASJ", []string{"licence"}, (*Server).sendFiled},
	{"SJTB", nil, (*Server).sendAllFiled},
	{"raw", []string{"xml"}, (*Server).sendRaw},
}

// Push sends a download of a kind. Errors are icp.NotFound for a kind or
// licence number that does not exist and icp.Invalid with the field at fault.
func (s *Server) Push(element string, p Push) error {
	at := slices.IndexFunc(pushes, func(k pushKind) bool { return k.Element == element })
	if at < 0 {
		return icp.E(icp.NotFound, "authority.sim_push")
	}
	if p.ProviderID != 0 && s.account(p.ProviderID) == nil {
		return icp.E(icp.NotFound, "authority.sim_provider")
	}
	return s.change(func(now time.Time) error {
		p.kind = element
		return pushes[at].send(s, p, now)
	})
}

// named is a filing, and the website of it that a number names.
type named struct {
	Push
	At       string
	ID       int64
	Address  int64 // IP
	Province int64
	Filing   *filing
	Website  *wire.FiledWebsite // the first one where the number is the subject's
	// Level and RecordID name what the number is of: 0 a subject, 1 a website.
	Level    int
	RecordID int64
}

// find looks a licence number up; it takes the first filing with a website for none.
func (s *Server) find(p Push, now time.Time) (named, error) {
	n := named{Push: p, At: wire.FormatTime(now), ID: s.st.newID(), Province: s.cfg.Province}
	if n.Licence == "" {
		at := slices.IndexFunc(s.st.Filings, (*filing).isWhole)
		if at < 0 {
			return n, icp.E(icp.NotFound, "authority.sim_licence")
		}
		n.Licence = s.st.Filings[at].Subject.Licence
	}
	n.Filing = s.idx.licences[n.Licence]
	if n.Filing == nil || !n.Filing.isWhole() {
		return n, icp.E(icp.NotFound, "authority.sim_licence")
	}
	n.Website, n.RecordID = &n.Filing.Websites[0], n.Filing.Subject.AuthorityID
	if n.Licence == n.Filing.Subject.Licence {
		return n, nil
	}
	at := slices.IndexFunc(n.Filing.Websites, func(w wire.FiledWebsite) bool { return w.Licence == n.Licence })
	if at < 0 {
		return n, icp.E(icp.NotFound, "authority.sim_licence")
	}
	n.Website, n.Level = &n.Filing.Websites[at], 1
	n.RecordID = n.Website.AuthorityID
	return n, nil
}

// sendCancelled cancels a filing or a website of it and tells (ZXSJ).
func (s *Server) sendCancelled(p Push, now time.Time) error {
	if p.Licence == "" {
		return icp.InvalidField("/licence", "authority.sim_licence")
	}
	n, err := s.find(p, now)
	if err != nil {
		return err
	}
	if err := s.sendPart(now, p.ProviderID, p.kind, n); err != nil {
		return err
	}
	if n.Level == 0 {
		s.cancelSubject(n.Filing)
	} else {
		s.cancelWebsite(n.Filing, n.RecordID)
	}
	return nil
}

// sendRectification asks for a correction (XGTZ).
func (s *Server) sendRectification(p Push, now time.Time) error {
	if len([]rune(p.Text)) > 255 {
		return icp.InvalidField("/text", "authority.sim_text")
	}
	p.Text = or(p.Text, "备案信息与实际情况不符，请核实并修改")
	return s.sendAboutFiling(p, now)
}

func (s *Server) sendAboutFiling(p Push, now time.Time) error {
	n, err := s.find(p, now)
	if err != nil {
		return err
	}
	if p.Audit != "" && !slices.Contains(audits, p.Audit) {
		return icp.InvalidField("/audit", "authority.sim_text")
	}
	if n.Address, err = addressOf(p.IP); err != nil {
		return err
	}
	return s.sendPart(now, p.ProviderID, p.kind, n)
}

func (s *Server) sendAboutDomain(p Push, now time.Time) error {
	if p.Domain = or(p.Domain, "weibeian.example.cn"); len(p.Domain) < 4 || len(p.Domain) > 128 {
		return icp.InvalidField("/domain", "authority.sim_text")
	}
	address, err := addressOf(p.IP)
	if err != nil {
		return err
	}
	to := p.ProviderID
	p.ProviderID = or(to, s.cfg.Accounts[0].ProviderID)
	return s.sendPart(now, to, p.kind, named{Push: p, At: wire.FormatTime(now), ID: s.st.newID(), Address: address, Province: s.cfg.Province})
}

// addressOf reads an IP; none is one of those kept for documentation.
func addressOf(ip string) (int64, error) {
	n, err := wire.IPv4Number(or(ip, "203.0.113.10"))
	if err != nil {
		return 0, icp.InvalidField("/ip", "authority.sim_text")
	}
	return n, nil
}

// sendFiled sends a filing as the authority has it, again (BASJ).
func (s *Server) sendFiled(p Push, now time.Time) error {
	n, err := s.find(p, now)
	if err != nil {
		return err
	}
	filed := wire.FiledData{Records: []wire.FiledRecord{{Subject: n.Filing.Subject, Websites: n.Filing.Websites}}}
	s.each(p.ProviderID, func(provider int64) { s.deliver(provider, now, wire.DownloadICP{Filed: &filed}) })
	return nil
}

// sendAllFiled sends all filings in one file (SJTB).
func (s *Server) sendAllFiled(p Push, now time.Time) error {
	var all wire.FiledData
	for _, f := range s.st.Filings {
		if f.isWhole() {
			all.Records = append(all.Records, wire.FiledRecord{Subject: f.Subject, Websites: f.Websites})
		}
	}
	if len(all.Records) == 0 {
		return icp.E(icp.NotFound, "authority.sim_licence")
	}
	var b strings.Builder
	if err := xml.NewEncoder(&b).EncodeElement(all, xml.StartElement{Name: xml.Name{Local: "ICP"}}); err != nil {
		return fmt.Errorf("write filed data: %w", err)
	}
	s.sendElement(now, p.ProviderID, wire.Raw{Name: p.kind, XML: "<SJTB>" + b.String() + "</SJTB>"})
	return nil
}

// sendRaw sends an element as it is, to try what no other kind has.
func (s *Server) sendRaw(p Push, now time.Time) error {
	name, err := rootOf(p.XML)
	if err != nil {
		return icp.InvalidField("/xml", "authority.sim_xml").Because(err)
	}
	s.sendElement(now, p.ProviderID, wire.Raw{Name: name, XML: p.XML})
	return nil
}

// rootOf gives the name of the one element that a text consists of.
func rootOf(text string) (string, error) {
	d, name := xml.NewDecoder(strings.NewReader(text)), ""
	for depth := 0; ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && name != "" {
			return name, nil
		}
		if err != nil {
			return "", fmt.Errorf("read element: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth == 0 && name != "" {
				return "", errors.New("there are two elements")
			}
			if depth++; depth == 1 {
				name = t.Name.Local
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 && strings.TrimSpace(string(t)) != "" {
				return "", errors.New("there is text beside the element")
			}
		case xml.ProcInst, xml.Directive:
			return "", errors.New("there must be nothing but an element")
		}
	}
}

// sendPart sends an element that a template writes.
func (s *Server) sendPart(now time.Time, provider int64, element string, data any) error {
	var b strings.Builder
	if err := parts.ExecuteTemplate(&b, element, data); err != nil {
		return fmt.Errorf("write %s: %w", element, err)
	}
	s.sendElement(now, provider, wire.Raw{Name: element, XML: b.String()})
	return nil
}

// sendElement puts an element where its name belongs in a download document.
func (s *Server) sendElement(now time.Time, provider int64, e wire.Raw) {
	d := wire.DownloadData{ICP: &wire.DownloadICP{Other: []wire.Raw{e}}}
	if slices.Contains([]string{"IP", "YM", "JCDM", "SJTB"}, e.Name) {
		d = wire.DownloadData{Other: []wire.Raw{e}}
	}
	s.each(provider, func(provider int64) { s.deliverData(provider, now, d) })
}

// each visits a provider, or all of them for 0.
func (s *Server) each(provider int64, visit func(int64)) {
	for _, a := range s.cfg.Accounts {
		if provider == 0 || provider == a.ProviderID {
			visit(a.ProviderID)
		}
	}
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder never refuses a write
	return b.String()
}

// optional writes an element unless its value is empty or 0.
func optional(element string, value any) string {
	text := fmt.Sprint(value)
	if text == "" || text == "0" {
		return ""
	}
	return "<" + element + ">" + escaped(text) + "</" + element + ">"
}
