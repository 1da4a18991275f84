package order_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/order"
)

var update = flag.Bool("update", false, "write the generated part of docs/order-lifecycle.md")

func TestDiagramInDocsIsTheTable(t *testing.T) {
	t.Parallel()
	const path, begin, end = "../../docs/order-lifecycle.md", "<!-- table: begin -->\n", "<!-- table: end -->"
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok1 := strings.Cut(string(raw), begin)
	old, tail, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s lacks the markers", path)
	}
	if old == order.Diagram() {
		return
	}
	if !*update {
		t.Fatalf("%s shows another table; run: go test ./internal/order -run Diagram -update", path)
	}
	if err := os.WriteFile(path, []byte(head+begin+order.Diagram()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
