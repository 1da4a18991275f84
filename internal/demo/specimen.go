package demo

import (
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/icp"
)

// specimen is a paper as it is drawn: a title, rows of label and text, and
// whether a silhouette stands where the photo would be.
type specimen struct {
	title    string
	rows     [][2]string
	portrait bool
	card     bool   // of the size of an identity card
	seed     uint64 // of the paper's grain
}

// certificateTitles name the samples' certificates by the authority's ids.
var certificateTitles = map[int]string{1: "营业执照", 4: "事业单位法人证书", 6: "社会团体法人登记证书", 21: "律师事务所执业许可证", 36: "社会服务机构登记证书"}

// materialTitles name what else a case may have to show.
var materialTitles = map[icp.MaterialKind]string{
	icp.MaterialTradeLicence: "执业许可证副本 年度考核页", icp.MaterialSubjectLetter: "网站备案授权书", icp.MaterialWebsiteLetter: "网站负责人授权书",
	icp.MaterialDomainCertificate: "域名证书", icp.MaterialTrainingPledge: "承诺书", icp.MaterialPledge: "承诺书",
}

// specimen gives the paper that a sample shows of a kind; site is the place of
// the website that it is for.
func (s *Sample) specimen(kind icp.MaterialKind, site int) specimen {
	person := &s.Principal
	if w := s.Websites[site].Principal; w != nil {
		person = w
	}
	var p specimen
	switch kind { //nolint:exhaustive // the others are letters
	case icp.MaterialSubjectCertificate:
		p = s.certificate()
	case icp.MaterialPrincipalFront:
		p = s.Principal.front()
	case icp.MaterialPrincipalBack:
		p = s.Principal.back()
	case icp.MaterialWebsitePrincipalFront:
		p = person.front()
	case icp.MaterialWebsitePrincipalBack:
		p = person.back()
	default:
		p = s.letter(kind, person, &s.Websites[site])
	}
	p.seed = seedOf(s.Login + string(kind) + strconv.Itoa(site))
	return p
}

func (s *Sample) certificate() specimen {
	rows := [][2]string{{"统一社会信用代码", s.CertificateNumber}, {"名称", s.Name}}
	rows = append(rows, [2]string{"住所", s.CertificateAddress}, [2]string{"法定代表人", s.legal()}, [2]string{"业务范围", s.Business}, [2]string{"登记机关", "样例登记机关"})
	return specimen{title: certificateTitles[s.CertificateType], rows: rows}
}

// legal is the person on the certificate.
func (s *Sample) legal() string {
	if s.Principal.Role == string(icp.RoleLegal) {
		return s.Principal.Name
	}
	return s.Investor
}

func (p *Person) front() specimen {
	sex := "女"
	if v, ok := icp.SexOf(p.CertificateNumber); ok && v == icp.Male {
		sex = "男"
	}
	born := ""
	if t, ok := icp.BirthDate(p.CertificateNumber); ok {
		born = t.Format("2006 年 1 月 2 日")
	}
	return specimen{title: "居民身份证（人像面）", card: true, portrait: true, rows: [][2]string{{"姓名", p.Name}, {"性别", sex}, {"出生", born},
		{"住址", p.Home}, {"公民身份号码", p.CertificateNumber}}}
}

func (p *Person) back() specimen {
	until := strings.ReplaceAll(p.Until, "-", ".")
	if p.Until == "long_term" {
		until = "长期"
	}
	return specimen{title: "居民身份证（签发面）", card: true, rows: [][2]string{{"签发机关", "样例签发机关"}, {"有效期限", "至 " + until}}}
}

func (s *Sample) letter(kind icp.MaterialKind, person *Person, site *Site) specimen {
	title, ok := materialTitles[kind]
	if !ok {
		title = "证明材料"
	}
	return specimen{title: title, rows: [][2]string{{"主体名称", s.Name}, {"证件号码", s.CertificateNumber}, {"网站名称", site.Name}, {"网站域名", site.Domain},
		{"负责人", person.Name}, {"手机", person.Mobile}, {"说明", "以上内容真实有效，由主体出具。"}}}
}

// seedOf makes a number of a text (FNV-1a).
func seedOf(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}
