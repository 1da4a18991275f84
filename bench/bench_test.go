package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/openbeian/beian/e2e/drive"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/imaging"
)

func TestLifecycleSendsWhatTheDocumentSays(t *testing.T) {
	t.Parallel()
	o := &drive.Order{}
	o.Subject.Name, o.Subject.CertificateNumber = unitName(1), creditCode(1)
	sum := 0
	for _, body := range []any{subjectBody(o), websiteBody(o), map[string]string{"licence_no": "京ICP备2021000001号", "password": filingPassword}} {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		sum += len(raw)
	}
	if sum < 2900 || sum > 3300 {
		t.Errorf("the sections are %d bytes, not about 3 KB", sum)
	}
	pictures, err := photos()
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pictures {
		if _, err := imaging.Inspect(p, imaging.DefaultLimits()); err != nil || len(p) > pictureBytes+pictureBytes/20 {
			t.Errorf("picture %d: %d bytes, %v", i, len(p), err)
		}
	}
}

func TestUnitsAreValidAndDiffer(t *testing.T) {
	t.Parallel()
	names, codes := map[string]bool{}, map[string]bool{}
	for i := range 3000 {
		code := creditCode(i)
		if fault, warn := icp.CheckCreditCode(code); fault != "" || warn {
			t.Fatalf("%s: %s", code, fault)
		}
		if names[unitName(i)] || codes[code] {
			t.Fatalf("unit %d is there twice: %s %s", i, unitName(i), code)
		}
		names[unitName(i)], codes[code] = true, true
	}
}

func TestQuantileIsAMeasuredValue(t *testing.T) {
	t.Parallel()
	var list []time.Duration
	for i := range 200 {
		list = append(list, time.Duration(i+1))
	}
	for q, want := range map[float64]time.Duration{0.5: 100, 0.95: 190, 0.99: 198, 1: 200} {
		if got := quantile(list, q); got != want {
			t.Errorf("quantile %v is %d, want %d", q, got, want)
		}
	}
	if got := quantile(list[:1], 0.5); got != 1 {
		t.Errorf("of one value: %d", got)
	}
	if got := quantile(nil, 0.5); got != 0 {
		t.Errorf("of none: %d", got)
	}
}

func TestProcessorTimeIsReadBehindAnyName(t *testing.T) {
	t.Parallel()
	got, err := parseStat([]byte("4711 (a) b (c) S 42 1 1 0 -1 4194560 1 0 0 0 150 50 20 5 20 0 8 0 1 2 3"))
	if want := (stat{parent: 42, own: 2 * time.Second, dead: 250 * time.Millisecond}); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	for _, bad := range []string{"", "4711 (x) S 1", "4711 (x) S a 1 1 0 -1 4194560 1 0 0 0 150 50 20 5 20 0 8"} {
		if _, err := parseStat([]byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
