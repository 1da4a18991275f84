package wire

import "strconv"

// FirstFilings (新增备案, XZBA) asks for the filing of subjects that have none.
type FirstFilings struct {
	// Records is 新增ICP备案信息 (Baxx), one or more.
	Records []FirstFiling `xml:"Baxx" wire:"n=1.."`
}

// FirstFiling (新增ICP备案信息, Baxx) is one subject with its first websites.
type FirstFiling struct {
	// Subject is 主体信息 (Zt_xx).
	Subject NewSubject `xml:"Zt_xx"`
	// Websites is 网站信息 (Wz_xx), one or more; the home page has at most 255
	// characters here.
	Websites []Website `xml:"Wz_xx" wire:"n=1..,Syurl.len=4..255"`
	// Attachments is 附件 (Fj), any number.
	Attachments []FirstAttachment `xml:"Fj"`
}

func (f *FirstFiling) checkMore(c *checker) {
	for i := range f.Websites {
		phoneOfUnit(c, f.Subject.Nature, &f.Websites[i].Principal, i)
	}
}

// NewSubject (主体信息, Zt_xx) is a subject that is not filed yet.
type NewSubject struct {
	// ID is our id of the subject (IspZtid), ≥ 1, unique for each request.
	ID int64 `xml:"IspZtid" wire:"req,val=1.."`
	// Name is 主办单位或主办人名称 (Dwmc), 1–255 characters.
	Name string `xml:"Dwmc" wire:"req,len=1..255"`
	// Nature is the id of 单位性质 (Dwxz), 1–999; units must give it, persons may.
	Nature int64 `xml:"Dwxz,omitempty" wire:"val=1..999"`
	// Investor is 投资人 (Tzr), 1–255 characters, optional.
	Investor string `xml:"Tzr,omitempty" wire:"len=1..255"`
	// Address is 通信地址信息 (Txdz).
	Address PostalAddress `xml:"Txdz"`
	// Certificate is 证件信息 (Zj).
	Certificate SubjectCertificate `xml:"Zj"`
	// Principal is 主办单位负责人信息 (Fzr); a unit must give name and office
	// phone, a person may leave both out.
	Principal Principal `xml:"Fzr" wire:"Fzr_xm.opt"`
	// OnBehalf is 报备方式 (Bbfs): [FiledByOwner] or [FiledOnBehalf].
	OnBehalf int64 `xml:"Bbfs" wire:"val=0..1"`
	// Remark is 备注信息 (Bz), 1–1024 characters, optional.
	Remark string `xml:"Bz,omitempty" wire:"len=1..1024"`
}

func (s *NewSubject) checkMore(c *checker) { principalOfUnit(c, s.Nature, &s.Principal) }

// Ways of reporting (报备方式, Bbfs; 报备类型, Bbyhlx).
const (
	FiledByOwner  = 0 // 自行报备
	FiledOnBehalf = 1 // 代为报备, by the provider
)

// natureIndividual is the id of 个人 in the table of natures: the one nature
// whose principals need neither name nor office phone.
const natureIndividual = 5

// principalOfUnit faults what the schema's notes demand of units.
func principalOfUnit(c *checker, nature int64, p *Principal) {
	if nature != 0 && nature != natureIndividual {
		c.need("wire.required_of_unit", map[string]bool{"Fzr/Fzr_xm": p.Name != "", "Fzr/Fzr_dhhm": p.OfficePhone != ""})
	}
}

// phoneOfUnit does the same for the principal of a website.
func phoneOfUnit(c *checker, nature int64, p *Principal, i int) {
	if nature != 0 && nature != natureIndividual && p.OfficePhone == "" {
		c.fault("Wz_xx/"+strconv.Itoa(i)+"/Wz_Fzr/Fzr_dhhm", "wire.required_of_unit", nil)
	}
}

// PostalAddress (通信地址信息, Txdz) has area codes (GB/T 2260) and the street.
type PostalAddress struct {
	// Province is 省 (Shengid) as on the certificate, ≥ 100000.
	Province int64 `xml:"Shengid" wire:"req,val=100000.."`
	// City is 市 (Shiid), ≥ 100000.
	City int64 `xml:"Shiid" wire:"req,val=100000.."`
	// County is 县 (Xianid), ≥ 100000, optional.
	County int64 `xml:"Xianid,omitempty" wire:"val=100000.."`
	// Street is 详细通信地址 (Xxdz), 1–1024 characters, optional.
	Street string `xml:"Xxdz,omitempty" wire:"len=1..1024"`
}

// SubjectCertificate (证件信息, Zj) identifies a subject.
type SubjectCertificate struct {
	// Type is the id of 证件类型 (Zjlx), 1–999.
	Type int64 `xml:"Zjlx" wire:"req,val=1..999,code"`
	// Number is 证件号码 (Zjhm), 1–255 characters.
	Number string `xml:"Zjhm" wire:"req,len=1..255"`
	// Address is 证件住所 (Zjzs), 1–1024 characters.
	Address string `xml:"Zjzs" wire:"req,len=1..1024"`
}

// FirstAttachment (附件, Fj) is one picture of a first filing.
type FirstAttachment struct {
	// Info is the content (Fjxx).
	Info FirstAttachmentInfo `xml:"Fjxx"`
}

// FirstAttachmentInfo (Fjxx) is an [AttachmentInfo] whose owner has no id of the
// authority yet.
type FirstAttachmentInfo struct {
	// Format is the id of 附件文件格式 (Fjwjgs), ≥ 1.
	Format int64 `xml:"Fjwjgs" wire:"req,val=1.."`
	// Purpose is the id of 附件用途 (Fjyt), ≥ 1.
	Purpose int64 `xml:"Fjyt" wire:"req,val=1.."`
	// Content is 附件内容 (Fjnr): at most [MaxAttachmentBytes] of its purpose.
	Content Base64 `xml:"Fjnr" wire:"req"`
	// Owner is 附件所属对象 (Fjssdx).
	Owner FirstAttachmentOwner `xml:"Fjssdx"`
	// Remark is 备注 (Bz), 1–256 characters, optional.
	Remark string `xml:"Bz,omitempty" wire:"len=1..256"`
}

func (a *FirstAttachmentInfo) checkMore(c *checker) { fitting(c, a.Purpose, a.Content) }

// FirstAttachmentOwner (Fjssdx) names the new subject or website by our id.
type FirstAttachmentOwner struct {
	// Type is [OwnerSubject] or [OwnerWebsite] (Ssdxlx; the schema allows 1–10).
	Type int64 `xml:"Ssdxlx" wire:"req,val=1..10"`
	// ID is our id of it (Ssdxbs), ≥ 1.
	ID int64 `xml:"Ssdxbs" wire:"req,val=1.."`
}
