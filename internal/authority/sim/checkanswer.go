package sim

import (
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// checkAnswer is what a provider found about a filing that it was asked to check
// (核实结果, HSJG).
type checkAnswer struct{ wire.CheckResult }

func takeCheckAnswers(u *wire.UploadICP) []taken {
	if u.CheckResults == nil {
		return nil
	}
	var out []taken
	for _, r := range u.CheckResults.Records {
		out = append(out, taken{request: &checkAnswer{r}})
	}
	return out
}

// expect notes what a document asks its provider to answer. A task that comes
// again is open again.
func (c *channel) expect(d *wire.DownloadData) {
	if d.ICP == nil {
		return
	}
	if d.ICP.CheckTasks != nil {
		for i := range d.ICP.CheckTasks.Records {
			if c.Tasks == nil {
				c.Tasks = map[int64]bool{}
			}
			c.Tasks[d.ICP.CheckTasks.Records[i].Subject.AuthorityID] = false
		}
	}
	if d.ICP.Unfiled != nil {
		for i := range d.ICP.Unfiled.Records {
			if c.Unfiled == nil {
				c.Unfiled = map[string]bool{}
			}
			w := &d.ICP.Unfiled.Records[i]
			c.Unfiled[unfiledKey(w.Domain, w.IP)] = false
		}
	}
}

func (a *checkAnswer) subject() int64       { return a.Filing.Subject.AuthorityID }
func (a *checkAnswer) claims(int64) []claim { return nil }
func (a *checkAnswer) reviewed() []int64    { return nil }
func (a *checkAnswer) ref() string          { return strconv.FormatInt(a.subject(), 10) }

func (a *checkAnswer) about() (websites, domains []string) {
	for _, w := range a.Filing.Websites {
		websites = append(websites, w.Name)
		for _, d := range w.Domains {
			domains = append(domains, d.Name)
		}
	}
	return websites, domains
}

func (a *checkAnswer) check(s *Server, r *Record) []int64 {
	answered, asked := s.st.channel(r.ProviderID).Tasks[a.subject()]
	f := s.idx.subjects[a.subject()]
	switch {
	case !asked:
		return []int64{dataNoRecord}
	case answered:
		return []int64{dataReported}
	case f == nil:
		return []int64{dataNoSubject}
	case f.Cancelled:
		return []int64{dataSubjectCancelled}
	}
	var codes []int64
	if a.Unit != r.ProviderID {
		codes = append(codes, dataUnitInvalid)
	}
	for _, w := range a.Filing.Websites {
		if !slices.ContainsFunc(f.Websites, func(have wire.FiledWebsite) bool { return have.AuthorityID == w.AuthorityID }) {
			return append(codes, dataNoWebsite)
		}
	}
	return codes
}

// approve closes the task; what the authority makes of the answer is told by
// other downloads.
func (a *checkAnswer) approve(s *Server, r *Record, _ time.Time) wire.DownloadICP {
	s.st.channel(r.ProviderID).Tasks[a.subject()] = true
	return wire.DownloadICP{}
}
