package wire

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/icp"
)

// What the schema's notes say in words, which no schema can check.
func TestEncodeKeepsToTheNotesOfTheSchema(t *testing.T) {
	t.Parallel()
	first := func(d *UploadData) *FirstFiling { return &d.ICP.FirstFilings.Records[0] }
	alloc := func(d *UploadData) *NewIPAllocation { return &d.IP.New.Allocations.Records[0] }
	own := func(d *UploadData) *NewOwnIP { return &d.IP.New.Own.Records[0] }
	for name, c := range map[string]struct {
		way   string
		spoil func(*UploadData)
		want  string // pointer and code; "" for a document that is good
	}{
		"a unit without a principal's name": {"ICP/XZBA/Baxx", func(d *UploadData) { first(d).Subject.Nature, first(d).Subject.Principal.Name = 4, "" },
			"/ICP/XZBA/Baxx/0/Zt_xx/Fzr/Fzr_xm wire.required_of_unit"},
		"a unit without an office phone": {"ICP/XZBA/Baxx", func(d *UploadData) { first(d).Subject.Nature, first(d).Subject.Principal.OfficePhone = 4, "" },
			"/ICP/XZBA/Baxx/0/Zt_xx/Fzr/Fzr_dhhm wire.required_of_unit"},
		"a unit's website without one": {"ICP/XZBA/Baxx", func(d *UploadData) { first(d).Subject.Nature, first(d).Websites[1].Principal.OfficePhone = 4, "" },
			"/ICP/XZBA/Baxx/0/Wz_xx/1/Wz_Fzr/Fzr_dhhm wire.required_of_unit"},
		"a person without any of them": {"ICP/XZBA/Baxx", func(d *UploadData) {
			f := first(d)
			f.Subject.Nature, f.Subject.Principal.Name, f.Subject.Principal.OfficePhone, f.Websites[0].Principal.OfficePhone = 5, "", "", ""
		}, ""},
		"a changed unit's website without an office phone": {"ICP/BGBA/Bgxx", func(d *UploadData) {
			r := &d.ICP.Changes.Records[0]
			r.Subject.Nature, r.Websites[0].Principal.OfficePhone = 2, ""
		}, "/ICP/BGBA/Bgxx/0/Wz_xx/0/Wz_Fzr/Fzr_dhhm wire.required_of_unit"},
		"a large certificate of a first filing": {"ICP/XZBA/Baxx", func(d *UploadData) {
			first(d).Attachments[0].Info.Purpose, first(d).Attachments[0].Info.Content = PurposeSubjectCertificate, make([]byte, 100<<10+1)
		}, "/ICP/XZBA/Baxx/0/Fj/0/Fjxx/Fjnr wire.attachment_too_large"},
		"a large scan of an approval": {"ICP/BGBA/Bgxx", func(d *UploadData) {
			d.ICP.Changes.Records[0].Websites[0].Approvals.Items[0].Scans[1] = make([]byte, 100<<10+1)
		}, "/ICP/BGBA/Bgxx/0/Wz_xx/0/Nrlx/Nrlx_xx/0/Spwj/1 wire.attachment_too_large"},
		"a subject cancelled without the password": {"ICP/ZXBA/Zx_xx", func(d *UploadData) {
			r := &d.ICP.Cancellations.Records[0]
			r.Kind, r.FilingPasswordHash = CancelSubject, ""
		}, "/ICP/ZXBA/Zx_xx/0/ICPmm wire.required"},
		"a website cancelled without it": {"ICP/ZXBA/Zx_xx", func(d *UploadData) {
			r := &d.ICP.Cancellations.Records[0]
			r.Kind, r.FilingPasswordHash = CancelWebsite, ""
		}, ""},
		"a date that is none":        {"ICP/WBACLJG/Clxx", func(d *UploadData) { d.ICP.UnfiledResults.Records[0].Deadline = "2026-02-30" }, "/ICP/WBACLJG/Clxx/0/Clsx wire.not_a_date"},
		"a date in another form":     {"ICP/HSJG/Hsjgxx", func(d *UploadData) { d.ICP.CheckResults.Records[0].Date = "2026/02/03" }, "/ICP/HSJG/Hsjgxx/0/Hssj wire.not_a_date"},
		"an access's range reversed": {"ICP/XZJR/Xzxx", func(d *UploadData) { d.ICP.AddAccesses.Records[0].IPs[0].First = 1 << 31 }, "/ICP/XZJR/Xzxx/0/Ip_xx/0/Zzip wire.ip_range_reversed"},
		"a source's range reversed":  {"IP/XZBA/Xzly/Ly", func(d *UploadData) { d.IP.New.Sources.Records[0].Last = 1 }, "/IP/XZBA/Xzly/Ly/0/Zzip wire.ip_range_reversed"},
		"a use without its user":     {"IP/XZBA/Xzfp/Fpsy", func(d *UploadData) { alloc(d).User = "" }, "/IP/XZBA/Xzfp/Fpsy/0/Dwmc wire.required_by_mode"},
		"a use without its date":     {"IP/XZBA/Xzfp/Fpsy", func(d *UploadData) { alloc(d).Date = "" }, "/IP/XZBA/Xzfp/Fpsy/0/Fprq wire.required_by_mode"},
		"an allocation to nobody":    {"IP/XZBA/Xzfp/Fpsy", func(d *UploadData) { alloc(d).Mode, alloc(d).Target = AllocatedOnward, 0 }, "/IP/XZBA/Xzfp/Fpsy/0/Fpdx wire.required_by_mode"},
		"an own use of no kind":      {"IP/XZBA/Xzfp/Fpsy", func(d *UploadData) { alloc(d).Mode, alloc(d).Usage = OwnUse, 0 }, "/IP/XZBA/Xzfp/Fpsy/0/Syfs wire.required_by_mode"},
		"a reserve of nothing else":  {"IP/XZBA/Xzfp/Fpsy", func(d *UploadData) { alloc(d).IPAllocation = IPAllocation{Mode: Reserved, Last: 255} }, ""},
		"a unit's name, said an id": {"IP/XZBA/Zdip/Zdxx", func(d *UploadData) {
			own(d).SourceKind, own(d).Source = FromReportingUnit, OwnIPSource{Name: "某单位"}
		}, "/IP/XZBA/Zdip/Zdxx/0/Lydw wire.source_kind"},
		"a unit's id, said a name":    {"IP/XZBA/Zdip/Zdxx", func(d *UploadData) { own(d).SourceKind, own(d).Source = FromElsewhere, OwnIPSource{Unit: 5} }, "/IP/XZBA/Zdip/Zdxx/0/Lydw wire.source_kind"},
		"a changed range in between":  {"IP/XGBA/XgZd/Zdxx", func(d *UploadData) { r := &d.IP.Changed.Own.Records[0]; r.Gateway, r.GatewayPlace, r.First = 0, "", 0 }, ""},
		"a new one without a gateway": {"IP/XZBA/Zdip/Zdxx", func(d *UploadData) { own(d).Gateway = 0 }, "/IP/XZBA/Zdip/Zdxx/0/Wgip wire.required"},
		"a domain with two keys":      {"YM/SCBA/Scxx", func(d *UploadData) { d.Domains.Deleted.Records[0] = DomainRef{AuthorityID: 1, Name: "a.example.cn"} }, "/YM/SCBA/Scxx/0 wire.exactly_one"},
		"an address without an @":     {"YM/XZBA/Xzxx", func(d *UploadData) { d.Domains.New.Records[0].PayerEmail = "payer.example.cn" }, "/YM/XZBA/Xzxx/0/Jfr_dzyj wire.email_without_at"},
		"two parts of a document":     {"YM/SCBA/Scxx", func(d *UploadData) { d.IP = generate(maximal).uploadWith("IP/SCBA/Scly/Ly").IP }, "/ wire.exactly_one"},
		"an operation of another age": {"ICP/XZHYD/Fjxx", func(d *UploadData) { d.ICP.Other = []Raw{{Name: "CJM", XML: "<CJM/>"}} }, "/ICP/CJM wire.unknown_element"},
		"a part of another age":       {"ICP/XZHYD/Fjxx", func(d *UploadData) { d.Other = []Raw{{Name: "APP", XML: "<APP/>"}} }, "/APP wire.unknown_element"},
		"reports without any":         {"IP/SCBA/Scly/Ly", func(d *UploadData) { d.IP.Deleted = nil }, "/IP wire.no_operation"},
		"1001 reports in two kinds": {"IP/SCBA/Scly/Ly", func(d *UploadData) {
			d.IP.Deleted.Sources.Records = slices.Repeat(d.IP.Deleted.Sources.Records[:1], 500)
			d.IP.Deleted.Own = &DeletedOwnIPs{Records: slices.Repeat([]DeletedIP{{AuthorityID: 1}}, 501)}
		}, "/ wire.too_many_records"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := generate(maximal).uploadWith(c.way)
			c.spoil(d)
			_, err := V30().Encode(*d)
			var e *icp.Error
			if c.want == "" {
				if err != nil {
					errors.As(err, &e)
					t.Errorf("refused: %+v", e)
				}
				return
			}
			if !errors.As(err, &e) || e.Kind != icp.Invalid {
				t.Fatalf("err = %v", err)
			}
			var got []string
			for _, f := range e.Fields {
				got = append(got, f.Pointer+" "+f.Code)
			}
			if !slices.Contains(got, c.want) {
				t.Errorf("faults %s, want %s", strings.Join(got, ", "), c.want)
			}
		})
	}
}

func TestCheckDownloadFindsWhatTheSchemaForbids(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		way   string
		spoil func(*DownloadData)
		want  string
	}{
		"an operation beyond 7": {"ICP/BAJG/Jg_xx", func(d *DownloadData) { d.ICP.Results.Operations[0].Operation = ActionVerification }, "/ICP/BAJG/Jg_xx/0/Czlx wire.out_of_range"},
		"two parts":             {"ICP/BAJG/Jg_xx", func(d *DownloadData) { d.Sync = &FullSync{} }, "/ wire.exactly_one"},
		"no part":               {"ICP/BAJG/Jg_xx", func(d *DownloadData) { d.ICP = nil }, "/ wire.exactly_one"},
		"two parts of a sync":   {"SJTB/ICP/Baxx", func(d *DownloadData) { d.Sync.Domains = &SyncedDomains{} }, "/SJTB wire.exactly_one"},
		"an unknown table": {"JCDM/Jcdm_xx/*", func(d *DownloadData) { d.BaseCodes.Codes.Tables[3].XMLName.Local = "Neu_dms" },
			"/JCDM/Jcdm_xx/3/Neu_dms wire.unknown_element"},
		"a row of another name": {"JCDM/Jcdm_xx/*", func(d *DownloadData) { d.BaseCodes.Codes.Tables[0].Rows[1].XMLName.Local = "Neu" },
			"/JCDM/Jcdm_xx/0/Dwfl_dms/1/Dwfl_xx wire.required"},
		"a column of another table": {"JCDM/Jcdm_xx/*", func(d *DownloadData) { d.BaseCodes.Codes.Tables[0].Rows[0].Short = "浙" },
			"/JCDM/Jcdm_xx/0/Dwfl_dms/0/Shengjc wire.unknown_element"},
		"a column that is new": {"JCDM/Jcdm_xx/*", func(d *DownloadData) { d.BaseCodes.Codes.Tables[0].Rows[0].Other = []Raw{{Name: "Version"}} },
			"/JCDM/Jcdm_xx/0/Dwfl_dms/0/Version wire.unknown_element"},
		"a table without rows": {"JCDM/Jcdm_xx/*", func(d *DownloadData) { d.BaseCodes.Codes.Tables[0].Rows = nil }, "/JCDM/Jcdm_xx/0/Dwfl_xx wire.too_few"},
		"a long name":          {"JCDM/Jcdm_xx/*", func(d *DownloadData) { d.BaseCodes.Codes.Tables[0].Rows[0].Name = strings.Repeat("名", 65) }, "/JCDM/Jcdm_xx/0/Dwfl_dms/0/Mc wire.too_long"},
	} {
		d := generate(maximal).downloadWith(c.way)
		c.spoil(d)
		var got []string
		for _, f := range V30().CheckDownload(d) {
			got = append(got, f.Pointer+" "+f.Code)
		}
		if !slices.Contains(got, c.want) {
			t.Errorf("%s: faults %s, want %s", name, strings.Join(got, ", "), c.want)
		}
	}
}

func TestPartsNameWhatADocumentHas(t *testing.T) {
	t.Parallel()
	u := generate(maximal).uploadWith("IP/XZBA/Zdip/Zdxx")
	u.IP.Deleted = &DeletedIPReports{}
	if got := u.Parts(); !slices.Equal(got, []string{"IP/XZBA", "IP/SCBA"}) || u.ProviderID() != 330011 || u.Records() != 2 {
		t.Errorf("upload: %v, %d, %d", got, u.ProviderID(), u.Records())
	}
	if got := (&UploadData{ICP: &UploadICP{ProviderID: 5}}); !slices.Equal(got.Parts(), []string{"ICP"}) || got.ProviderID() != 5 {
		t.Errorf("empty upload: %v", got.Parts())
	}
	if got := (&UploadData{Domains: &UploadDomains{ProviderID: 6}}); got.ProviderID() != 6 || (&UploadData{}).ProviderID() != 0 {
		t.Errorf("domains: %d", got.ProviderID())
	}
	d := generate(maximal).downloadWith("ICP/XGTZ/Tzxx")
	d.ICP.Other, d.Other = []Raw{{Name: "NEU"}}, []Raw{{Name: "APP"}}
	d.Sync = &FullSync{IP: &SyncedIPs{}}
	if got := d.Parts(); !slices.Equal(got, []string{"ICP/XGTZ", "ICP/NEU", "SJTB/IP", "APP"}) {
		t.Errorf("download: %v", got)
	}
}
