package storetest

import (
	"testing"

	"github.com/openbeian/beian/internal/store"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, s *store.Store) {
		if err := s.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
