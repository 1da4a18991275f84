package casework_test

import (
	"encoding/json"
	"testing"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

func TestWhatTheAuthorityBlacklistedIsWarnedOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.filled(t, "yunshan.cn", "yunshan.com")
	number := o.Data.Subject.CertificateNumber
	if list := at(must(w.Judge(t.Context(), o))(t).Findings, "/websites/0/domain"); len(list) != 0 {
		t.Fatalf("warned of nothing: %+v", list)
	}
	w.update(t, func(tx *store.Tx) error {
		if err := tx.EnsureChannel(t.Context(), "c1", "北京"); err != nil {
			return err
		}
		for _, e := range []store.BlackEntry{
			{List: store.ListBlack, Kind: store.ByDomain, Value: "yunshan.cn"},
			{List: store.ListIllegal, Kind: store.ByDomain, Value: "yunshan.com"},
			{List: store.ListBlack, Kind: store.ByCertificate, Value: number},
		} {
			e.Channel, e.Content, e.ToldAt = "c1", json.RawMessage(`{}`), tuesday
			if err := tx.PutBlackEntry(t.Context(), &e); err != nil {
				return err
			}
		}
		return nil
	})
	warned := func(o *icp.Order, pointer, code string) bool {
		for _, f := range at(must(w.Judge(t.Context(), o))(t).Findings, pointer) {
			if f.Code == code && f.Severity == icp.SeverityWarning {
				return true
			}
		}
		return false
	}
	for pointer, code := range map[string]string{"/websites/0/domain": "authority.blacklisted_domain", "/websites/1/domain": "authority.illegal_domain"} {
		if !warned(o, pointer, code) {
			t.Errorf("%s lacks %s", pointer, code)
		}
	}
	// Of a number that is not the account's own only the desk is told.
	draft, reviewed := *o, *o
	draft.State, reviewed.State = icp.StateDraft, icp.StateProviderReview
	draft.Account, reviewed.Account = w.stranger.Account, w.stranger.Account
	if warned(&draft, "/subject/certificate_number", "authority.blacklisted_subject") || !warned(&reviewed, "/subject/certificate_number", "authority.blacklisted_subject") {
		t.Error("the applicant was told of another's number, or the reviewer was not")
	}
}
