package rulebook

import (
	"context"
	"slices"
	"sync"

	"github.com/openbeian/beian/internal/rules"
)

// cached is how many old editions stay loaded; reviewers look at a few only.
const cached = 4

// cache has the old editions used last, the latest first.
type cache struct {
	mu   sync.Mutex
	rows []*loaded
}

func (c *cache) find(version string) *loaded {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.rows, func(l *loaded) bool { return l.version == version })
	if i < 0 {
		return nil
	}
	l := c.rows[i]
	c.rows = slices.Insert(slices.Delete(c.rows, i, i+1), 0, l)
	return l
}

func (c *cache) add(l *loaded) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rows = slices.DeleteFunc(c.rows, func(x *loaded) bool { return x.version == l.version })
	c.rows = slices.Insert(c.rows, 0, l)
	c.rows = c.rows[:min(len(c.rows), cached)]
}

// At gives the rules of an edition; those in force for "" and the version in
// force. Errors: icp.NotFound when there is no such edition,
// "rules.edition_unreadable" when this program cannot load it.
func (b *Book) At(ctx context.Context, version string) (*rules.Set, error) {
	if now := b.current.Load(); version == "" || version == now.version {
		return now.set, nil
	}
	if l := b.old.find(version); l != nil {
		return l.set, nil
	}
	f, err := b.filesOf(ctx, version)
	if err != nil {
		return nil, err
	}
	l, err := load(f)
	if err != nil {
		return nil, errUnreadable(version, err)
	}
	kept := *l
	kept.version = version // under which it was kept, whatever this program would name it
	b.old.add(&kept)
	return kept.set, nil
}
