package wire_test

import (
	"testing"

	"github.com/openbeian/beian/internal/authority/wire"
)

// sample is an upload that uses every element of an added website.
func sample() wire.UploadData {
	ip, _ := wire.IPv4Number("203.0.113.7")
	return wire.UploadData{ICP: &wire.UploadICP{ProviderID: 330011, AddWebsites: &wire.AddWebsites{Records: []wire.AddWebsite{{
		Subject: wire.SubjectRef{Licence: "浙ICP备2024000001号"},
		Websites: []wire.Website{{
			ID: 71, Name: "钱塘茶叶<铺> & 园",
			Approvals: &wire.Approvals{Items: []wire.Approval{{Type: 16, Number: "（浙）网药械信息备字〔2024〕第00001号", Scans: []wire.Base64{[]byte("\xff\xd8scan")}}}},
			Services:  wire.ServiceIDs{IDs: []int64{1, 33}},
			Languages: wire.LanguageIDs{IDs: []int64{1, 12}},
			Domains:   []wire.Domain{{ID: 81, Name: "chaye.example.cn"}, {ID: 82, Name: "茶叶.example.cn"}},
			Accesses: []wire.Access{{ID: 91, Places: wire.PlaceIDs{IDs: []int64{11}}, Modes: wire.ModeIDs{IDs: []int64{5}},
				IPs: []wire.IPRange{{ID: 95, First: ip, Last: ip + 1}}}},
			Principal: wire.Principal{Name: "沈知远", OfficePhone: "0571-88880000", Mobile: "13900000000", Email: "shen@example.cn",
				MSN: "shen@example.com", QQ: "100001", CertificateType: 2, CertificateNumber: "11010519491231002X"},
			HomePage: "www.chaye.example.cn", Remark: "第一行\n第二行",
		}},
		Attachments: []wire.Attachment{
			{Info: wire.AttachmentInfo{Format: wire.FormatJPEG, Purpose: wire.PurposeVerificationSheet, Content: []byte("\xff\xd8sheet"),
				Owner: wire.AttachmentOwner{Type: wire.OwnerWebsite, Ref: wire.RecordRef{RecordID: 71}}, Remark: "核验单"}},
			{Info: wire.AttachmentInfo{Format: wire.FormatPNG, Purpose: wire.PurposeSubjectCertificate, Content: []byte("\x89PNG"),
				Owner: wire.AttachmentOwner{Type: wire.OwnerSubject, Ref: wire.RecordRef{Licence: "浙ICP备2024000001号"}}}},
		},
		FilingPasswordHash: wire.V30().FilingPasswordHash("tea12345"),
	}}}}}
}

func site(d *wire.UploadData) *wire.Website {
	return &d.ICP.AddWebsites.Records[0].Websites[0]
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
