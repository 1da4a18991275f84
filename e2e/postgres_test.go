package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/openbeian/beian/e2e/drive"
	"github.com/openbeian/beian/internal/store/postgres/pgtest"
)

// TestTwoProcessesOnPostgreSQL takes a case from draft to licence number where
// one process answers people and another runs the jobs and the gateway.
func TestTwoProcessesOnPostgreSQL(t *testing.T) {
	env := []string{"BEIAN_DATA=" + t.TempDir(), "BEIAN_DATABASE_URL=" + pgtest.URL(t), "BEIAN_LOG_LEVEL=warn"}
	start := func(roles string, more ...string) *drive.Server {
		t.Helper()
		s := must(drive.Start(context.WithoutCancel(t.Context()), binary, append(more, env...), "serve", "--demo", "--roles="+roles))(t)
		t.Cleanup(func() { s.Kill() })
		return s
	}
	back := start("worker,gateway")
	front := start("api", "BEIAN_AUTHORITY_UPLOAD_URL="+back.URL)
	unit, reviewer := person(t, front.URL, "unit@example.com"), person(t, front.URL, "reviewer@example.com")
	check, machine := prepare(t, unit)
	o := must(unit.Create(t.Context(), "create-1", check, machine))(t)
	for _, step := range []func() error{
		func() error { return unit.FillSubject(t.Context(), &o) },
		func() error { return unit.ProveFiling(t.Context(), &o, licenceNo, "beian-2026") },
		func() error { return unit.FillWebsite(t.Context(), &o, 8) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	photo := must(drive.Photo(210<<10, 1))(t)
	for _, kind := range []string{"subject_certificate", "principal_front", "principal_back"} {
		o = must(unit.Upload(t.Context(), o.ID, kind, photo))(t)
	}
	if err := unit.Submit(t.Context(), &o, "submit-1", must(unit.Consents(t.Context()))(t)); err != nil {
		t.Fatal(err)
	}
	must(reviewer.Act(t.Context(), o.ID, "claim", nil))(t)
	must(reviewer.Act(t.Context(), o.ID, "calls", map[string]string{"whom": "/subject/principal", "outcome": "reached"}))(t)
	must(reviewer.Act(t.Context(), o.ID, "approval", nil))(t)
	record := ""
	eventually(t, "the record at the authority", func() (bool, error) {
		ids, err := records(t.Context(), back.URL)
		if len(ids) == 1 {
			record = ids[0]
		}
		return len(ids) == 1, err
	})
	decide(t, back.URL, record, "sms-pass")
	decide(t, back.URL, record, "approve")
	eventually(t, "the licence number", func() (bool, error) {
		var err error
		o, err = unit.Read(t.Context(), o.ID)
		return err == nil && o.State == "filed", err
	})
	if n := o.Websites[0].LicenceNo; !strings.HasPrefix(n, licenceNo+"-") {
		t.Errorf("licence number %q", n)
	}
	toldOnce(t, unit)
	front.Stop()
	back.Stop()
	for name, s := range map[string]*drive.Server{"api": front, "worker": back} {
		if out := s.Output(); strings.Contains(out, "level=ERROR") || !s.Cmd.ProcessState.Success() {
			t.Errorf("the process %s ended with %v and said:\n%s", name, s.Cmd.ProcessState, out)
		}
	}
}
