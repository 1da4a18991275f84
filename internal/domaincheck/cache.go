package domaincheck

import (
	"container/list"
	"context"
	"sync"
)

// Cache keeps facts by ASCII name. Facts.FetchedAt is their age; who reads
// decides what is fresh. A cache may forget at any time.
type Cache interface {
	// Facts gives what is kept for a name; found is false when nothing is.
	Facts(ctx context.Context, ascii string) (f Facts, found bool, err error)
	// Put keeps facts, unless what is kept was fetched later.
	Put(ctx context.Context, ascii string, f Facts) error
}

// Memory is a Cache of bounded size in memory that forgets what was used least
// recently. Safe for concurrent use.
type Memory struct {
	mu    sync.Mutex
	limit int
	order *list.List // front = used last
	items map[string]*list.Element
}

type kept struct {
	ascii string
	facts Facts
}

// NewMemory makes a cache of at most limit names; a limit below 1 means 1.
func NewMemory(limit int) *Memory {
	return &Memory{limit: max(limit, 1), order: list.New(), items: make(map[string]*list.Element)}
}

// Facts gives what is kept; it never fails.
func (m *Memory) Facts(_ context.Context, ascii string) (Facts, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	el, ok := m.items[ascii]
	if !ok {
		return Facts{}, false, nil
	}
	m.order.MoveToFront(el)
	return el.Value.(kept).facts, true, nil
}

// Put keeps facts; it never fails. A slow answer that arrives after a newer
// one is dropped.
func (m *Memory) Put(_ context.Context, ascii string, f Facts) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if el, ok := m.items[ascii]; ok {
		if el.Value.(kept).facts.FetchedAt.After(f.FetchedAt) {
			return nil
		}
		el.Value = kept{ascii, f}
		m.order.MoveToFront(el)
		return nil
	}
	m.items[ascii] = m.order.PushFront(kept{ascii, f})
	if m.order.Len() > m.limit {
		last := m.order.Back()
		m.order.Remove(last)
		delete(m.items, last.Value.(kept).ascii)
	}
	return nil
}

// Len is the number of names kept.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.order.Len()
}
