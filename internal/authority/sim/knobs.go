package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// routeKnobs has the JSON knobs:
//
//	GET    /sim/api/records              records, the newest first; ?before=ID&limit=N
//	POST   /sim/api/records/{id}/{act}   approve, reject {"reason"}, sms-pass {"person"}, sms-expire
//	GET    /sim/api/subjects             the registry
//	POST   /sim/api/subjects             seed one subject or a list
//	GET    /sim/api/reports              what was reported of addresses and domains
//	GET    /sim/api/channels             sequence number and waiting files of each provider
//	GET    /sim/api/providers/{id}       what a provider may do, see [Permission]
//	PATCH  /sim/api/providers/{id}       change some of it
//	GET    /sim/api/settings             see [Settings]
//	PATCH  /sim/api/settings             change some of them
//	GET    /sim/api/outcomes             ordered outcomes, see [Outcome]
//	POST   /sim/api/outcomes             order one outcome or a list
//	DELETE /sim/api/outcomes             take all back
//	GET    /sim/api/blacklist            who and what is on it
//	POST   /sim/api/blacklist            change it and send HMDLB, one [Ban] or a list
//	POST   /sim/api/push/{element}       send a download of its own, see [Push]
//	POST   /sim/api/base-codes           send base-code tables to every provider: those of
//	                                     the body {"tables": {"Dwxz_dms": [{"id", "name", …}]}}, or a whole set
//	GET    /sim/api/calls                the newest calls, the last first
//	GET    /sim/faults                   the ordered faults
//	POST   /sim/faults                   order one fault or a list
//	DELETE /sim/faults                   take all back
func (s *Server) routeKnobs(mux *http.ServeMux) {
	for pattern, k := range map[string]knob{
		"GET /sim/api/records":        s.knobRecords,
		"GET /sim/api/subjects":       show(s.Subjects),
		"GET /sim/api/channels":       show(s.Channels),
		"GET /sim/api/providers/{id}": s.knobPermission,
		"GET /sim/api/reports":        func(*http.Request) (any, error) { return s.reports(), nil },
		"GET /sim/api/settings":       func(*http.Request) (any, error) { return s.Settings(), nil },
		"GET /sim/api/outcomes":       show(s.outcomes),
		"GET /sim/api/blacklist":      func(*http.Request) (any, error) { return s.blacklist(), nil },
		"GET /sim/api/calls":          show(s.Calls),
		"GET /sim/faults":             show(s.faults),

		"POST /sim/api/records/{id}/{act}": s.knobAct,
		"POST /sim/api/subjects":           s.knobSeed,
		"PATCH /sim/api/providers/{id}":    s.knobPermit,
		"PATCH /sim/api/settings":          s.knobSet,
		"POST /sim/api/outcomes":           ordered(s.Script, s.outcomes),
		"DELETE /sim/api/outcomes":         takenBack(s.Unscript),
		"POST /sim/api/blacklist":          s.knobBar,
		"POST /sim/api/push/{element}":     s.knobPush,
		"POST /sim/api/base-codes":         s.knobBaseCodes,
		"POST /sim/faults":                 ordered(s.Misbehave, s.faults),
		"DELETE /sim/faults":               takenBack(s.Behave),
	} {
		mux.HandleFunc(pattern, k.serve)
	}
}

// knob does something and gives what to answer; nil answers that it was done.
type knob func(r *http.Request) (any, error)

func (k knob) serve(w http.ResponseWriter, r *http.Request) {
	v, err := k(r)
	switch {
	case err != nil:
		writeJSON(w, statusOf(err), problemOf(err))
	case v == nil:
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPost && r.URL.Path == "/sim/api/subjects":
		writeJSON(w, http.StatusCreated, v)
	default:
		writeJSON(w, http.StatusOK, v)
	}
}

func show[T any](f func() []T) knob {
	return func(*http.Request) (any, error) { return list(f()), nil }
}

// ordered takes one order or a list of them and answers what is ordered now.
func ordered[T any](order func(...T) error, now func() []T) knob {
	return func(r *http.Request) (any, error) {
		in, err := readList[T](r)
		if err == nil {
			err = order(in...)
		}
		return list(now()), err
	}
}

func takenBack(f func()) knob {
	return func(*http.Request) (any, error) {
		f()
		return nil, nil
	}
}

func (s *Server) knobRecords(r *http.Request) (any, error) {
	number := func(name string) int64 {
		n, err := strconv.ParseInt(r.URL.Query().Get(name), 10, 32)
		if err != nil {
			return 0
		}
		return n
	}
	return list(s.recordsBefore(number("before"), int(number("limit")))), nil
}

func (s *Server) knobAct(r *http.Request) (any, error) {
	var body struct {
		Reason string `json:"reason"`
		Person int    `json:"person"`
	}
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	return nil, s.act(r.PathValue("id"), r.PathValue("act"), body.Reason, body.Person)
}

// act runs the decision that a knob or a button names; person is whose SMS check
// passes, 0 everybody's.
func (s *Server) act(id, act, reason string, person int) error {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return icp.E(icp.NotFound, "authority.sim_record")
	}
	switch act {
	case "approve":
		return s.Approve(n)
	case "reject":
		return s.Reject(n, reason)
	case "sms-pass":
		if person != 0 {
			return s.PassSMSOf(n, person)
		}
		return s.PassSMS(n)
	case "sms-expire":
		return s.ExpireSMS(n)
	}
	return icp.E(icp.NotFound, "authority.sim_act")
}

func (s *Server) knobSeed(r *http.Request) (any, error) {
	in, err := readList[Subject](r)
	if err != nil {
		return nil, err
	}
	return s.Seed(in...)
}

// provider is the one that the path names; an unknown one is 0.
func provider(r *http.Request) int64 {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

func (s *Server) knobPermission(r *http.Request) (any, error) {
	if s.account(provider(r)) == nil {
		return nil, icp.E(icp.NotFound, "authority.sim_provider")
	}
	return s.Permission(provider(r)), nil
}

func (s *Server) knobPermit(r *http.Request) (any, error) {
	to := s.Permission(provider(r))
	if err := readJSON(r, &to); err != nil {
		return nil, err
	}
	return to, s.Permit(provider(r), to)
}

func (s *Server) knobSet(r *http.Request) (any, error) {
	to := s.Settings()
	if err := readJSON(r, &to); err != nil {
		return nil, err
	}
	return to, s.Set(to)
}

func (s *Server) knobBar(r *http.Request) (any, error) {
	in, err := readList[Ban](r)
	if err != nil {
		return nil, err
	}
	return nil, s.Bar(in...)
}

func (s *Server) knobPush(r *http.Request) (any, error) {
	var p Push
	if err := readJSON(r, &p); err != nil {
		return nil, err
	}
	return nil, s.Push(r.PathValue("element"), p)
}

func (s *Server) knobBaseCodes(r *http.Request) (any, error) {
	var body struct {
		Tables map[string][]wire.BaseCodeRow `json:"tables"`
	}
	if err := readJSON(r, &body); err != nil {
		return nil, err
	}
	return nil, s.SendBaseCodes(body.Tables)
}

// ChannelStatus is what the authority keeps for one provider.
type ChannelStatus struct {
	ProviderID   int64 `json:"provider_id"`
	LastSequence int64 `json:"last_sequence"`
	// Waiting are the names of files not yet acknowledged, the next first.
	Waiting []string `json:"waiting"`
}

// Channels gives the state of each account's channel.
func (s *Server) Channels() []ChannelStatus {
	out := []ChannelStatus{}
	s.look(func() {
		for _, a := range s.cfg.Accounts {
			ch := s.st.channel(a.ProviderID)
			c := ChannelStatus{ProviderID: a.ProviderID, LastSequence: ch.last(), Waiting: []string{}}
			for _, f := range ch.Queue {
				c.Waiting = append(c.Waiting, f.Name)
			}
			out = append(out, c)
		}
	})
	return out
}

func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

func statusOf(err error) int {
	switch icp.KindOf(err) {
	case icp.Invalid:
		return http.StatusUnprocessableEntity
	case icp.NotFound:
		return http.StatusNotFound
	case icp.NotNow, icp.Conflict:
		return http.StatusConflict
	default:
		return http.StatusInternalServerError
	}
}

// problem is a refusal; Code is the key of its message.
type problem struct {
	Code    string `json:"code"`
	Pointer string `json:"pointer,omitempty"`
	ZH      string `json:"zh"`
	EN      string `json:"en"`
}

func problemOf(err error) problem {
	p := problem{Code: "authority.sim_error"}
	var e *icp.Error
	if errors.As(err, &e) {
		p.Code = e.Code
		if len(e.Fields) > 0 {
			p.Code, p.Pointer = e.Fields[0].Code, e.Fields[0].Pointer
		}
	}
	p.ZH, p.EN = say("zh-CN", p.Code), say("en", p.Code)
	return p
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the caller may have gone
}

// readJSON reads an object; an empty body leaves v as it is.
func readJSON(r *http.Request, v any) error {
	d := json.NewDecoder(io.LimitReader(r.Body, 8<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil && !errors.Is(err, io.EOF) {
		return icp.E(icp.Invalid, "authority.sim_json").Because(err)
	}
	return nil
}

// readList reads an object or a list of them.
func readList[T any](r *http.Request) ([]T, error) {
	var raw json.RawMessage
	if err := readJSON(r, &raw); err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	var out []T
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		return nil, icp.E(icp.Invalid, "authority.sim_json").Because(err)
	}
	return out, nil
}
