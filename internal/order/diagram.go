package order

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/icp"
)

// Diagram draws the table as a Mermaid state diagram with the holder of each
// state; docs/order-lifecycle.md shows it.
func Diagram() string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, row := range table {
		if row.To == "" {
			continue
		}
		for _, from := range row.From {
			name := string(from)
			if name == "" {
				name = "[*]"
			}
			fmt.Fprintf(&b, "    %s --> %s: %s (%s)\n", name, row.To, row.Action, parties(row.By))
		}
	}
	for _, s := range States() {
		if Ended(s) {
			fmt.Fprintf(&b, "    %s --> [*]\n", s)
		}
	}
	b.WriteString("```\n\n| state | whose move | actions that keep the state |\n|---|---|---|\n")
	for _, s := range States() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s, Holder(s), strings.Join(staying(s), ", "))
	}
	return b.String()
}

func parties(by []icp.Party) string {
	names := make([]string, len(by))
	for i, p := range by {
		names[i] = string(p)
	}
	return strings.Join(names, " or ")
}

func staying(s icp.State) []string {
	var out []string
	for _, row := range table {
		if row.To == "" && slices.Contains(row.From, s) {
			out = append(out, "`"+string(row.Action)+"`")
		}
	}
	return out
}

// Unnamed lists the actions of the table that lack an audit event or an entry
// in the table of notices; a test keeps it empty.
func Unnamed() []Action {
	var out []Action
	for _, row := range table {
		_, noticed := notices[row.Action]
		if events[row.Action] == "" || !noticed {
			out = append(out, row.Action)
		}
	}
	return out
}
