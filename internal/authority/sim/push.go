package sim

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// maxNotice is the greatest length of a notice's text, in characters.
const maxNotice = 255

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
	// Finding is what HCJG_IP found: outside, conflict or unreported.
	Finding string `json:"finding,omitempty"`
	// Sync is what SJTB brings: ICP, IP, YM or JCDM.
	Sync string `json:"sync,omitempty"`
	// XML is one element that is sent as it is: a part of ICP, or IP, YM, JCDM or SJTB.
	XML string `json:"xml,omitempty"`
}

// pushKind is one kind of such a download.
type pushKind struct {
	Element string
	// Fields are those that people fill in.
	Fields []string
	make   func(*Server, Push, time.Time) (wire.DownloadData, error)
}

// pushes are the kinds in the order of the interface. HMDLB is sent by
// [Server.Bar], JCDM by [Server.SendBaseCodes].
var pushes = []pushKind{
	{"ZXSJ", []string{"licence", "text"}, (*Server).makeCancelled},
	{"XGTZ", []string{"licence", "text"}, (*Server).makeNotice},
	{"HSRW", []string{"licence"}, (*Server).makeCheckTask},
	{"HCJG", []string{"audit", "licence", "ip", "text"}, (*Server).makeAudit},
	{"HCJG_IP", []string{"finding", "ip", "text"}, (*Server).makeIPAudit},
	{"WBAWZLB", []string{"domain", "ip", "text"}, (*Server).makeUnfiled},
	{"FFJRHMD", []string{"domain", "ip", "text"}, (*Server).makeIllegalAccess},
	{"BASJ", []string{"licence"}, (*Server).makeFiled},
	{"SJTB", []string{"sync"}, (*Server).makeSync},
	{"raw", []string{"xml"}, (*Server).makeRaw},
}

// Push sends a download of a kind. Errors are icp.NotFound for a kind, provider
// or licence number that does not exist and icp.Invalid with the field at fault.
func (s *Server) Push(element string, p Push) error {
	at := slices.IndexFunc(pushes, func(k pushKind) bool { return k.Element == element })
	if at < 0 {
		return icp.E(icp.NotFound, "authority.sim_push")
	}
	if p.ProviderID != 0 && s.account(p.ProviderID) == nil {
		return icp.E(icp.NotFound, "authority.sim_provider")
	}
	return s.change(func(now time.Time) error {
		d, err := pushes[at].make(s, p, now)
		if err != nil {
			return err
		}
		s.send(p.ProviderID, now, d)
		return nil
	})
}

// send delivers a document to a provider, or to all of them for 0.
func (s *Server) send(provider int64, now time.Time, d wire.DownloadData) {
	for _, a := range s.cfg.Accounts {
		if provider == 0 || provider == a.ProviderID {
			s.st.channel(a.ProviderID).expect(&d)
			s.deliverData(a.ProviderID, now, d)
		}
	}
}

func about(part wire.DownloadICP) wire.DownloadData { return wire.DownloadData{ICP: &part} }

// makeCancelled cancels a filing or a website of it (ZXSJ).
func (s *Server) makeCancelled(p Push, _ time.Time) (wire.DownloadData, error) {
	if p.Licence == "" {
		return wire.DownloadData{}, icp.InvalidField("/licence", "authority.sim_licence")
	}
	n, err := s.named(p.Licence)
	if err != nil {
		return wire.DownloadData{}, err
	}
	r := wire.CancelledRecord{Kind: wire.CancelSubject, RecordID: n.id(), Remark: p.Text}
	if n.isWebsite {
		r.Kind = wire.CancelWebsite
		s.cancelWebsite(n.filing, r.RecordID)
	} else {
		s.cancelSubject(n.filing)
	}
	return about(cancelled(r)), nil
}

func cancelled(r wire.CancelledRecord) wire.DownloadICP {
	return wire.DownloadICP{Cancelled: &wire.CancelledData{Records: []wire.CancelledRecord{r}}}
}

// makeNotice asks for a correction (XGTZ).
func (s *Server) makeNotice(p Push, _ time.Time) (wire.DownloadData, error) {
	if utf8.RuneCountInString(p.Text) > maxNotice {
		return wire.DownloadData{}, icp.InvalidField("/text", "authority.sim_text")
	}
	n, err := s.named(p.Licence)
	if err != nil {
		return wire.DownloadData{}, err
	}
	r := wire.Notice{Kind: wire.NoticeSubject, Licence: n.licence, RecordID: n.id(), Text: or(p.Text, "备案信息与实际情况不符，请核实并修改")}
	if n.isWebsite {
		r.Kind = wire.NoticeWebsite
	}
	return about(wire.DownloadICP{Notices: &wire.Notices{Records: []wire.Notice{r}}}), nil
}

// makeUnfiled tells of a website without filing on a provider's address (WBAWZLB).
func (s *Server) makeUnfiled(p Push, now time.Time) (wire.DownloadData, error) {
	at, err := place(p)
	if err != nil {
		return wire.DownloadData{}, err
	}
	r := wire.UnfiledWebsite{AuthorityID: s.st.newID(), Domain: at.domain, IP: at.ip, SeenAt: wire.FormatTime(now), FirstSeen: wire.FormatTime(now), Times: 1,
		Province: s.cfg.Province, Provider: or(p.ProviderID, s.cfg.Accounts[0].ProviderID), Carrier: 1, Remark: p.Text}
	return about(wire.DownloadICP{Unfiled: &wire.UnfiledWebsites{Records: []wire.UnfiledWebsite{r}}}), nil
}

// makeIllegalAccess tells of what must not be connected (FFJRHMD).
func (s *Server) makeIllegalAccess(p Push, now time.Time) (wire.DownloadData, error) {
	at, err := place(p)
	if err != nil {
		return wire.DownloadData{}, err
	}
	r := wire.IllegalAccess{AuthorityID: s.st.newID(), Domain: at.domain, IP: at.ip, SeenAt: wire.FormatTime(now),
		Province: s.cfg.Province, Provider: or(p.ProviderID, s.cfg.Accounts[0].ProviderID), Remark: p.Text}
	return about(wire.DownloadICP{IllegalAccesses: &wire.IllegalAccesses{Records: []wire.IllegalAccess{r}}}), nil
}

// makeFiled sends a filing as the authority has it, again (BASJ).
func (s *Server) makeFiled(p Push, _ time.Time) (wire.DownloadData, error) {
	n, err := s.named(p.Licence)
	if err != nil {
		return wire.DownloadData{}, err
	}
	return about(filed(n.filing, n.filing.Websites...)), nil
}

// filed tells of a filing with some of its websites.
func filed(f *filing, websites ...wire.FiledWebsite) wire.DownloadICP {
	return wire.DownloadICP{Filed: &wire.FiledData{Records: []wire.FiledRecord{{Subject: f.Subject, Websites: websites}}}}
}

// makeRaw sends an element as it is, to try what no other kind has.
func (s *Server) makeRaw(p Push, _ time.Time) (wire.DownloadData, error) {
	name, err := rootOf(p.XML)
	if err != nil {
		return wire.DownloadData{}, icp.InvalidField("/xml", "authority.sim_xml").Because(err)
	}
	raw := []wire.Raw{{Name: name, XML: p.XML}}
	if slices.Contains([]string{"IP", "YM", "JCDM", "SJTB"}, name) {
		return wire.DownloadData{Other: raw}, nil
	}
	return about(wire.DownloadICP{Other: raw}), nil
}

// spot is where a website was found.
type spot struct {
	domain string
	ip     int64
}

// place reads domain and address; what is not given is made up.
func place(p Push) (spot, error) {
	at := spot{domain: or(p.Domain, "weibeian.example.cn")}
	if len(at.domain) < 4 || len(at.domain) > 128 {
		return at, icp.InvalidField("/domain", "authority.sim_text")
	}
	var err error
	if at.ip, err = wire.IPv4Number(or(p.IP, "203.0.113.10")); err != nil {
		return at, icp.InvalidField("/ip", "authority.sim_text")
	}
	return at, nil
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
