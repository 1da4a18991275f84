package authority

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/store"
)

// allAlerts lists the alerts that the page shows, and of those only in the rules.
var (
	allAlerts = []AlertCode{AlertPaused, AlertConfiguration, AlertConflict, AlertGap, AlertParked, AlertQueue, AlertUnsettled, AlertPolls, AlertLease,
		AlertUpload, AlertDownload}
	ruleAlerts = []AlertCode{AlertCalls, AlertLog}
)

// sections gives the runbook's sections by name.
func sections(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/runbooks/authority.md")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, part := range strings.Split(string(text), "\n## ")[1:] {
		name, body, _ := strings.Cut(part, "\n")
		out[name] = body
	}
	return out
}

func TestEachAlertHasASectionOfTheRunbook(t *testing.T) {
	t.Parallel()
	found := sections(t)
	for _, code := range slices.Concat(allAlerts, ruleAlerts) {
		body := found[string(code)]
		for _, part := range []string{"Symptom:", "Check:", "Act:", "Verify:"} {
			if !strings.Contains(body, "\n"+part) {
				t.Errorf("the section %s has no %s", code, part)
			}
		}
		delete(found, string(code))
	}
	for name := range found {
		t.Errorf("the section %s is of no alert", name)
	}
}

func TestEachAlertOfThePageHasItsTexts(t *testing.T) {
	t.Parallel()
	for _, code := range allAlerts {
		for _, part := range []string{"title", "text", "act", "verify"} {
			if key := "authority.alert." + string(code) + "." + part; !i18n.Messages().Has(key) {
				t.Errorf("%s is missing", key)
			}
		}
	}
}

func TestRulesNameMetricsAndSectionsThatExist(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/runbooks/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr         string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(text, &rules); err != nil || len(rules.Groups) != 1 {
		t.Fatalf("rules %+v, %v", rules, err)
	}
	metrics, found := exported(), sections(t)
	name := regexp.MustCompile(`beian_\w+`)
	label := regexp.MustCompile(`(\w+)!?="`)
	var alerted []string
	for _, r := range rules.Groups[0].Rules {
		used := name.FindAllString(r.Expr, -1)
		if len(used) == 0 || r.Labels["severity"] == "" || r.Annotations["summary"] == "" {
			t.Errorf("%s has no metric, severity or summary", r.Alert)
		}
		for _, m := range used {
			labels, ok := metrics[m]
			if !ok {
				t.Errorf("%s uses %s, which is not exported", r.Alert, m)
			}
			for _, l := range label.FindAllStringSubmatch(r.Expr, -1) {
				if !strings.Contains(labels, l[1]) {
					t.Errorf("%s uses the label %s, which %s does not have", r.Alert, l[1], m)
				}
			}
		}
		section, ok := strings.CutPrefix(r.Annotations["runbook"], "docs/runbooks/authority.md#")
		if !ok || found[section] == "" {
			t.Errorf("%s names no section: %s", r.Alert, r.Annotations["runbook"])
		}
		alerted = append(alerted, section)
	}
	for _, code := range slices.Concat(allAlerts, ruleAlerts) {
		if !slices.Contains(alerted, string(code)) {
			t.Errorf("no rule alerts of %s", code)
		}
	}
}

// exported gives the description of each metric by its name.
func exported() map[string]string {
	out := map[string]string{}
	descs := make(chan *prometheus.Desc, 100)
	NewMetrics().Describe(descs)
	close(descs)
	name := regexp.MustCompile(`fqName: "(\w+)"`)
	for d := range descs {
		if m := name.FindStringSubmatch(d.String()); m != nil {
			out[m[1]] = d.String()
		}
	}
	return out
}

func TestMetricsOfTheRunbookExist(t *testing.T) {
	t.Parallel()
	metrics := exported()
	name := regexp.MustCompile(`beian_authority_\w+`)
	n := 0
	for section, body := range sections(t) {
		for _, m := range name.FindAllString(body, -1) {
			n++
			if _, ok := metrics[m]; !ok {
				t.Errorf("%s names %s, which is not exported", section, m)
			}
		}
	}
	if n < 5 {
		t.Errorf("only %d metrics were looked for", n)
	}
}

func TestAlerts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	well := func() Overview { return Overview{Poll: time.Minute, Channel: store.AuthorityChannel{PolledAt: now}} }
	paused := func(reason, health string) func(*Overview) {
		return func(o *Overview) { o.Channel.Paused, o.Channel.PauseReason, o.Channel.Health = true, reason, health }
	}
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	for name, c := range map[string]struct {
		change func(*Overview)
		want   string
	}{
		"well":                           {func(*Overview) {}, ""},
		"a person paused":                {paused("维护", ""), "paused"},
		"a person gave a code as reason": {paused("method_code_5", ""), "paused"},
		"the account is refused":         {paused("method_code_5", "method_code_5"), "configuration"},
		"a conflict":                     {paused(ReasonConflict, ReasonConflict), "sequence_conflict"},
		"a gap":                          {paused(ReasonGap, ReasonGap), "sequence_gap"},
		"a conflict stops no polls":      {func(o *Overview) { paused(ReasonConflict, "")(o); o.Channel.PolledAt = ago(time.Hour) }, "sequence_conflict polls_stale"},
		"a pause explains an old queue": {func(o *Overview) {
			paused("维护", "")(o)
			o.Ready.Oldest = ago(9 * time.Hour)
			o.Channel.PolledAt = ago(time.Hour)
		}, "paused"},
		"an old queue":                     {func(o *Overview) { o.Ready = store.Waiting{Count: 2, Oldest: ago(QueueAge + 1)} }, "queue_old"},
		"a queue just not old":             {func(o *Overview) { o.Ready = store.Waiting{Count: 2, Oldest: ago(QueueAge)} }, ""},
		"an old file":                      {func(o *Overview) { o.Unsettled = &store.Upload{ID: "u", CreatedAt: ago(time.Hour)} }, "upload_unsettled"},
		"parked files":                     {func(o *Overview) { o.Downloads = []store.Waiting{{State: "parked", Count: 1}} }, "parked_file"},
		"old polls":                        {func(o *Overview) { o.Channel.PolledAt = ago(time.Hour) }, "polls_stale"},
		"polls as old as a slow channel's": {func(o *Overview) { o.Poll = 30 * time.Minute; o.Channel.PolledAt = ago(time.Hour) }, ""},
		"uploads in trouble":               {func(o *Overview) { o.Channel.Health, o.Channel.HealthAt = "upload.unreachable", ago(time.Hour) }, "upload_trouble"},
		"downloads in trouble":             {func(o *Overview) { o.Channel.Health, o.Channel.HealthAt = "download.file_hash", ago(time.Hour) }, "download_trouble"},
		"trouble that is young":            {func(o *Overview) { o.Channel.Health, o.Channel.HealthAt = "upload.unreachable", ago(time.Minute) }, ""},
		"two takeovers within an hour":     {func(o *Overview) { o.Pulse.TakenOverAt, o.Pulse.TakenOverBefore = ago(time.Minute), ago(time.Hour/2) }, "lease_flapping"},
		"two takeovers on two days":        {func(o *Overview) { o.Pulse.TakenOverAt, o.Pulse.TakenOverBefore = ago(time.Minute), ago(24*time.Hour) }, ""},
		"two takeovers within an hour of long ago": {func(o *Overview) {
			o.Pulse.TakenOverAt, o.Pulse.TakenOverBefore = ago(2*time.Hour), ago(150*time.Minute)
		}, ""},
	} {
		o := well()
		c.change(&o)
		var codes []string
		for _, a := range o.Alerts(now) {
			codes = append(codes, string(a.Code))
		}
		if got := strings.Join(codes, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
