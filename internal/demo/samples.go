package demo

import (
	"bytes"
	_ "embed"
	"fmt"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/domaincheck"
	registrysim "github.com/openbeian/beian/internal/domaincheck/sim"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/inventory"
)

// FilingPassword (备案密码) proves the sample applicants' filings.
const FilingPassword = "beian-2026"

// Reader is the login of a sample applicant whose order has come back to be read.
const Reader = "sample-eldercare@example.com"

// Sample is an invented applicant with an order.
type Sample struct {
	Login   string `yaml:"login"`
	Story   string `yaml:"story"`
	Licence string `yaml:"licence"` // of the filing that the subject holds through another provider
	// Name, CertificateType and CertificateNumber are the account's real name.
	Name               string `yaml:"name"`
	Nature             int    `yaml:"nature"`
	CertificateType    int    `yaml:"certificate_type"`
	CertificateNumber  string `yaml:"certificate_number"`
	CertificateAddress string `yaml:"certificate_address"`
	Region             string `yaml:"region"` // six digits, a county of Beijing
	Address            string `yaml:"address"`
	Investor           string `yaml:"investor"`
	Business           string `yaml:"business"` // on the certificate only
	Remark             string `yaml:"remark"`
	Principal          Person `yaml:"principal"`
	Server             struct {
		Name string `yaml:"name"`
		IP   string `yaml:"ip"`
	} `yaml:"server"`
	// Old is the website that the subject has already.
	Old struct {
		Name   string `yaml:"name"`
		Domain string `yaml:"domain"`
	} `yaml:"old"`
	Websites []Site `yaml:"websites"`
	// First are answers that a reviewer returns, before they are mended.
	First struct {
		Name    string `yaml:"name"`
		Remark  string `yaml:"remark"`
		Address string `yaml:"address"`
	} `yaml:"first"`
	Findings []struct {
		Pointer string `yaml:"pointer"`
		Reason  string `yaml:"reason"`
		Advice  string `yaml:"advice"`
	} `yaml:"findings"`
	Note    string `yaml:"note"`    // the reviewer's, for colleagues
	Opinion string `yaml:"opinion"` // the authority's, word for word
}

// Person is who answers for a subject or a website. Home is on the certificate.
type Person struct {
	Name              string `yaml:"name"`
	Role              string `yaml:"role"`
	CertificateNumber string `yaml:"certificate_number"`
	Until             string `yaml:"until"`
	Mobile            string `yaml:"mobile"`
	OfficePhone       string `yaml:"office_phone"`
	EmergencyPhone    string `yaml:"emergency_phone"`
	Email             string `yaml:"email"`
	Home              string `yaml:"home"`
	Remark            string `yaml:"remark"`
}

// Site is a website of the order; without a principal the subject's answers.
type Site struct {
	Name      string  `yaml:"name"`
	Domain    string  `yaml:"domain"`
	Content   int     `yaml:"content"`
	Languages []int   `yaml:"languages"`
	Remark    string  `yaml:"remark"`
	Principal *Person `yaml:"principal"`
}

//go:embed samples.yaml
var samplesFile []byte

// Samples reads the list; a fault in the embedded file is a programmer's.
func Samples() []Sample {
	var out []Sample
	dec := yaml.NewDecoder(bytes.NewReader(samplesFile))
	dec.KnownFields(true)
	if err := dec.Decode(&out); err != nil {
		panic(fmt.Sprintf("samples.yaml: %v", err))
	}
	return out
}

// IsIndividual reports whether the applicant is a natural person.
func (s *Sample) IsIndividual() bool { return s.Nature == icp.NatureIndividual }

// Domains are the samples' domains as the simulated registry knows them: years
// old, verified, held by their applicants.
func Domains() []registrysim.Sample {
	const day = 24 * time.Hour
	var out []registrysim.Sample
	for _, s := range Samples() {
		for i, w := range s.Websites {
			d := registrysim.Sample{Domain: w.Domain, Story: "of the sample applicant " + s.Login, Account: s.Name, Org: s.Name,
				Registrar: registrysim.Registrar, RegistrarID: registrysim.RegistrarID,
				Age: time.Duration(300+70*i) * day, Left: 500 * day, Verified: 290 * day,
				RealName: domaincheck.RealNameVerified, Statuses: []string{"clientTransferProhibited"}}
			if s.IsIndividual() {
				d.Org, d.Person = "", s.Name
			}
			out = append(out, d)
		}
	}
	return out
}

// filed is the applicant as the authority knows it.
func (s *Sample) filed() sim.Subject {
	const beijing, city = 110000, 110100
	var county int64
	_, _ = fmt.Sscan(s.Region, &county) // digits, as a test checks
	return sim.Subject{Licence: s.Licence, FilingPassword: FilingPassword, Name: s.Name, Nature: int64(s.Nature), Province: beijing, City: city, County: county,
		Address: s.Address, CertificateType: int64(s.CertificateType), CertificateNumber: s.CertificateNumber, CertificateAddress: s.CertificateAddress,
		PrincipalName: s.Principal.Name, PrincipalMobile: s.Principal.Mobile, PrincipalEmail: s.Principal.Email,
		Websites: []sim.Website{{Licence: s.Licence + "-1", Name: s.Old.Name, Domains: []string{s.Old.Domain}, ProviderID: 1}}}
}

// server is what the applicant rents from the provider.
func (s *Sample) server(now time.Time) inventory.ServerInput {
	const year = 365 * 24 * time.Hour
	return inventory.ServerInput{ExternalID: "ins-" + s.Login[:len(s.Login)-len("@example.com")], Account: s.Login, Name: s.Server.Name, Region: "ap-beijing",
		Mainland: true, PublicIP: s.Server.IP, Billing: inventory.Prepaid, BoughtMonths: 12, ExpiresAt: now.Add(year).Truncate(time.Hour)}
}

// subject puts the answers about the subject into one that an order began with.
func (s *Sample) subject(begun icp.Subject) icp.Subject {
	begun.Region, begun.Nature, begun.CertificateType, begun.CertificateNumber = s.Region, s.Nature, s.CertificateType, s.CertificateNumber
	begun.Name, begun.CertificateAddress, begun.Address = s.Name, s.CertificateAddress, s.Address
	begun.Investor, begun.Remark, begun.Principal = s.Investor, s.Remark, s.Principal.principal()
	return begun
}

// answer puts the answers about a site into one that an order began with.
func (w *Site) answer(begun icp.Website) icp.Website {
	begun.Name, begun.ServiceContent, begun.Remark = w.Name, w.Content, w.Remark
	if len(w.Languages) > 0 {
		begun.Languages = w.Languages
	}
	begun.SameAsSubject = w.Principal == nil
	if w.Principal != nil {
		begun.Principal = w.Principal.principal()
	}
	return begun
}

func (p *Person) principal() icp.Principal {
	return icp.Principal{Name: p.Name, CertificateType: icp.CertResidentID, CertificateNumber: p.CertificateNumber, CertificateUntil: p.Until,
		Role: icp.PrincipalRole(p.Role), Mobile: p.Mobile, OfficePhone: p.OfficePhone, EmergencyPhone: p.EmergencyPhone, Email: p.Email, Remark: p.Remark}
}
