package form

import (
	"strings"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
)

// TaskState is how far a step is.
type TaskState string

// States of a task.
const (
	TaskDone       TaskState = "done"
	TaskInProgress TaskState = "in_progress"
	TaskNotStarted TaskState = "not_started"
	TaskProblem    TaskState = "problem" // a reviewer or the authority objects
	TaskBlocked    TaskState = "blocked" // cannot start yet
)

// Task is a line of the applicant's task list. It is derived, never stored.
type Task struct {
	Step  string    `json:"step"`
	State TaskState `json:"state"`
	// Open counts what is still missing or wrong.
	Open int `json:"open"`
	// Why is the message key of the reason for TaskBlocked.
	Why string `json:"why,omitempty"`
}

// Tasks derives the task list from the answers and the findings on them, which
// are those of [Check], [CheckMaterials] and the rules.
func Tasks(o *icp.Order, findings []icp.Finding) []Task {
	subject := task("subject", o, findings, o.Data.Subject.CertificateAddress+o.Data.Subject.Address+o.Data.Filing.LicenceNo != "", "/subject", "/filing")
	sites := task("websites", o, findings, anyNamed(o), "/websites")
	materials := task("materials", o, findings, len(o.Materials) > 0, "/materials")
	if subject.Open > 0 && len(o.Materials) == 0 {
		materials.State, materials.Why = TaskBlocked, "task.why.subject_first"
	}
	confirm := Task{Step: "confirm", State: TaskNotStarted}
	switch {
	case !order.Editable(o.State):
		confirm.State = TaskDone
	case subject.Open+sites.Open+materials.Open > 0:
		confirm.State, confirm.Why = TaskBlocked, "task.why.steps_first"
	}
	return []Task{{Step: "verify", State: TaskDone}, subject, sites, materials, confirm}
}

func anyNamed(o *icp.Order) bool {
	for i := range o.Data.Websites {
		if o.Data.Websites[i].Name != "" {
			return true
		}
	}
	return false
}

func task(step string, o *icp.Order, findings []icp.Finding, begun bool, prefixes ...string) Task {
	t := Task{Step: step, State: TaskDone, Open: count(Blocking(findings), prefixes)}
	objections := count(unmended(o), prefixes)
	switch {
	case objections > 0:
		t.State, t.Open = TaskProblem, t.Open+objections
	case t.Open > 0 && begun:
		t.State = TaskInProgress
	case t.Open > 0:
		t.State = TaskNotStarted
	}
	return t
}

// unmended keeps the reviewer's or authority's findings whose field is as it was.
func unmended(o *icp.Order) []icp.Finding {
	var out []icp.Finding
	for _, f := range o.Data.Findings {
		if !Mended(o, f) {
			out = append(out, f)
		}
	}
	return out
}

func count(findings []icp.Finding, prefixes []string) int {
	n := 0
	for _, f := range findings {
		for _, p := range prefixes {
			if f.Pointer == p || strings.HasPrefix(f.Pointer, p+"/") {
				n++
				break
			}
		}
	}
	return n
}
