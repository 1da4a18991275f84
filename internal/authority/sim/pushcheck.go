package sim

import (
	"slices"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// audits are the kinds of audits that HCJG tells of.
var audits = []string{auditAccess, auditSubject, auditShell, auditLive}

const (
	auditAccess  = "access"
	auditSubject = "subject"
	auditShell   = "empty_shell"
	auditLive    = "live"
)

// known is a filing in force and the website of it that a number names.
type known struct {
	licence   string
	filing    *filing
	website   *wire.FiledWebsite // the first one where the number is the subject's
	isWebsite bool
}

// id is the authority's id of what the number names.
func (k known) id() int64 {
	if k.isWebsite {
		return k.website.AuthorityID
	}
	return k.filing.Subject.AuthorityID
}

// named looks a licence number up; none is that of the first whole filing.
func (s *Server) named(licence string) (known, error) {
	if licence == "" {
		if at := slices.IndexFunc(s.st.Filings, (*filing).isWhole); at >= 0 {
			licence = s.st.Filings[at].Subject.Licence
		}
	}
	k := known{licence: licence, filing: s.idx.licences[licence]}
	if k.filing == nil || !k.filing.isWhole() {
		return k, icp.E(icp.NotFound, "authority.sim_licence")
	}
	k.website = &k.filing.Websites[0]
	if licence == k.filing.Subject.Licence {
		return k, nil
	}
	at := slices.IndexFunc(k.filing.Websites, func(w wire.FiledWebsite) bool { return w.Licence == licence })
	if at < 0 {
		return k, icp.E(icp.NotFound, "authority.sim_licence")
	}
	k.website, k.isWebsite = &k.filing.Websites[at], true
	return k, nil
}

// makeAudit tells what the authority found wrong (HCJG).
func (s *Server) makeAudit(p Push, now time.Time) (wire.DownloadData, error) {
	kind := or(p.Audit, auditAccess)
	if !slices.Contains(audits, kind) {
		return wire.DownloadData{}, icp.InvalidField("/audit", "authority.sim_text")
	}
	k, err := s.named(p.Licence)
	if err != nil {
		return wire.DownloadData{}, err
	}
	found, err := place(Push{IP: p.IP})
	if err != nil {
		return wire.DownloadData{}, err
	}
	at, w, subject := wire.FormatTime(now), k.website, k.filing.Subject
	var f wire.AuditFindings
	switch kind {
	case auditSubject:
		f.Subjects = []wire.SubjectFinding{{AuthorityID: subject.AuthorityID, Name: subject.Name, CertificateType: subject.Certificate.Type,
			CertificateNumber: subject.Certificate.Number, Reason: p.Text}}
	case auditShell:
		f.Shells = []wire.ShellFinding{{WebsiteID: w.AuthorityID, WebsiteLicence: w.Licence, Result: wire.WebsiteDead, At: at, Remark: p.Text}}
	case auditLive:
		f.Dead = []wire.LivenessFinding{{WebsiteID: w.AuthorityID, WebsiteLicence: w.Licence, At: at, Remark: p.Text}}
	default:
		access := w.Accesses[0]
		f.Accesses = []wire.AccessFinding{{WebsiteID: w.AuthorityID, WebsiteLicence: w.Licence, Domain: w.Domains[0].Name, IP: found.ip, Provider: access.ProviderID,
			Result: wire.AccessOverReported, At: at, AccessID: access.AuthorityID, Remark: p.Text}}
	}
	return about(wire.DownloadICP{Audit: &wire.Audit{Findings: f}}), nil
}

// makeCheckTask asks the provider to check a filing (HSRW).
func (s *Server) makeCheckTask(p Push, _ time.Time) (wire.DownloadData, error) {
	k, err := s.named(p.Licence)
	if err != nil {
		return wire.DownloadData{}, err
	}
	z := k.filing.Subject
	task := wire.CheckTask{Subject: wire.TaskSubject{AuthorityID: z.AuthorityID, Name: z.Name, Nature: z.Nature, Address: z.Address, Certificate: z.Certificate,
		Principal: z.Principal, Investor: z.Investor, OnBehalf: z.OnBehalf, FirstFiled: z.FirstFiled, LastChanged: z.LastChanged, Remark: z.Remark}}
	for _, w := range k.filing.Websites {
		task.Websites = append(task.Websites, taskWebsite(w))
	}
	return about(wire.DownloadICP{CheckTasks: &wire.CheckTasks{Records: []wire.CheckTask{task}}}), nil
}

func taskWebsite(w wire.FiledWebsite) wire.TaskWebsite {
	out := wire.TaskWebsite{AuthorityID: w.AuthorityID, Name: w.Name, Services: w.Services, Languages: &w.Languages, Principal: w.Principal,
		HomePage: w.HomePage, Remark: w.Remark, FirstFiled: w.FirstFiled, LastChanged: w.LastChanged}
	for _, d := range w.Domains {
		out.Domains = append(out.Domains, wire.TaskDomain{AuthorityID: d.AuthorityID, Name: d.Name})
	}
	for _, a := range w.Accesses {
		access := wire.TaskAccess{AuthorityID: a.AuthorityID, Places: a.Places, Modes: a.Modes, ReporterID: a.ProviderID, OnBehalf: wire.FiledOnBehalf}
		for _, ip := range a.IPs {
			access.IPs = append(access.IPs, wire.TaskIP{AuthorityID: ip.AuthorityID, First: ip.First, Last: ip.Last})
		}
		out.Accesses = append(out.Accesses, access)
	}
	return out
}
