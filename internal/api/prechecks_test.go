package api

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/precheck"
)

const precheckOfUnit = `{"domain":"yunshan-keji.cn","nature":4,"region":"11","certificate_type":1,"certificate_number":"91110108MA0YK7W261","website_name":"云杉数字科技"}`

func TestPrecheckNeedsNoSessionAndCanBeShared(t *testing.T) {
	t.Parallel()
	s := newService(t)
	r := s.client().do("POST", prefix+"/prechecks", precheckOfUnit)
	made := read[PrecheckView](t, r)
	if r.StatusCode != http.StatusCreated || made.ID == "" || made.Verdict != precheck.Ready || made.Title != "You can file" || made.Kind.Type != "add_website" {
		t.Fatalf("%d %+v", r.StatusCode, made)
	}
	if made.Asked.NatureName != "Enterprise" || !strings.Contains(made.Asked.RegionName, "Beijing") || made.Asked.WebsiteName != "云杉数字科技" || !made.Asked.CertificateGiven {
		t.Errorf("asked %+v", made.Asked)
	}
	if len(made.Checks) != 8 || len(made.Papers) == 0 || len(made.Preparations) == 0 || made.Rules.Total == 0 || made.Time.From == nil || made.Time.Earliest != nil {
		t.Errorf("%+v", made)
	}
	chinese := s.client()
	chinese.header.Set("Accept-Language", "zh-CN")
	again := chinese.do("GET", prefix+"/prechecks/"+made.ID, "")
	got := read[PrecheckView](t, again)
	if again.StatusCode != http.StatusOK || got.Title != "可以备案" || !got.At.Equal(made.At) || got.Papers[0].Label != "主体证件" || got.Rules.Highlights[0].Reference.Province != "北京市" {
		t.Errorf("%d %+v", again.StatusCode, got)
	}
	if all := text(t, got) + text(t, made); strings.Contains(all, "91110108MA0YK7W261") || strings.Contains(all, "192.0.2.") {
		t.Errorf("personal: %s", all)
	}
	refused(t, s.client().do("GET", prefix+"/prechecks/AAAAAAAAAAAAAAAAAAAAAAAAAA", ""), http.StatusNotFound, "not_found")
}

func TestPrecheckOfAPersonForgets(t *testing.T) {
	t.Parallel()
	s := newService(t)
	r := s.client().do("POST", prefix+"/prechecks", `{"domain":"linzhixia.com","nature":5,"region":"110000","certificate_type":2,"certificate_number":"110108199305160025","website_name":"知夏公司"}`)
	made := read[PrecheckView](t, r)
	if made.Verdict != precheck.Blocked || len(made.Findings) != 1 || made.Findings[0].Field != "website_name" || made.Findings[0].Reference == nil || made.Time.From != nil {
		t.Fatalf("%+v", made)
	}
	raw := text(t, read[map[string]any](t, s.client().do("GET", prefix+"/prechecks/"+made.ID, "")))
	for _, secret := range []string{"110108199305160025", "19930516", "知夏"} {
		if strings.Contains(raw, secret) {
			t.Errorf("the report has %s", secret)
		}
	}
}

func TestPrecheckTellsFaultsAtTheirFields(t *testing.T) {
	t.Parallel()
	s := newService(t)
	r := s.client().do("POST", prefix+"/prechecks", `{"domain":"203.0.113.7","nature":5,"region":"99","certificate_type":2,"certificate_number":"110108199305160026"}`)
	p := read[Problem](t, r)
	want := map[string]string{"/domain": "domain.ip", "/region": "precheck.region", "/certificate_number": "id.resident.checksum"}
	if r.StatusCode != http.StatusUnprocessableEntity || len(p.Errors) != len(want) {
		t.Fatalf("%d %+v", r.StatusCode, p)
	}
	for _, e := range p.Errors {
		if want[e.Pointer] != e.Code || e.Message == "" || e.Message == e.Code {
			t.Errorf("%+v", e)
		}
	}
}

func TestPrechecksOfAnAddressAreBounded(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for range 5 {
		if r := s.client().do("POST", prefix+"/prechecks", precheckOfUnit); r.StatusCode != http.StatusCreated {
			t.Fatalf("%d", r.StatusCode)
		}
	}
	r := s.client().do("POST", prefix+"/prechecks", precheckOfUnit)
	wait, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if p := refused(t, r, http.StatusTooManyRequests, "precheck.too_often"); err != nil || wait < 1 || wait > 3600 || p.RetryAfter != wait {
		t.Errorf("Retry-After %d, %v, %+v", wait, err, p)
	}
}

func TestWhatThePrecheckAsksForIsOpen(t *testing.T) {
	t.Parallel()
	s := newService(t)
	tables := read[struct {
		Natures          []struct{ Value int }
		CertificateTypes []CertificateOption `json:"certificate_types"`
		ServiceContents  []ContentOption     `json:"service_contents"`
	}](t, s.client().do("GET", prefix+"/reference/tables", ""))
	if len(tables.Natures) == 0 || len(tables.CertificateTypes) == 0 || len(tables.ServiceContents) == 0 {
		t.Errorf("%+v", tables)
	}
	if r := s.client().do("GET", prefix+"/reference/regions", ""); r.StatusCode != http.StatusOK {
		t.Errorf("regions: %d", r.StatusCode)
	}
}
