package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// routeKnobs has the JSON knobs:
//
//	GET    /sim/api/records              all records, the newest first
//	POST   /sim/api/records/{id}/{act}   approve, reject {"reason"}, sms-pass, sms-expire
//	GET    /sim/api/subjects             the registry
//	POST   /sim/api/subjects             seed one subject or a list
//	GET    /sim/api/channels             sequence number and waiting files of each provider
//	POST   /sim/api/base-codes           send base-code tables to every provider: those of
//	                                     the body {"tables": {"Dwxz_dms": [{"id", "name", …}]}}, or a whole set
//	GET    /sim/faults                   the ordered faults
//	POST   /sim/faults                   order one fault or a list
//	DELETE /sim/faults                   take all back
func (s *Server) routeKnobs(mux *http.ServeMux) {
	mux.HandleFunc("GET /sim/api/records", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, list(s.Records())) })
	mux.HandleFunc("GET /sim/api/subjects", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, list(s.Subjects())) })
	mux.HandleFunc("GET /sim/api/channels", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, s.Channels()) })
	mux.HandleFunc("GET /sim/faults", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, list(s.faults())) })
	mux.HandleFunc("DELETE /sim/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.Behave()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /sim/api/records/{id}/{act}", handled(func(w http.ResponseWriter, r *http.Request) error {
		var body struct {
			Reason string `json:"reason"`
		}
		if err := readJSON(r, &body); err != nil {
			return err
		}
		if err := s.act(r.PathValue("id"), r.PathValue("act"), body.Reason); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}))
	mux.HandleFunc("POST /sim/api/subjects", handled(func(w http.ResponseWriter, r *http.Request) error {
		in, err := readList[Subject](r)
		if err != nil {
			return err
		}
		out, err := s.Seed(in...)
		if err != nil {
			return err
		}
		writeJSON(w, http.StatusCreated, out)
		return nil
	}))
	mux.HandleFunc("POST /sim/api/base-codes", handled(func(w http.ResponseWriter, r *http.Request) error {
		var body struct {
			Tables map[string][]wire.BaseCodeRow `json:"tables"`
		}
		if err := readJSON(r, &body); err != nil {
			return err
		}
		if err := s.SendBaseCodes(body.Tables); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	}))
	mux.HandleFunc("POST /sim/faults", handled(func(w http.ResponseWriter, r *http.Request) error {
		in, err := readList[Fault](r)
		if err != nil {
			return err
		}
		if err := s.Misbehave(in...); err != nil {
			return err
		}
		writeJSON(w, http.StatusOK, list(s.faults()))
		return nil
	}))
}

// act runs the decision that a knob or a button names.
func (s *Server) act(id, act, reason string) error {
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
		return s.PassSMS(n)
	case "sms-expire":
		return s.ExpireSMS(n)
	}
	return icp.E(icp.NotFound, "authority.sim_act")
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
	_ = s.change(func(time.Time) error { // never fails
		for _, a := range s.cfg.Accounts {
			ch := s.st.channel(a.ProviderID)
			c := ChannelStatus{ProviderID: a.ProviderID, Waiting: []string{}}
			if ch.Last != nil {
				c.LastSequence = ch.Last.Sequence
			}
			for _, f := range ch.Queue {
				c.Waiting = append(c.Waiting, f.Name)
			}
			out = append(out, c)
		}
		return nil
	})
	return out
}

func (s *Server) faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.st.Faults)
}

func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

// handled turns a handler's error into an answer.
func handled(h func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			writeJSON(w, statusOf(err), map[string]string{"error": err.Error()})
		}
	}
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
