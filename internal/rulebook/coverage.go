package rulebook

import "github.com/openbeian/beian/internal/rules"

// CoverageOf counts the facts of each pack over all its cells, in the order of
// the packs.
func CoverageOf(s *rules.Set) []rules.Coverage {
	var out []rules.Coverage
	for _, c := range s.Coverage() {
		if n := len(out); n == 0 || out[n-1].Pack != c.Pack {
			out = append(out, rules.Coverage{Pack: c.Pack, Scope: c.Scope})
		}
		sum := &out[len(out)-1]
		sum.Covered += c.Covered
		sum.LeftOut += c.LeftOut
	}
	return out
}
