package rulebook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"strings"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/audit"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Publish makes the packs of the operator's folder the operator's rules, on all
// nodes. Errors: "rules.folder_missing" when no folder is set,
// "rules.folder_broken" with every fault, "rules.nothing_new" when these rules
// are in force already, "stale_version" when somebody else published meanwhile.
func (b *Book) Publish(ctx context.Context, actor icp.Actor, note string) (Edition, error) {
	if err := mayManage(actor); err != nil {
		return Edition{}, err
	}
	if b.Folder == "" {
		return Edition{}, icp.E(icp.NotNow, "rules.folder_missing")
	}
	own, err := folderFiles(b.Folder)
	if err != nil {
		return Edition{}, Problems{{Message: err.Error()}}.refusal(KindOperator)
	}
	return b.change(ctx, actor, KindOperator, note, func(kept files) (files, error) { return kept.with(operatorPart, own), nil })
}

// Restore puts the operator's packs and the reference files of an earlier
// edition into force again; the product's packs stay those of today. Errors are
// Publish's, and icp.NotFound when there is no such edition.
func (b *Book) Restore(ctx context.Context, actor icp.Actor, version, note string) (Edition, error) {
	if err := mayManage(actor); err != nil {
		return Edition{}, err
	}
	old, err := b.filesOf(ctx, version)
	if err != nil {
		return Edition{}, err
	}
	return b.change(ctx, actor, KindRestore, note, func(kept files) (files, error) {
		return kept.with(operatorPart, old).with(referencePart, old), nil
	})
}

// SetReference puts a reference file, such as service_contents.json, in place
// of the built-in one on all nodes; without text the built-in one comes back.
// source says where the file comes from. It is refused when the tables or any
// rule do not go with it ("rules.reference_broken"). Who may is the caller's
// business.
func (b *Book) SetReference(ctx context.Context, actor icp.Actor, name string, text []byte, source string) (Edition, error) {
	if name != path.Base(name) || strings.HasPrefix(name, ".") {
		return Edition{}, icp.ErrNotFound
	}
	return b.change(ctx, actor, KindReference, name+": "+source, func(kept files) (files, error) {
		out := maps.Clone(kept)
		delete(out, referencePart+"/"+name)
		if text != nil {
			out[referencePart+"/"+name] = string(text)
		}
		return out, nil
	})
}

// Reference gives the reference files that stand in for built-in ones.
func (b *Book) Reference() map[string][]byte { return b.current.Load().files.part(referencePart) }

func mayManage(actor icp.Actor) error {
	if actor.Party == icp.System {
		return nil
	}
	return access.Check(actor, access.RuleManage)
}

// change publishes what edit makes of the newest edition, if it loads and holds
// its examples, and judges by it at once.
func (b *Book) change(ctx context.Context, actor icp.Actor, kind, note string, edit func(files) (files, error)) (Edition, error) {
	last, kept, err := b.newest(ctx)
	if err != nil {
		return Edition{}, err
	}
	want, err := edit(b.upToDate(kept))
	if err != nil {
		return Edition{}, err
	}
	if same(want, kept) {
		return Edition{}, icp.E(icp.NotNow, "rules.nothing_new")
	}
	l, problems := check(want)
	if len(problems) > 0 {
		return Edition{}, problems.refusal(kind)
	}
	made, err := b.publish(ctx, actor, last, l, kind, note)
	if err != nil {
		return Edition{}, err
	}
	b.swap(made, l)
	b.behind.Store(nil)
	made.Active = true
	return made, nil
}

// upToDate gives an edition with this program's packs, unless its own are newer.
func (b *Book) upToDate(kept files) files {
	if kept.day(builtinPart) > b.program.day(builtinPart) {
		return kept
	}
	return kept.with(builtinPart, b.program)
}

// publish keeps an edition that follows another, with its audit event.
func (b *Book) publish(ctx context.Context, actor icp.Actor, last Edition, l *loaded, kind, note string) (Edition, error) {
	p := store.RulePublication{Seq: last.Seq + 1, Version: l.version, Kind: kind, Note: note, By: actor.Account}
	err := b.Store.Update(ctx, func(tx *store.Tx) error {
		p.At = b.Clock.Now()
		if err := tx.PublishRules(ctx, p, l.archive); err != nil {
			return err
		}
		e, err := event(actor, p)
		if err != nil {
			return err
		}
		tx.AppendEvent(e)
		return nil
	})
	if err != nil {
		return Edition{}, err
	}
	return editionOf(p), nil
}

// event is the publication for the audit trail. The note is free text, which
// may name people, and stays out.
func event(actor icp.Actor, p store.RulePublication) (audit.Event, error) {
	detail, err := json.Marshal(map[string]any{"kind": p.Kind, "edition": p.Seq})
	if err != nil {
		return audit.Event{}, fmt.Errorf("encode audit detail: %w", err)
	}
	who, role := string(actor.Account), strings.Join(actor.Roles, " ")
	if who == "" {
		who = string(actor.Party)
	}
	if role == "" {
		role = string(actor.Party)
	}
	return audit.Event{At: p.At, Actor: who, ActorRole: role, Action: "rules.published", ObjectKind: "rules", Object: p.Version,
		Version: p.Seq, Detail: detail}, nil
}

// check loads an edition, runs all examples and looks for all texts.
func check(f files) (*loaded, Problems) {
	l, err := load(f)
	if err != nil {
		return nil, problemsOf(err).sorted()
	}
	if err := errors.Join(l.set.CheckExamples(), l.set.CheckTexts(i18n.Messages().Has)); err != nil {
		return nil, problemsOf(err).sorted()
	}
	return l, nil
}

// Editions lists what came into force, the newest first.
func (b *Book) Editions(ctx context.Context, cursor store.Cursor, limit int) ([]Edition, store.Cursor, error) {
	var rows []store.RulePublication
	var next store.Cursor
	var last store.RulePublication
	err := b.Store.View(ctx, func(tx *store.Tx) (err error) {
		if last, _, err = tx.LatestRules(ctx); err != nil {
			return err
		}
		rows, next, err = tx.RulePublications(ctx, cursor, limit)
		return err
	})
	out := make([]Edition, len(rows))
	for i, p := range rows {
		out[i] = editionOf(p)
		out[i].Active = p.Seq == last.Seq
	}
	return out, next, err
}

// filesOf reads the files of an edition; icp.NotFound when there is none.
func (b *Book) filesOf(ctx context.Context, version string) (files, error) {
	var archive []byte
	err := b.Store.View(ctx, func(tx *store.Tx) (err error) {
		archive, err = tx.RuleFiles(ctx, version)
		return err
	})
	if err != nil {
		return nil, err
	}
	return unpack(archive)
}

// errUnreadable is the refusal of an edition that this program cannot load.
func errUnreadable(version string, err error) error {
	return icp.E(icp.NotNow, "rules.edition_unreadable").With("version", version).Because(err)
}
