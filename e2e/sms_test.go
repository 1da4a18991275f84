package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/openbeian/beian/e2e/drive"
)

// checks are the persons of an order's check by message as the API shows them.
type checks struct {
	State string `json:"state"`
	SMS   []struct {
		ID    string `json:"id"`
		Tail  string `json:"tail"`
		State string `json:"state"`
		By    string `json:"by"`
	} `json:"sms"`
	Resend *struct {
		Possible bool `json:"possible"`
	} `json:"sms_resend"`
}

func (c checks) persons() string {
	var out []string
	for _, s := range c.SMS {
		out = append(out, s.ID+" "+s.Tail+" "+s.State+" "+s.By)
	}
	return strings.Join(out, ", ")
}

// TestTheCheckByMessageOfTwoPersons takes two websites with two principals through
// a check that one of them does not pass, and through the next one.
func TestTheCheckByMessageOfTwoPersons(t *testing.T) {
	server := must(drive.Start(context.WithoutCancel(t.Context()), binary, []string{"BEIAN_DATA=" + t.TempDir(), "BEIAN_LOG_LEVEL=warn"}, "serve", "--demo"))(t)
	t.Cleanup(func() { server.Kill() })
	unit, reviewer := person(t, server.URL, "unit@example.com"), person(t, server.URL, "reviewer@example.com")
	o := twoSites(t, unit)
	must(reviewer.Act(t.Context(), o.ID, "claim", nil))(t)
	must(reviewer.Act(t.Context(), o.ID, "calls", map[string]string{"whom": "/subject/principal", "outcome": "reached"}))(t)
	must(reviewer.Act(t.Context(), o.ID, "approval", nil))(t)

	until := func(state, persons string) checks {
		t.Helper()
		var now checks
		eventually(t, state+" with "+persons, func() (bool, error) {
			now = checks{}
			err := unit.Do(t.Context(), http.MethodGet, "/orders/"+o.ID, nil, &now)
			return now.State == state && now.persons() == persons, err
		})
		return now
	}
	until("sms_pending", "1-1 8000 waiting , 1-2 7000 waiting ")
	must(unit.Act(t.Context(), o.ID, "sms-confirmation", map[string]string{"check": "1-1"}))(t)
	first := must(records(t.Context(), server.URL))(t)[0]
	knob(t, server.URL, first, "sms-pass", `{"person":1}`)
	decide(t, server.URL, first, "sms-expire")
	back := until("returned_to_provider", "1-1 8000 done applicant, 1-2 7000 timed_out authority")
	if back.Resend == nil || !back.Resend.Possible {
		t.Fatalf("it cannot be sent again: %+v", back)
	}
	must(unit.Read(t.Context(), o.ID))(t) // the version that is sent again
	must(unit.Act(t.Context(), o.ID, "sms-resend", nil))(t)

	old := "1-1 8000 done applicant, 1-2 7000 timed_out authority, "
	until("sms_pending", old+"2-1 8000 waiting , 2-2 7000 waiting ")
	must(reviewer.Act(t.Context(), o.ID, "sms-confirmation", map[string]string{"check": "2-2", "from": "person"}))(t)
	must(unit.Act(t.Context(), o.ID, "sms-confirmation", map[string]string{"check": "2-1"}))(t)
	until("authority_review", old+"2-1 8000 done applicant, 2-2 7000 done provider")
	again := must(records(t.Context(), server.URL))(t)[0]
	decide(t, server.URL, again, "sms-pass")
	decide(t, server.URL, again, "approve")
	until("filed", old+"2-1 8000 done authority, 2-2 7000 done authority")
}

// twoSites submits an order of two websites, the second with a principal of its own.
func twoSites(t *testing.T, unit *drive.Client) drive.Order {
	t.Helper()
	check, machine := prepare(t, unit)
	o := must(unit.Create(t.Context(), "create-1", check, machine))(t)
	var second struct {
		ID string `json:"id"`
	}
	lin := map[string]any{"name": "林夏", "role": "authorised", "certificate_type": 2, "certificate_number": "110101199003074477", "certificate_until": "2036-01-01",
		"mobile": "13700137000", "office_phone": "010-87654322", "emergency_phone": "13900139001", "email": "lin@example.com"}
	for _, step := range []func() error{
		func() error { return unit.FillSubject(t.Context(), &o) },
		func() error { return unit.ProveFiling(t.Context(), &o, licenceNo, "beian-2026") },
		func() error { return unit.FillWebsite(t.Context(), &o, 8) },
		func() error {
			return unit.Do(t.Context(), http.MethodPost, "/domain-checks", map[string]string{"domain": "yunshan-fenzhan.cn"}, &second)
		},
		func() error {
			_, err := unit.Read(t.Context(), o.ID) // its version, which the check of the domain did not tell
			return err
		},
		func() error {
			return unit.Do(t.Context(), http.MethodPost, "/orders/"+o.ID+"/websites", map[string]any{"domain_check": second.ID,
				"resource": map[string]string{"kind": "server", "server": machine}}, &o, "Idempotency-Key", "add-1")
		},
		func() error {
			return unit.Do(t.Context(), http.MethodPut, "/orders/"+o.ID+"/websites/"+o.Websites[1].ID, map[string]any{
				"name": "北京云杉数字科技产品站", "service_content": 8, "languages": []int{1}, "pre_approvals": []any{}, "same_as_subject": false,
				"principal": lin, "remark": "公司产品介绍，不涉及前置审批内容。"}, &o)
		},
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	photo := must(drive.Photo(210<<10, 1))(t)
	for _, kind := range []string{"subject_certificate", "principal_front", "principal_back"} {
		o = must(unit.Upload(t.Context(), o.ID, kind, photo))(t)
	}
	for _, kind := range []string{"website_principal_front", "website_principal_back"} {
		path := drive.Query("/orders/"+o.ID+"/materials", "kind", kind, "name", kind+".jpg", "website", o.Websites[1].ID)
		if err := unit.Do(t.Context(), http.MethodPost, path, photo, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := unit.Submit(t.Context(), &o, "submit-1", must(unit.Consents(t.Context()))(t)); err != nil {
		t.Fatal(err)
	}
	return o
}
