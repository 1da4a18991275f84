package casework_test

import (
	"errors"
	"testing"

	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// The authority's index is older than our register: a subject that has a website
// here is not empty, whatever the authority says.
func TestASubjectWithAWebsiteHereIsNotEmpty(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	filed := w.filled(t, "yunshan.cn")
	subject := store.FiledSubject{ID: icp.NewID(tuesday), Account: w.applicant.Account, LicenceNo: "京ICP备2024012345号", Subject: filed.Data.Subject, CreatedAt: tuesday}
	site := store.FiledWebsite{ID: icp.NewID(tuesday), SubjectID: subject.ID, Order: filed.ID, Website: filed.Data.Websites[0], FiledAt: tuesday}
	site.Website.LicenceNo = "京ICP备2024012345号-1"
	w.authority.standing = casework.StandingEmpty
	begin := func() (*icp.Order, error) {
		return w.Create(t.Context(), w.applicant, casework.NewOrder{DomainCheck: "yunshan.com", Channel: icp.ChannelWeb,
			Resource: icp.Resource{Kind: icp.ResourceServer, Server: "s1"}})
	}
	empty := icp.E(icp.NotNow, "type.empty_subject")
	if _, err := begin(); !errors.Is(err, empty) {
		t.Errorf("nothing filed here: %v", err)
	}
	w.update(t, func(tx *store.Tx) error { return tx.InsertFiledSubject(t.Context(), &subject) })
	if _, err := begin(); !errors.Is(err, empty) {
		t.Errorf("filed here without a website: %v", err)
	}
	w.update(t, func(tx *store.Tx) error { return tx.InsertFiledWebsite(t.Context(), &site) })
	o := must(begin())(t)
	if d := must(w.Judge(t.Context(), o))(t).Detected; o.Type != icp.AddWebsite || d.Type != icp.AddWebsite || d.Stops() {
		t.Errorf("filed here with a website: %s, then %+v", o.TypeReason, d)
	}
}
