package sms

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/notify"
)

func message() notify.Message {
	return notify.Message{Ref: "01kb", Medium: notify.SMS, Kind: "returned", To: "13800000001", Lang: "zh-CN", Text: "备案订单需要修改"}
}

// gateway takes each request id once, and answers as it is told.
type gateway struct {
	mu    sync.Mutex
	taken map[string]request
	// answer runs after the request was taken; nil answers 200.
	answer func(w http.ResponseWriter, repeated bool)
	bearer string
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var in request
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Method != http.MethodPost || r.Header.Get("Idempotency-Key") != in.RequestID {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	g.bearer = r.Header.Get("Authorization")
	_, repeated := g.taken[in.RequestID]
	if g.taken == nil {
		g.taken = map[string]request{}
	}
	g.taken[in.RequestID] = in
	if g.answer != nil {
		g.answer(w, repeated)
	}
}

func start(t *testing.T, h http.Handler) *Sender {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	s, err := New(Options{Endpoint: server.URL, Token: "t0ken", Signature: "示例云", Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAMessageIsHandedOver(t *testing.T) {
	t.Parallel()
	g := &gateway{}
	if err := start(t, g).Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	want := request{RequestID: "01kb", To: "13800000001", Signature: "示例云", Template: "returned", Text: "备案订单需要修改"}
	if len(g.taken) != 1 || g.taken["01kb"] != want || g.bearer != "Bearer t0ken" {
		t.Errorf("the gateway has %+v with %q", g.taken, g.bearer)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]string{
		200: "", 202: "", 204: "", 409: "",
		400: "refused refused 400", 401: "refused refused 401", 404: "refused refused 404", 422: "refused refused 422",
		302: "refused refused 302", // not followed: it would carry the number elsewhere
		408: "later later 408", 429: "later later 429",
		500: "lost lost 500", 502: "lost lost 502", 503: "lost lost 503", 504: "lost lost 504",
	} {
		s := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(code)
		}))
		err := s.Send(t.Context(), message())
		if got := text(err); got != want {
			t.Errorf("%d: %q, want %q", code, got, want)
		}
	}
}

func TestALostAnswerIsRepeatedAndReachesThePersonOnce(t *testing.T) {
	t.Parallel()
	g := &gateway{answer: func(w http.ResponseWriter, repeated bool) {
		if !repeated {
			panic(http.ErrAbortHandler) // taken, and the connection lost
		}
		w.WriteHeader(http.StatusConflict)
	}}
	s := start(t, g)
	if !s.Deduplicates() {
		t.Fatal("the gateway drops repetitions")
	}
	if got := text(s.Send(t.Context(), message())); got != "lost lost" {
		t.Errorf("first: %q", got)
	}
	if err := s.Send(t.Context(), message()); err != nil {
		t.Errorf("second: %v", err)
	}
	if len(g.taken) != 1 {
		t.Errorf("the person got %d messages", len(g.taken))
	}
}

func TestAGatewayThatIsSlowCountsAsLost(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	s, err := New(Options{Endpoint: server.URL, Timeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if got := text(s.Send(t.Context(), message())); got != "lost lost" {
		t.Errorf("%q", got)
	}
}

func TestAGatewayThatIsNotThereWasNotReached(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	s, err := New(Options{Endpoint: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	if got := text(s.Send(t.Context(), message())); got != "later unreachable" {
		t.Errorf("%q", got)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"", "gateway", "ftp://gateway.example", "http://"} {
		if _, err := New(Options{Endpoint: endpoint}); err == nil {
			t.Errorf("%q is accepted", endpoint)
		}
	}
}

// text gives the error as the row keeps it, "" for none; it must be a Fault.
func text(err error) string {
	if err == nil {
		return ""
	}
	if _, ok := errors.AsType[*notify.Fault](err); !ok {
		return "no fault: " + err.Error()
	}
	return err.Error()
}
