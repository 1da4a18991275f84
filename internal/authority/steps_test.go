package authority_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"

	"github.com/openbeian/beian/internal/authority/sim/webservice"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/blob"
	"github.com/openbeian/beian/internal/icp"
)

// A gateway touches the world in three ways: it commits transactions, keeps and
// reads bytes, and calls the authority. The doubles of this file stand at each,
// and let the process die, fail or stand still before or after any of them, with
// the production code none the wiser.

// moment is a place where something can happen to a process.
type moment string

// The moments.
const (
	beforeCommit moment = "before a commit"
	afterCommit  moment = "after a commit"
	beforePut    moment = "before bytes are kept"
	afterPut     moment = "after bytes are kept"
	beforeOpen   moment = "before bytes are read"
	beforeCall   moment = "before a call"
	afterCall    moment = "after a call, before its reply"
)

var moments = []moment{beforeCommit, afterCommit, beforePut, afterPut, beforeOpen, beforeCall, afterCall}

// mishap is what happens at a moment.
type mishap string

// The mishaps.
const (
	dies   mishap = "the process dies"
	fails  mishap = "the step fails"
	stands mishap = "the process stands still, and another goes on"
)

// plan is one mishap to come: at the skip-th moment of its kind from now.
type plan struct {
	what mishap
	at   moment
	skip int
	// op limits calls to one method; "" means any.
	op wire.Operation
	// meanwhile is what another process does while this one stands still.
	meanwhile func()
}

// errDead unwinds what a dead process was about to do.
var errDead = errors.New("the process is dead")

// errBroken is what a step gives that fails.
var errBroken = icp.E(icp.Unavailable, "store.unavailable").Because(errors.New("broken here"))

// comes asks what happens at a moment to the process that runs, and takes the
// plan.
func (w *world) comes(at moment, op wire.Operation) mishap {
	p := w.plan
	if w.running == nil || p == nil || p.at != at || p.op != "" && p.op != op {
		return ""
	}
	if p.skip > 0 {
		p.skip--
		return ""
	}
	w.plan = nil
	w.disturbed = true
	switch p.what {
	case dies:
		w.running.dead = true
	case stands:
		w.stale = true
		p.meanwhile()
	case fails:
	}
	return p.what
}

// alive unwinds a process that is dead.
func (w *world) alive() {
	if w.running != nil && w.running.dead {
		panic(errDead)
	}
}

// commits are the worlds by the folder of their database.
var commits sync.Map

// The engine's own hook sees every commit of a writing transaction; refused, it
// becomes a rollback.
func init() {
	sqlite.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, dsn string) error {
		u, err := url.Parse(dsn)
		if err != nil {
			return err
		}
		name := u.Path
		if name == "" {
			name = u.Opaque
		}
		hooks, ok := conn.(sqlite.HookRegisterer)
		if !ok {
			return errors.New("the engine has no hooks")
		}
		hooks.RegisterCommitHook(func() int32 {
			w, ok := commits.Load(filepath.Dir(name))
			if !ok || w.(*world).committing() { //nolint:forcetypeassert // only worlds are in it
				return 0
			}
			return 1
		})
		return nil
	})
}

// committing decides about one commit.
func (w *world) committing() bool {
	if w.running == nil {
		return true
	}
	if w.running.dead || w.comes(beforeCommit, "") != "" {
		return false
	}
	w.comes(afterCommit, "") // it is dead, or stood still, once this one is through
	return true
}

// memory keeps bytes as a folder would; what was put stays when a process dies.
type memory struct {
	w    *world
	kept map[string][]byte
}

// Put keeps bytes.
func (m *memory) Put(_ context.Context, key string, r io.Reader) (int64, error) {
	m.w.alive()
	content, err := io.ReadAll(r)
	if err != nil {
		return 0, err
	}
	if how := m.w.comes(beforePut, ""); how == fails {
		return 0, errBroken
	}
	m.w.alive()
	m.kept[key] = content
	if how := m.w.comes(afterPut, ""); how == fails {
		return 0, errBroken
	}
	m.w.alive()
	return int64(len(content)), nil
}

// Open reads bytes back.
func (m *memory) Open(_ context.Context, key string) (io.ReadCloser, error) {
	m.w.alive()
	if how := m.w.comes(beforeOpen, ""); how == fails {
		return nil, errBroken
	}
	m.w.alive()
	content, ok := m.kept[key]
	if !ok {
		return nil, icp.E(icp.NotFound, "blob.missing")
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}

// Delete forgets bytes.
func (m *memory) Delete(_ context.Context, key string) error {
	m.w.alive()
	delete(m.kept, key)
	return nil
}

// Has reports whether there are bytes.
func (m *memory) Has(_ context.Context, key string) (bool, error) {
	_, ok := m.kept[key]
	return ok, nil
}

// List gives every key.
func (m *memory) List(context.Context) iter.Seq2[blob.Entry, error] {
	return func(yield func(blob.Entry, error) bool) {
		for key := range m.kept {
			if !yield(blob.Entry{Key: key}, nil) {
				return
			}
		}
	}
}

// RoundTrip carries a call to the simulator, and looks at what the authority
// sees while it sees it.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	w.alive()
	w.clock.Advance(time.Millisecond) // no two rows of one time: they would come in the order of their random ids
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	call, err := webservice.ReadCall(wire.V30(), r.URL.Path, body)
	if err != nil {
		return nil, err
	}
	if how := w.comes(beforeCall, call.Operation); how == fails {
		return nil, errors.New("nobody listens") // it never left
	}
	w.alive()
	if t := httptrace.ContextClientTrace(r.Context()); t != nil && t.WroteHeaderField != nil {
		t.WroteHeaderField("Host", []string{r.URL.Host})
	}
	w.arrives(call)
	res, err := w.serve(r, body)
	w.passed(call)
	if how := w.comes(afterCall, call.Operation); how == fails {
		return nil, errors.New("no reply in time")
	}
	w.alive()
	return res, err
}

// serve answers as a server would; a handler that breaks the connection off
// leaves no answer.
func (w *world) serve(r *http.Request, body []byte) (res *http.Response, err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			res, err = nil, io.ErrUnexpectedEOF
		default:
			panic(p)
		}
	}()
	in := httptest.NewRequest(r.Method, r.URL.Path, bytes.NewReader(body))
	in.Header = r.Header
	out := httptest.NewRecorder()
	w.sim.ServeHTTP(out, in)
	return out.Result(), nil
}

// arrives holds a call that reaches the authority to what the gateway promises:
// bytes are durable before they are sent, a file before it is acknowledged.
func (w *world) arrives(call webservice.Call) {
	switch call.Operation {
	case wire.OpUpload:
		number, hash := call.Values[6], call.Values[5]
		if seen := w.taken[number]; seen != "" && seen != hash {
			w.fault("another content is sent under the number %s, which was accepted", number)
		}
		for _, u := range w.files() {
			if fmt.Sprint(u.Sequence) == number && u.Hash == hash && w.memory.kept[u.BlobKey] != nil {
				return
			}
		}
		w.fault("the file %s is sent before it is kept", number)
	case wire.OpDownloadAck:
		name := call.Values[5]
		for _, d := range w.received() {
			if d.FileName == name && w.memory.kept[d.BlobKey] != nil && d.State != "received" {
				return
			}
		}
		w.fault("the download %s is acknowledged before it is kept and applied", name)
	default: // nothing is promised
	}
}

// passed notes what the authority took.
func (w *world) passed(call webservice.Call) {
	if call.Operation != wire.OpUpload {
		return
	}
	if number := call.Values[6]; fmt.Sprint(w.sim.Channels()[0].LastSequence) == number {
		w.taken[number] = call.Values[5]
	}
}

// fault notes a broken promise; it is told where the test can end.
func (w *world) fault(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(w.faults, text) {
		w.faults = append(w.faults, text)
	}
}

func (w *world) broken() string { return strings.Join(w.faults, "\n") }
