package casework_test

import (
	"testing"
)

// BenchmarkUpdateSubject is the command that autosave sends: one read of the
// aggregate and one write, with sealing, look-ups, clocks and audit.
func BenchmarkUpdateSubject(b *testing.B) {
	w := newWorld(b)
	o := w.begin(b, "yunshan.cn")
	for b.Loop() {
		var err error
		if o, err = w.UpdateSubject(b.Context(), w.applicant, o.ID, o.Version, o.Data.Subject); err != nil {
			b.Fatal(err)
		}
	}
}
