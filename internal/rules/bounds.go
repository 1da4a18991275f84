package rules

import (
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// MostWebsites gives how many websites an order such as this one may have by
// the rules that hold for it at the instant, so that nobody is invited to add
// what is refused afterwards; 0 where no rule bounds them.
func (s *Set) MostWebsites(o *icp.Order, at time.Time) int {
	m := s.matter(&Case{Order: o}, at)
	defer s.free(m)
	most := 0
	for _, r := range m.rules() {
		if r.predicate != "too_many_websites" || r.severity != icp.SeverityError || r.material != "" || !r.holds(m) || r.replaced(m) {
			continue
		}
		if n, err := strconv.Atoi(r.shown["max"]); err == nil && (most == 0 || n < most) {
			most = n
		}
	}
	return most
}
