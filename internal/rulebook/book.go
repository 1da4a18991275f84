package rulebook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// Options say what a book stands on.
type Options struct {
	Store *store.Store
	Clock clock.Clock
	Log   *slog.Logger
	// Tables are replaced by those of each edition; nil for none. They must not
	// be refdata.Builtin's own.
	Tables *refdata.Tables
	// Folder has the operator's packs to publish; empty for none.
	Folder string
	// Program names this program in the note of an edition that it brings.
	Program string
	// Every is the time between two looks for a newer edition; 0 means 5 s.
	Every time.Duration
	// ReadOnly stores nothing when the book is opened: for tools beside a
	// running installation.
	ReadOnly bool
}

// every is how soon nodes follow when nothing else is said.
const every = 5 * time.Second

// The kinds of publications.
const (
	KindProgram   = "program"   // a new program brought its packs
	KindOperator  = "operator"  // the operator's folder was published
	KindReference = "reference" // a reference file changed
	KindRestore   = "restore"   // an earlier edition's own packs came back
)

// Edition is an edition of the rules as it came into force.
type Edition struct {
	Seq     int64
	Version string
	Kind    string
	Note    string
	By      icp.AccountID // empty for the system
	At      time.Time
	// Active is true for the newest one.
	Active bool
}

func editionOf(p store.RulePublication) Edition {
	return Edition{Seq: p.Seq, Version: p.Version, Kind: p.Kind, Note: p.Note, By: p.By, At: p.At}
}

// Book has the rules in force and their editions. Safe for concurrent use.
type Book struct {
	Options
	program  files
	current  atomic.Pointer[active]
	behind   atomic.Pointer[behind]
	failures atomic.Int64
	// swapping keeps the rules and the tables of one edition together.
	swapping sync.Mutex
	old      cache
	checks   checks
}

// active is what a node judges by.
type active struct {
	*loaded
	edition Edition
}

// behind is a newer edition that this node does not judge by, and why.
type behind struct {
	seq int64
	err error
}

// Open loads the newest edition. Where this program has other packs than it,
// that are not older, they become an edition of their own together with the
// operator's files; if these do not go with them, the newest edition stays in
// force and Behind says why. The error is a fault of the store or of the build.
func Open(ctx context.Context, o Options) (*Book, error) {
	program, err := programFiles()
	if err != nil {
		return nil, err
	}
	return open(ctx, o, program)
}

// open is Open for a program with other packs.
func open(ctx context.Context, o Options, program files) (*Book, error) {
	if o.Every == 0 {
		o.Every = every
	}
	b := &Book{Options: o, program: program}
	var err error
	// Another node may publish while this one starts; then its edition counts.
	for {
		if err = b.start(ctx); !errors.Is(err, errStale) {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open rule book: %w", err)
	}
	return b, nil
}

// errStale is the refusal of a publication that rests on an old edition.
var errStale = icp.E(icp.Conflict, "stale_version")

// start finds what to judge by: the newest edition, or what this program makes
// of it.
func (b *Book) start(ctx context.Context) error {
	last, kept, err := b.newest(ctx)
	if err != nil {
		return err
	}
	want := kept.with(builtinPart, b.program)
	switch {
	case last.Seq > 0 && (b.ReadOnly || same(kept, want) || kept.day(builtinPart) > b.program.day(builtinPart)):
		return b.resume(last, kept)
	case b.ReadOnly:
		return b.fall(last, nil, want)
	}
	l, err := load(want)
	if err != nil {
		err = fmt.Errorf("the operator's files do not go with this program's packs: %w", err)
		if last.Seq == 0 {
			return err
		}
		return b.fall(last, err, kept)
	}
	made, err := b.publish(ctx, icp.Actor{Party: icp.System}, last, l, KindProgram, b.Program)
	if err != nil {
		return err
	}
	b.swap(made, l)
	return nil
}

// resume takes up the newest edition as it is kept.
func (b *Book) resume(last Edition, kept files) error {
	l, err := load(kept)
	if err != nil {
		return b.fall(last, err, kept.with(builtinPart, b.program))
	}
	b.swap(last, l)
	return nil
}

// fall judges by other files than those of the newest edition, because of a
// fault: by the first that load of those given, the program's packs with the
// reference files, and the program's packs alone.
func (b *Book) fall(last Edition, because error, first files) error {
	if because != nil {
		b.failed(last.Seq, because)
	}
	var err error
	for _, f := range []files{first, first.with(operatorPart, nil).with(builtinPart, b.program), b.program} {
		var l *loaded
		if l, err = load(f); err == nil {
			b.swap(last, l)
			return nil
		}
	}
	return err
}

// newest reads the newest edition; Seq is 0 before the first.
func (b *Book) newest(ctx context.Context) (Edition, files, error) {
	var p store.RulePublication
	var archive []byte
	err := b.Store.View(ctx, func(tx *store.Tx) error {
		var found bool
		var err error
		if p, found, err = tx.LatestRules(ctx); err != nil || !found {
			return err
		}
		archive, err = tx.RuleFiles(ctx, p.Version)
		return err
	})
	if err != nil || p.Seq == 0 {
		return Edition{}, files{}, err
	}
	f, err := unpack(archive)
	return editionOf(p), f, err
}

// swap lets everybody judge by an edition from now on.
func (b *Book) swap(e Edition, l *loaded) {
	b.swapping.Lock()
	defer b.swapping.Unlock()
	before := b.current.Load()
	if before != nil && before.edition.Seq > e.Seq {
		return // a later one came meanwhile
	}
	if b.Tables != nil && (before != nil || len(l.files.part(referencePart)) > 0) {
		b.Tables.Replace(l.tables)
	}
	b.current.Store(&active{loaded: l, edition: e})
	b.Log.Info("rules in force", "version", l.version, "edition", e.Seq, "kind", e.Kind)
}

// failed notes that an edition cannot be used here.
func (b *Book) failed(seq int64, err error) {
	if was := b.behind.Swap(&behind{seq: seq, err: err}); was == nil || was.seq != seq {
		b.failures.Add(1)
		b.Log.Error("rules do not load; the old ones stay in force here", "edition", seq, "error", err)
	}
}

// Sync takes up the newest edition if there is one that this node has not. An
// edition that does not load changes nothing but Behind; the error is the
// store's.
func (b *Book) Sync(ctx context.Context) error {
	seq := b.current.Load().edition.Seq
	if late := b.behind.Load(); late != nil {
		seq = max(seq, late.seq)
	}
	var last store.RulePublication
	err := b.Store.View(ctx, func(tx *store.Tx) (err error) {
		last, _, err = tx.LatestRules(ctx)
		return err
	})
	if err != nil || last.Seq <= seq {
		return err
	}
	e, f, err := b.newest(ctx)
	if err != nil {
		return err
	}
	l, err := load(f)
	if err != nil {
		b.failed(e.Seq, err)
		return nil
	}
	b.swap(e, l)
	b.behind.Store(nil)
	return nil
}

// Follow takes up new editions until ctx ends.
func (b *Book) Follow(ctx context.Context) {
	tick := time.NewTicker(b.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := b.Sync(ctx); err != nil && ctx.Err() == nil {
			b.Log.Warn("look for new rules", "error", err)
		}
	}
}

// Behind tells why this node does not judge by the newest edition; nil when it
// does.
func (b *Book) Behind() error {
	if late := b.behind.Load(); late != nil {
		return late.err
	}
	return nil
}

// Failures counts the editions that this node could not load.
func (b *Book) Failures() int64 { return b.failures.Load() }

// Set gives the rules in force.
func (b *Book) Set() *rules.Set { return b.current.Load().set }

// Version names the edition in force.
func (b *Book) Version() string { return b.current.Load().version }

// Active gives the edition in force on this node.
func (b *Book) Active() Edition {
	e := b.current.Load().edition
	e.Active = true
	return e
}

// Seq is the number of the edition in force on this node.
func (b *Book) Seq() int64 { return b.current.Load().edition.Seq }

func same(a, b files) bool {
	if len(a) != len(b) {
		return false
	}
	for name, text := range a {
		if other, ok := b[name]; !ok || other != text {
			return false
		}
	}
	return true
}
