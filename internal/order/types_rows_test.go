package order_test

import (
	"slices"
	"testing"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
)

// The rows of the decision table that follows from what access providers
// publish about kinds of filings and rejections (2018 to 2022): what is known
// of the certificate and of the domain, and what has to come of it.
func TestEachRowOfTheDecisionTable(t *testing.T) {
	t.Parallel()
	type exits = []order.Exit
	for _, row := range []struct {
		name  string
		facts order.TypeFacts
		want  icp.OrderType // "" is a dead end
		exits exits
	}{
		{"certificate and domain unknown: first filing",
			order.TypeFacts{Filed: order.No, Domains: domains(unfiled)}, icp.FirstFiling, exits{order.ExitOldNumber, order.ExitFileLater}},
		{"certificate known with websites, domain unknown, not filed here: add website (elsewhere)",
			order.TypeFacts{Filed: order.Yes, Sites: order.Yes, Domains: domains(unfiled)}, icp.AddWebsite, nil},
		{"certificate known, domain unknown, filed here: add website (here)",
			order.TypeFacts{Filed: order.Yes, Here: true, Domains: domains(unfiled)}, icp.AddWebsite, nil},
		{"certificate and domain known, of one subject, not filed here: add access",
			order.TypeFacts{Filed: order.Yes, Domains: domains(same)}, icp.AddAccess, exits{order.ExitFileLater, order.ExitOldProvider}},
		{"of one subject, filed here, domain not linked here: add access in one step",
			order.TypeFacts{Filed: order.Yes, Here: true, Domains: domains(same)}, icp.AddAccess, exits{order.ExitFileLater, order.ExitOldProvider}},
		{"domain linked here: filed already, only changes",
			order.TypeFacts{Filed: order.Yes, Here: true, Domains: domains(linked)}, icp.Change, exits{order.ExitChange}},
		{"certificate known without website or access: the authority cancels the empty subject first",
			order.TypeFacts{Filed: order.Yes, Sites: order.No, Domains: domains(unfiled)}, "", exits{order.ExitCancelAtAuthority, order.ExitOldProvider}},
		{"certificate with one number, domain with another's: three ways",
			order.TypeFacts{Filed: order.Yes, Domains: domains(other)}, "", exits{order.ExitCorrectThenAccess, order.ExitAccessThenChange, order.ExitCancelThenFile}},
		{"the same for a subject filed here",
			order.TypeFacts{Filed: order.Yes, Here: true, Domains: domains(other)}, "", exits{order.ExitCorrectThenAccess, order.ExitAccessThenChange, order.ExitCancelThenFile}},
		{"certificate unknown, domain held by somebody else: the former holder's record is cancelled first",
			order.TypeFacts{Filed: order.No, Domains: domains(other)}, "", exits{order.ExitHolderCancels, order.ExitOldNumber}},
		{"certificate in another account here: find, move or cancel",
			order.TypeFacts{OtherAccount: true, Domains: domains(unfiled)}, "", exits{order.ExitRecoverAccount, order.ExitMoveFiling, order.ExitCancelSubject}},
		{"certificate in another account here, whatever else is known",
			order.TypeFacts{Filed: order.Yes, Sites: order.No, OtherAccount: true, InProcess: true, Domains: domains(other)}, "",
			exits{order.ExitRecoverAccount, order.ExitMoveFiling, order.ExitCancelSubject}},
		{"licence issued anew, filing proven by its password: the old number is asked for",
			order.TypeFacts{Filed: order.No, Proven: true, Domains: domains(unfiled)}, icp.AddWebsite, exits{order.ExitOldNumber}},
		{"one order of a subject at the authority",
			order.TypeFacts{Filed: order.Yes, InProcess: true, Domains: domains(unfiled)}, "", exits{order.ExitWait}},
		{"adding and access need orders of their own",
			order.TypeFacts{Filed: order.Yes, Domains: domains(unfiled, same)}, "", exits{order.ExitSeparate}},
		{"filed here already beside a new domain: orders of their own",
			order.TypeFacts{Filed: order.Yes, Here: true, Domains: domains(unfiled, linked)}, "", exits{order.ExitSeparate}},
		{"our register has websites of a subject that the authority calls empty",
			order.TypeFacts{Filed: order.Yes, Sites: order.Yes, Here: true, Domains: domains(unfiled)}, icp.AddWebsite, nil},
	} {
		got := order.DetectType(row.facts)
		if got.Type != row.want || got.DeadEnd != (row.want == "") || !slices.Equal(got.Exits, row.exits) {
			t.Errorf("%s: %+v, want %q by %v", row.name, got, row.want, row.exits)
		}
	}
}
