package rulebook

import (
	"context"
	"crypto/sha256"
	"sync"

	"github.com/openbeian/beian/internal/rules"
)

// State is how the operator's folder stands beside the rules in force.
type State struct {
	Folder string // empty when none is set
	// Version is that of the edition that the folder would give; "" while there
	// are problems.
	Version  string
	Problems Problems
	// Publishable is true when there are no problems and something would change.
	Publishable bool
	// Before are the rules in force, After those that the folder would give;
	// nil while there are problems.
	Before, After *rules.Set
}

// checks remembers the last check: examples of all packs take a while, and
// pages ask often.
type checks struct {
	mu       sync.Mutex
	of       [sha256.Size]byte
	loaded   *loaded
	problems Problems
}

// check is the function check, with memory.
func (c *checks) check(f files) (*loaded, Problems, error) {
	archive, err := f.pack()
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(archive)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of != sum {
		c.loaded, c.problems = check(f)
		c.of = sum
	}
	return c.loaded, c.problems, nil
}

// FolderState checks the operator's folder as Publish would, and changes
// nothing.
func (b *Book) FolderState(ctx context.Context) (State, error) {
	_, kept, err := b.newest(ctx)
	out := State{Folder: b.Folder, Before: b.Set()}
	if err != nil || b.Folder == "" {
		return out, err
	}
	own, err := folderFiles(b.Folder)
	if err != nil {
		out.Problems = Problems{{Message: err.Error()}}
		return out, nil
	}
	want := b.upToDate(kept).with(operatorPart, own)
	l, problems, err := b.checks.check(want)
	if err != nil || len(problems) > 0 {
		out.Problems = problems
		return out, err
	}
	out.Version, out.After, out.Publishable = l.version, l.set, !same(want, kept)
	return out, nil
}

// Candidate loads the rules that a folder ("" for none) would give together
// with this program's packs, without a database. Examples and texts are checked
// where asked for. The error is Problems when packs are at fault.
func Candidate(folder string, checked bool) (*rules.Set, error) {
	f, err := programFiles()
	if err != nil {
		return nil, err
	}
	if folder != "" {
		own, err := folderFiles(folder)
		if err != nil {
			return nil, err
		}
		f = f.with(operatorPart, own)
	}
	judge := func(f files) (*loaded, Problems) {
		l, err := load(f)
		return l, problemsOf(err).sorted()
	}
	if checked {
		judge = check
	}
	l, problems := judge(f)
	if len(problems) > 0 {
		return nil, problems
	}
	return l.set, nil
}
