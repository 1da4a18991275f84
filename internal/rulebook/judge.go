package rulebook

import (
	"time"

	"github.com/openbeian/beian/internal/rules"
)

// Evaluate judges a case by the rules in force.
func (b *Book) Evaluate(c rules.Case, at time.Time) rules.Result { return b.Set().Evaluate(c, at) }

// Outcomes tells what came of each rule in force at every place of a case.
func (b *Book) Outcomes(c rules.Case, at time.Time) []rules.Outcome { return b.Set().Outcomes(c, at) }
