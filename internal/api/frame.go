package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
)

// maxBody bounds every request in bytes; operations set lower bounds.
const maxBody = 64 << 20

// frame is what every request passes, outermost first.
func (d *Deps) frame(next http.Handler) http.Handler {
	next = limitBody(next)
	next = d.measure(next) // recovers what is below it, so that a panic is measured and logged as 500
	next = securityHeaders(next, strings.HasPrefix(d.BaseURL, "https://"))
	return d.withInfo(next)
}

// withInfo gives the request its number, language and address.
func (d *Deps) withInfo(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		accept := r.Header.Get("Accept-Language")
		info := &requestInfo{id: rand.Text()[:16], ip: callerIP(r, d.Proxies), log: d.Log, messages: d.Messages,
			lang: i18n.Match(accept), langSaid: accept != "" && accept != "*"}
		w.Header().Set("X-Request-Id", info.id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), infoKey{}, info)))
	})
}

// callerIP gives the address of who calls: the peer's, or, behind proxies of
// ours, the last address of X-Forwarded-For that is none of them.
func callerIP(r *http.Request, proxies []netip.Prefix) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ours := func(a netip.Addr) bool {
		return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	addr := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !ours(addr) {
			break
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		addr = before.Unmap()
	}
	return addr.String()
}

func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// securityHeaders let pages load from here only. The console shows uploads
// from memory, hence blob: and data: for pictures.
func securityHeaders(next http.Handler, https bool) http.Handler {
	headers := map[string]string{
		"Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'self'; " +
			"frame-ancestors 'none'; form-action 'self'",
		"X-Content-Type-Options":     "nosniff",
		"Referrer-Policy":            "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Permissions-Policy":         "camera=(self), microphone=(), geolocation=(), payment=()",
	}
	if https {
		headers["Strict-Transport-Security"] = "max-age=31536000"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			w.Header().Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// notePattern remembers which route answered: the request that the mux marks
// is a copy of the one that the frame holds.
func notePattern(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if info := infoFrom(r.Context()); info.pattern == "" {
			info.pattern = r.Pattern
		}
	})
}

// recorder remembers the status and size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// measure logs and counts each answer. It logs neither path nor query, which
// may name people, but the route.
func (d *Deps) measure(next http.Handler) http.Handler {
	metrics := newRequestMetrics(d.Metrics)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now() //nolint:forbidigo // a duration, not an instant of the product
		rec := &recorder{ResponseWriter: w}
		recovered(next).ServeHTTP(rec, r)
		took := time.Since(began) //nolint:forbidigo // as above
		info := infoFrom(r.Context())
		if rec.status == 0 {
			rec.status = http.StatusOK
		}
		route := info.pattern
		if route == "" {
			route = "none"
		}
		metrics.observe(r.Method, route, rec.status, took)
		level := slog.LevelInfo
		if !strings.Contains(route, prefix) {
			level = slog.LevelDebug
		}
		d.Log.LogAttrs(r.Context(), level, "request", slog.String("request", info.id), slog.String("method", r.Method),
			slog.String("route", route), slog.Int("status", rec.status), slog.Int64("bytes", rec.bytes), slog.Duration("took", took))
	})
}

// recovered turns a panic into an internal error.
func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(cause)
			}
			err := fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
			if rec, ok := w.(*recorder); ok && rec.status != 0 {
				infoFrom(r.Context()).log.ErrorContext(r.Context(), "panic after the answer began", "error", err)
				return
			}
			writeProblem(w, r, err)
		}()
		next.ServeHTTP(w, r)
	})
}

// limitAnonymous bounds calls without a session per address and minute in this
// process. It is a coarse guard; signing in and codes have their own limits,
// which all nodes share.
func (d *Deps) limitAnonymous(next http.Handler) http.Handler {
	var mu sync.Mutex
	var minute time.Time
	counts := map[string]int{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info := infoFrom(r.Context())
		if info.account != nil {
			next.ServeHTTP(w, r)
			return
		}
		now := d.Clock.Now()
		mu.Lock()
		if m := now.Truncate(time.Minute); !m.Equal(minute) {
			minute = m
			clear(counts)
		}
		counts[info.ip]++
		n := counts[info.ip]
		mu.Unlock()
		if n > d.AnonymousPerMinute {
			writeProblem(w, r, &icp.Error{Kind: icp.Limited, RetryAfter: minute.Add(time.Minute).Sub(now)})
			return
		}
		next.ServeHTTP(w, r)
	})
}
