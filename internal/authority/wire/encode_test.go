package wire_test

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/authority/wire/wiretest"
	"github.com/openbeian/beian/internal/icp"
)

func TestUploadSurvivesTheRoundTrip(t *testing.T) {
	t.Parallel()
	for _, page := range []wire.CodePage{wire.GBK, wire.GB18030} {
		p := wire.V30()
		p.CodePage = page
		b := must[[]byte](t)(p.Encode(sample()))
		if !strings.HasPrefix(string(b), `<?xml version="1.0" encoding="`+string(page)+`"?>`) {
			t.Errorf("declaration is %.50q", b)
		}
		got := must[wire.UploadData](t)(wire.DecodeUpload(b))
		want := sample()
		want.Version, want.XMLName = "V.3.0", got.XMLName
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v\nwant %+v", page, got.ICP.AddWebsites, want.ICP.AddWebsites)
		}
		if got.Records() != 1 {
			t.Errorf("records = %d", got.Records())
		}
	}
}

// The bytes as they are sent; readable files of every kind are beside it.
func TestUploadOfAnAddedWebsiteIsTheGoldenFile(t *testing.T) {
	t.Parallel()
	const golden = "testdata/xzwz.xml"
	got := must[[]byte](t)(wire.V30().Encode(sample()))
	if want := must[[]byte](t)(os.ReadFile(golden)); !bytes.Equal(got, want) {
		t.Errorf("document differs from %s (GBK):\n%q", golden, got)
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	const at = "/ICP/XZWZ/Xzxx/0/Wz_xx/0"
	for name, c := range map[string]struct {
		spoil         func(*wire.UploadData)
		pointer, code string
	}{
		"a name of 513 characters, counted as characters": {func(d *wire.UploadData) { site(d).Name = strings.Repeat("茶", 513) }, at + "/Wzmc", "wire.too_long"},
		"an empty name":                          {func(d *wire.UploadData) { site(d).Name = "" }, at + "/Wzmc", "wire.required"},
		"a home page of 3 characters":            {func(d *wire.UploadData) { site(d).HomePage = "a.b" }, at + "/Syurl", "wire.too_short"},
		"no service content":                     {func(d *wire.UploadData) { site(d).Services.IDs = nil }, at + "/Fwnr/Fwnr_id", "wire.too_few"},
		"65 service contents":                    {func(d *wire.UploadData) { site(d).Services.IDs = ones(65) }, at + "/Fwnr/Fwnr_id", "wire.too_many"},
		"a service content above 64":             {func(d *wire.UploadData) { site(d).Services.IDs = []int64{65} }, at + "/Fwnr/Fwnr_id/0", "wire.out_of_range"},
		"a service content of zero":              {func(d *wire.UploadData) { site(d).Services.IDs = []int64{0} }, at + "/Fwnr/Fwnr_id/0", "wire.required"},
		"no domain":                              {func(d *wire.UploadData) { site(d).Domains = nil }, at + "/Ym_xx", "wire.too_few"},
		"a reversed IP range":                    {func(d *wire.UploadData) { site(d).Accesses[0].IPs[0].Last = 1 }, at + "/Jr_xx/0/Ip_xx/0/Zzip", "wire.ip_range_reversed"},
		"an IP above 32 bits":                    {func(d *wire.UploadData) { site(d).Accesses[0].IPs[0].Last = 1 << 32 }, at + "/Jr_xx/0/Ip_xx/0/Zzip", "wire.out_of_range"},
		"a control character":                    {func(d *wire.UploadData) { site(d).Name = "茶\x01叶" }, at + "/Wzmc", "wire.illegal_character"},
		"broken UTF-8":                           {func(d *wire.UploadData) { site(d).Name = "茶\xff叶" }, at + "/Wzmc", "wire.illegal_character"},
		"a character beyond GBK":                 {func(d *wire.UploadData) { site(d).Principal.Name = "𠮷田" }, at + "/Wz_Fzr/Fzr_xm", "wire.not_encodable"},
		"a character of extension A":             {func(d *wire.UploadData) { site(d).Principal.Name = "王䶮" }, at + "/Wz_Fzr/Fzr_xm", "wire.not_encodable"},
		"the euro sign":                          {func(d *wire.UploadData) { site(d).Remark = "5€" }, at + "/Wz_Bz", "wire.not_encodable"},
		"letters in a phone number":              {func(d *wire.UploadData) { site(d).Principal.Mobile = "1390000000x" }, at + "/Wz_Fzr/Fzr_sjhm", "wire.phone_characters"},
		"a second e-mail address without @":      {func(d *wire.UploadData) { site(d).Principal.Email = "a@b.cn;c.cn" }, at + "/Wz_Fzr/Fzr_dzyj", "wire.email_without_at"},
		"two keys of one subject":                {func(d *wire.UploadData) { d.ICP.AddWebsites.Records[0].Subject.AuthorityID = 5 }, "/ICP/XZWZ/Xzxx/0/Zt_xx", "wire.exactly_one"},
		"no key of the subject":                  {func(d *wire.UploadData) { d.ICP.AddWebsites.Records[0].Subject.Licence = "" }, "/ICP/XZWZ/Xzxx/0/Zt_xx", "wire.exactly_one"},
		"a certificate of more than 100 KB":      {func(d *wire.UploadData) { attach(d, 1).Content = make([]byte, 100<<10+1) }, "/ICP/XZWZ/Xzxx/0/Fj/1/Fjxx/Fjnr", "wire.attachment_too_large"},
		"a verification sheet of more than 150K": {func(d *wire.UploadData) { attach(d, 0).Content = make([]byte, 150<<10+1) }, "/ICP/XZWZ/Xzxx/0/Fj/0/Fjxx/Fjnr", "wire.attachment_too_large"},
		"no operation":                           {func(d *wire.UploadData) { d.ICP.AddWebsites = nil }, "/ICP", "wire.no_operation"},
		"no provider":                            {func(d *wire.UploadData) { d.ICP.ProviderID = 0 }, "/ICP/Qqdwid", "wire.required"},
		"no ICP part":                            {func(d *wire.UploadData) { d.ICP = nil }, "/ICP", "wire.required"},
		"1001 records": {func(d *wire.UploadData) {
			a := d.ICP.AddWebsites
			for len(a.Records) <= wire.MaxUploadRecords {
				a.Records = append(a.Records, a.Records[0])
			}
		}, "/", "wire.too_many_records"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := sample()
			c.spoil(&d)
			_, err := wire.V30().Encode(d)
			var e *icp.Error
			if !errors.As(err, &e) || e.Kind != icp.Invalid {
				t.Fatalf("err = %v, want invalid", err)
			}
			for _, f := range e.Fields {
				if f.Pointer == c.pointer && f.Code == c.code {
					return
				}
			}
			t.Errorf("faults = %+v, want %s %s", e.Fields, c.pointer, c.code)
		})
	}
}

func TestEncodeTakesTheLimits(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*wire.UploadData){
		"512 characters of name":          func(d *wire.UploadData) { site(d).Name = strings.Repeat("茶", 512) },
		"no optional element":             bare,
		"150 KB of verification sheet":    func(d *wire.UploadData) { attach(d, 0).Content = make([]byte, 150<<10) },
		"the authority's id of a subject": func(d *wire.UploadData) { d.ICP.AddWebsites.Records[0].Subject = wire.SubjectRef{AuthorityID: 9} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := sample()
			set(&d)
			wiretest.Validate(t, wiretest.UploadSchema, must[[]byte](t)(wire.V30().Encode(d)))
		})
	}
}

func TestGB18030TakesRareNames(t *testing.T) {
	t.Parallel()
	p, d := wire.V30(), sample()
	p.CodePage = wire.GB18030
	site(&d).Principal.Name = "𠮷䶮€"
	got := must[wire.UploadData](t)(wire.DecodeUpload(must[[]byte](t)(p.Encode(d))))
	if n := site(&got).Principal.Name; n != "𠮷䶮€" {
		t.Errorf("name = %q", n)
	}
}

func TestUploadIsValidUnderTheSchema(t *testing.T) {
	t.Parallel()
	wiretest.Validate(t, wiretest.UploadSchema, must[[]byte](t)(wire.V30().Encode(sample())))
}

func ones(n int) []int64 {
	s := make([]int64, n)
	for i := range s {
		s[i] = 1
	}
	return s
}

func attach(d *wire.UploadData, i int) *wire.AttachmentInfo {
	return &d.ICP.AddWebsites.Records[0].Attachments[i].Info
}

func bare(d *wire.UploadData) {
	r := &d.ICP.AddWebsites.Records[0]
	r.Attachments, r.FilingPasswordHash = nil, ""
	s := &r.Websites[0]
	s.Approvals, s.HomePage, s.Remark = nil, "", ""
	s.Principal = wire.Principal{Name: "沈知远", Mobile: "13900000000", Email: "shen@example.cn"}
}
