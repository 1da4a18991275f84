package rulebook

import (
	"context"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/openbeian/beian/internal/icp"
)

// SetReferences is SetReference for several files at once, as one edition; nil
// text brings the built-in file back. Files that are in force already are no
// error. Who may is the caller's business.
func (b *Book) SetReferences(ctx context.Context, actor icp.Actor, texts map[string][]byte, source string) error {
	names := slices.Sorted(maps.Keys(texts))
	for _, name := range names {
		if name != path.Base(name) || strings.HasPrefix(name, ".") {
			return icp.ErrNotFound
		}
	}
	_, err := b.change(ctx, actor, KindReference, strings.Join(names, ", ")+": "+source, func(kept files) (files, error) {
		out := maps.Clone(kept)
		for name, text := range texts {
			delete(out, referencePart+"/"+name)
			if text != nil {
				out[referencePart+"/"+name] = string(text)
			}
		}
		return out, nil
	})
	if errors.Is(err, icp.E(icp.NotNow, "rules.nothing_new")) {
		return nil
	}
	return err
}
