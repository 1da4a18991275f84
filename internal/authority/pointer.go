package authority

import (
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/icp"
)

// elements says which field of a website an element of Wz_xx came from.
var elements = map[string]string{
	"Wzmc": "/name", "Nrlx": "/pre_approvals", "Fwnr": "/service_content", "Yylb": "/languages", "Ym_xx": "/domain",
	"Jr_xx": "/resource", "Syurl": "/home_url", "Wz_Bz": "/remark",
	"Wz_Fzr": "/principal", "Wz_Fzr/Fzr_xm": "/principal/name", "Wz_Fzr/Fzr_dhhm": "/principal/office_phone",
	"Wz_Fzr/Fzr_sjhm": "/principal/mobile", "Wz_Fzr/Fzr_dzyj": "/principal/email",
	"Wz_Fzr/Fzr_zjlx": "/principal/certificate_type", "Wz_Fzr/Fzr_zjhm": "/principal/certificate_number",
}

// elementPointer turns a pointer of wire's check of a single record, such as
// /ICP/XZWZ/Xzxx/0/Wz_xx/1/Wz_Fzr/Fzr_xm, into one of the order. sites are the
// indexes of the record's websites in the order.
func elementPointer(pointer string, sites []int) string {
	rest, ok := strings.CutPrefix(pointer, "/ICP/XZWZ/Xzxx/0/")
	if !ok {
		return ""
	}
	parts := strings.Split(rest, "/")
	switch parts[0] {
	case "Zt_xx":
		return "/filing/licence_no"
	case "ICPmm":
		return "/filing"
	case "Fj":
		return "/materials"
	case "Wz_xx":
		return siteElement(parts[1:], sites)
	}
	return ""
}

func siteElement(parts []string, sites []int) string {
	if len(parts) == 0 {
		return "/websites"
	}
	n, err := strconv.Atoi(parts[0])
	if err != nil || n >= len(sites) {
		return "/websites"
	}
	at, path := sitePointer(sites[n]), parts[1:]
	if strings.Contains(strings.Join(path, "/"), "Spwj") {
		return "/materials/" + string(icp.MaterialPreApproval) + "/" + strconv.Itoa(sites[n])
	}
	for long := min(2, len(path)); long > 0; long-- {
		if field, ok := elements[strings.Join(path[:long], "/")]; ok {
			return at + field
		}
	}
	return at
}

// siteFields and subjectFields say which field a hint of wire.DataCode names.
var (
	siteFields = map[string]string{
		"website": "", "website.domain": "/domain", "website.name": "/name", "website.home_page": "/home_url",
		"website.access": "/resource", "website.access.ip": "/resource", "website.access.mode": "/resource", "website.access.place": "/resource",
		"website.approval": "/pre_approvals", "website.services": "/service_content", "website.languages": "/languages",
		"principal.name": "/principal/name", "principal.email": "/principal/email", "principal.mobile": "/principal/mobile",
		"principal.office_phone": "/principal/office_phone", "principal.certificate_number": "/principal/certificate_number",
		"principal.msn": "/principal", "principal.qq": "/principal",
	}
	otherFields = map[string]string{
		"subject": "/subject", "subject.certificate": "/subject/certificate_number", "subject.nature": "/subject/nature",
		"subject.address": "/subject/region", "subject.principal.name": "/subject/principal/name", "filing_password": "/filing",
		"attachment": "/materials", "attachment.format": "/materials", "attachment.purpose": "/materials", "attachment.owner": "/materials",
	}
)

// hintPointer gives the field of the order that a data code complains about;
// "" for none. A result of 新增网站 does not say which website it means: it is
// the only new one, or the one whose domain or name the comment holds, and
// otherwise none in particular.
func hintPointer(hint, comment string, o *icp.Order) string {
	if p, ok := otherFields[hint]; ok {
		return p
	}
	field, ok := siteFields[hint]
	if !ok {
		return ""
	}
	sites := newWebsites(o)
	if len(sites) == 1 {
		return sitePointer(sites[0]) + field
	}
	for _, i := range sites {
		w := &o.Data.Websites[i]
		if w.Domain != "" && strings.Contains(comment, w.Domain) || w.Name != "" && strings.Contains(comment, w.Name) {
			return sitePointer(i) + field
		}
	}
	return "/websites"
}
