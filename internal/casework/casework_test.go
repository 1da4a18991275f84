package casework_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

func TestAnOrderGoesFromDraftToFiled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.accepted(t, "yunshan.cn", "yunshan.com")
	if o.State != icp.StateSMSPending || len(o.Data.SMS) != 1 || !o.Data.SMS[0].Until.Equal(tuesday.Add(24*time.Hour)) {
		t.Fatalf("after acceptance: %s, message checks %+v", o.State, o.Data.SMS)
	}
	a, b := o.Data.Websites[0].ID, o.Data.Websites[1].ID
	results := func(subject string, r ...casework.SiteResult) *icp.Order {
		w.update(t, func(tx *store.Tx) error { return w.Results(t.Context(), tx, o.ID, subject, r) })
		return must(w.Order(t.Context(), w.applicant, o.ID))(t)
	}
	// The record of the first site comes before any opinion, and twice.
	for range 2 {
		if o = results("京ICP备2024012345号", casework.SiteResult{Website: a, LicenceNo: "京ICP备2024012345号-2", AuthorityRef: 71}); o.State != icp.StateAuthorityReview {
			t.Fatalf("with one of two numbers: %s", o.State)
		}
	}
	if o = results("", casework.SiteResult{Website: b, Approved: true}); o.State != icp.StateAuthorityReview {
		t.Fatalf("approved without a number: %s", o.State)
	}
	o = results("", casework.SiteResult{Website: b, LicenceNo: "京ICP备2024012345号-3"})
	if o.State != icp.StateFiled || o.Data.SubjectLicenceNo != "京ICP备2024012345号" || o.Data.Filing.PasswordDigest != "" {
		t.Fatalf("at the end: %s, %q, password digest %q", o.State, o.Data.SubjectLicenceNo, o.Data.Filing.PasswordDigest)
	}
	if !slices.Contains(w.register.published, "京ICP备2024012345号-2") || !slices.Contains(w.register.published, "京ICP备2024012345号-3") {
		t.Errorf("register holds %v", w.register.published)
	}
	if !slices.Equal(w.notices.kinds(), []string{order.NoticeSubmitted, order.NoticePassed, order.NoticeSMSDue, order.NoticeSMSPerson, order.NoticeFiled}) {
		t.Errorf("told: %v", w.notices.kinds())
	}
	if len(w.resources.filed) != 1 || w.authority.woken != 1 {
		t.Errorf("resources filed %v, gateway woken %d times", w.resources.filed, w.authority.woken)
	}
}

func TestAPartlyRejectedOrderComesBackWithTheOpinion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.accepted(t, "yunshan.cn", "yunshan.com")
	w.update(t, func(tx *store.Tx) error {
		return w.Results(t.Context(), tx, o.ID, "京ICP备2024012345号", []casework.SiteResult{
			{Website: o.Data.Websites[0].ID, LicenceNo: "京ICP备2024012345号-2"},
			{Website: o.Data.Websites[1].ID, Opinion: "网站名称与内容不符"}})
	})
	o = must(w.Order(t.Context(), w.applicant, o.ID))(t)
	if o.State != icp.StateAuthorityRejected || o.Data.AuthorityOpinion != "网站名称与内容不符" || o.Data.Findings[0].Pointer != "/websites/1" {
		t.Fatalf("%s %q %+v", o.State, o.Data.AuthorityOpinion, o.Data.Findings)
	}
	if !slices.Equal(w.register.published, []string{"京ICP备2024012345号-2"}) {
		t.Errorf("register holds %v", w.register.published)
	}
	if _, err := w.RemoveWebsite(t.Context(), w.applicant, o.ID, o.Version, o.Data.Websites[0].ID); !errors.Is(err, icp.E(icp.NotNow, "order.website_filed")) {
		t.Errorf("a filed site is removed: %v", err)
	}
	site := o.Data.Websites[1]
	site.Name = "云杉资料库"
	o = must(w.UpdateWebsite(t.Context(), w.applicant, o.ID, o.Version, site))(t)
	if o = must(w.Submit(t.Context(), w.applicant, o.ID, o.Version, handedIn("", agreed...)))(t); o.State != icp.StateProviderReview || o.Round != 2 {
		t.Errorf("after mending: %s round %d", o.State, o.Round)
	}
}

func TestSubmittingWhatIsNotReadyIsRefusedAndLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.begin(t, "yunshan.cn")
	_, err := w.Submit(t.Context(), w.applicant, o.ID, o.Version, handedIn("k", agreed...))
	var e *icp.Error
	if !errors.As(err, &e) || e.Kind != icp.Invalid || len(e.Fields) < 5 {
		t.Fatalf("an empty draft: %v", err)
	}
	o = w.filled(t, "yunshan.net")
	if _, err := w.Submit(t.Context(), w.applicant, o.ID, o.Version, handedIn("", agreed[:1]...)); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("without a consent: %v", err)
	}
	w.resources.unfit = "resource.expiring"
	if _, err := w.Submit(t.Context(), w.applicant, o.ID, o.Version, handedIn("", agreed...)); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("with an unfit server: %v", err)
	}
	after := must(w.Order(t.Context(), w.applicant, o.ID))(t)
	if after.Version != o.Version || after.State != icp.StateDraft || len(w.notices.sent) > 0 {
		t.Errorf("a refused submission left version %d, %s, notices %v", after.Version, after.State, w.notices.kinds())
	}
}

func TestDoubleClicksMakeOneOrderAndOneSubmission(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := casework.NewOrder{DomainCheck: "yunshan.cn", Channel: icp.ChannelWeb, Resource: icp.Resource{Kind: icp.ResourceServer, Server: "s1"}, IdempotencyKey: "k1"}
	ids := make([]icp.OrderID, 4)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			if o, err := w.Create(t.Context(), w.applicant, in); err == nil {
				ids[i] = o.ID
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id == "" || id != ids[0] {
			t.Fatalf("one key made the orders %v", ids)
		}
	}
	in.DomainCheck = "yunshan.com"
	if _, err := w.Create(t.Context(), w.applicant, in); !errors.Is(err, icp.ErrConflict) {
		t.Errorf("the same key for another domain: %v", err)
	}
	o := w.filled(t, "yunshan.net")
	first := must(w.Submit(t.Context(), w.applicant, o.ID, o.Version, handedIn("s1", agreed...)))(t)
	second := must(w.Submit(t.Context(), w.applicant, o.ID, o.Version, handedIn("s1", agreed...)))(t)
	if first.Version != second.Version || second.Round != 1 {
		t.Errorf("two submissions: versions %d and %d, round %d", first.Version, second.Version, second.Round)
	}
	if _, err := w.Submit(t.Context(), w.applicant, o.ID, o.Version, handedIn("", agreed...)); !errors.Is(err, icp.ErrConflict) {
		t.Errorf("the back button: %v", err)
	}
}

func TestNobodyReachesAnothersCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.filled(t, "yunshan.cn")
	tries := map[string]func() error{
		"read": func() error { _, err := w.Order(t.Context(), w.stranger, o.ID); return err },
		"edit": func() error {
			_, err := w.UpdateSubject(t.Context(), w.stranger, o.ID, o.Version, icp.Subject{})
			return err
		},
		"submit": func() error {
			_, err := w.Submit(t.Context(), w.stranger, o.ID, o.Version, handedIn("", agreed...))
			return err
		},
		"abandon": func() error { _, err := w.Abandon(t.Context(), w.stranger, o.ID, o.Version); return err },
		"picture": func() error {
			_, _, err := w.OpenMaterial(t.Context(), w.stranger, o.ID, o.Materials[0].ID)
			return err
		},
		"upload": func() error {
			_, _, err := w.AddMaterial(t.Context(), w.stranger, o.ID, casework.NewMaterial{Kind: icp.MaterialOther, Bytes: picture()})
			return err
		},
		"timeline": func() error { _, _, err := w.Timeline(t.Context(), w.stranger, o.ID, "", 10); return err },
	}
	for name, try := range tries {
		if err := try(); !errors.Is(err, icp.ErrNotFound) {
			t.Errorf("%s by a stranger: %v", name, err)
		}
	}
	if _, err := w.Approve(t.Context(), w.applicant, o.ID, o.Version); !errors.Is(err, icp.ErrNotAllowed) {
		t.Errorf("an applicant approves: %v", err)
	}
}

func TestAStaleVersionIsAConflict(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.begin(t, "yunshan.cn")
	must(w.UpdateSubject(t.Context(), w.applicant, o.ID, o.Version, o.Data.Subject))(t)
	if _, err := w.UpdateSubject(t.Context(), w.applicant, o.ID, o.Version, o.Data.Subject); !errors.Is(err, icp.ErrConflict) {
		t.Errorf("the second tab: %v", err)
	}
}

func TestWebsitesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := icp.Resource{Kind: icp.ResourceServer, Server: "s1"}
	o := w.begin(t, "a.cn")
	if _, err := w.AddWebsite(t.Context(), w.applicant, o.ID, o.Version, "a.cn", server, ""); !errors.Is(err, icp.E(icp.NotNow, "order.domain_twice")) {
		t.Errorf("one domain twice: %v", err)
	}
	w.domains["bad.cn"] = casework.DomainResult{ID: "bad.cn", Domain: "bad.cn"}
	if _, err := w.AddWebsite(t.Context(), w.applicant, o.ID, o.Version, "bad.cn", server, ""); !errors.Is(err, icp.E(icp.NotNow, "domain.not_fileable")) {
		t.Errorf("a domain that failed: %v", err)
	}
	for _, d := range []string{"b.cn", "c.cn"} {
		o = must(w.AddWebsite(t.Context(), w.applicant, o.ID, o.Version, d, server, ""))(t)
	}
	if _, err := w.AddWebsite(t.Context(), w.applicant, o.ID, o.Version, "d.cn", server, ""); !errors.Is(err, icp.E(icp.NotNow, "order.websites_full")) {
		t.Errorf("one too many: %v", err)
	}
	sites := o.Data.Websites
	o = must(w.ReorderWebsites(t.Context(), w.applicant, o.ID, o.Version, []icp.WebsiteID{sites[2].ID, sites[0].ID, sites[1].ID}))(t)
	if o.Data.Websites[0].Domain != "c.cn" {
		t.Errorf("sorted as %v", o.Data.Websites)
	}
	if _, err := w.ReorderWebsites(t.Context(), w.applicant, o.ID, o.Version, []icp.WebsiteID{sites[0].ID, sites[0].ID, sites[1].ID}); !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("one twice in the sequence: %v", err)
	}
	o = must(w.RemoveWebsite(t.Context(), w.applicant, o.ID, o.Version, sites[0].ID))(t)
	if len(o.Data.Websites) != 2 || len(w.resources.lent) != 2 {
		t.Errorf("%d sites hold %d resources", len(o.Data.Websites), len(w.resources.lent))
	}
	if _, err := w.Create(t.Context(), w.applicant, casework.NewOrder{DomainCheck: "b.cn", Channel: icp.ChannelWeb, Resource: server}); !errors.Is(err, icp.E(icp.NotNow, "domain.in_process_mine")) {
		t.Errorf("a domain in another open order: %v", err)
	}
}

func TestMaterialsComeBackAsTheyWereAndReplaceEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.filled(t, "yunshan.cn")
	licence := slices.IndexFunc(o.Materials, func(m icp.Material) bool { return m.Kind == icp.MaterialSubjectCertificate })
	m, r, err := w.OpenMaterial(t.Context(), reviewer, o.ID, o.Materials[licence].ID)
	if err != nil {
		t.Fatal(err)
	}
	got := must(io.ReadAll(r))(t)
	_ = r.Close()
	if !bytes.Equal(got, picture()) || m.Width != 60 || m.FileName != "subject_certificate.png" {
		t.Errorf("%d bytes of %+v", len(got), m)
	}
	o, _, err = w.AddMaterial(t.Context(), w.applicant, o.ID, casework.NewMaterial{Kind: icp.MaterialSubjectCertificate, Bytes: picture()})
	if err != nil || len(o.Materials) != 3 {
		t.Errorf("a second licence makes %d files: %v", len(o.Materials), err)
	}
	_, _, err = w.AddMaterial(t.Context(), w.applicant, o.ID, casework.NewMaterial{Kind: icp.MaterialOther, Bytes: []byte("not a picture at all")})
	if !errors.Is(err, icp.ErrInvalid) {
		t.Errorf("a text file: %v", err)
	}
	_, _, err = w.AddMaterial(t.Context(), w.applicant, o.ID, casework.NewMaterial{Kind: icp.MaterialPreApproval, Website: o.Data.Websites[0].ID, Bytes: picture()})
	if !errors.Is(err, icp.ErrNotNow) {
		t.Errorf("a file nobody asked for: %v", err)
	}
	if after := must(w.Order(t.Context(), w.applicant, o.ID))(t); len(after.Materials) != 3 {
		t.Errorf("after two refusals %d files", len(after.Materials))
	}
}

func TestAReturnNamesEveryFindingAndTellsMendedOnes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.submitted(t, "yunshan.cn")
	must(w.Claim(t.Context(), reviewer, o.ID))(t)
	if _, err := w.Claim(t.Context(), colleague, o.ID); !errors.Is(err, icp.ErrNotNow) {
		t.Errorf("a second claim: %v", err)
	}
	o = must(w.Order(t.Context(), reviewer, o.ID))(t)
	o = must(w.Return(t.Context(), reviewer, o.ID, o.Version, []icp.Finding{
		{Pointer: "/websites/0/name", Reason: "过于笼统", Advice: "写明内容"}, {Pointer: "/materials/principal_back", Reason: "看不清有效期"}}))(t)
	if o.State != icp.StateChangesRequested || len(o.Data.Findings) != 2 || o.Data.Findings[0].Was != "云杉数字" {
		t.Fatalf("%s %+v", o.State, o.Data.Findings)
	}
	events, _, err := w.Timeline(t.Context(), w.applicant, o.ID, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range events {
		names = append(names, e.Action)
	}
	if !slices.Contains(names, "order.returned") || slices.Contains(names, "order.viewed") || slices.Contains(names, "order.claimed") {
		t.Errorf("the applicant's timeline: %v", names)
	}
}

func TestTheSweepRemovesOnlyWhatNoRowNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.filled(t, "yunshan.cn")
	old := o.Materials[0].BlobKey
	o, _, err := w.AddMaterial(t.Context(), w.applicant, o.ID, casework.NewMaterial{Kind: o.Materials[0].Kind, Bytes: picture()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Blobs.Put(t.Context(), "upload-1", bytes.NewReader([]byte("x"))); err != nil {
		t.Fatal(err)
	}
	must(0, w.Sweep(t.Context()))(t)
	if has := must(w.Blobs.Has(t.Context(), old))(t); !has {
		t.Error("a young blob is gone")
	}
	// Blobs are as old as the file system says, so the clock moves beyond both.
	w.clock.Advance(clock.System{}.Now().Sub(tuesday) + 48*time.Hour)
	must(0, w.Sweep(t.Context()))(t)
	if has := must(w.Blobs.Has(t.Context(), old))(t); has {
		t.Error("a replaced picture is still there")
	}
	for _, key := range []string{o.Materials[0].BlobKey, o.Materials[2].BlobKey, "upload-1"} {
		if has := must(w.Blobs.Has(t.Context(), key))(t); !has {
			t.Errorf("%s is gone", key)
		}
	}
}

func TestNobodyKeepsADomainFromItsOwnerByADraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := casework.NewOrder{DomainCheck: "yunshan.cn", Channel: icp.ChannelWeb, Resource: icp.Resource{Kind: icp.ResourceServer, Server: "s1"}}
	must(w.Create(t.Context(), w.stranger, in))(t)
	o := w.submitted(t, "yunshan.cn")
	if _, err := w.Create(t.Context(), w.stranger, in); !errors.Is(err, icp.E(icp.NotNow, "domain.in_process")) {
		t.Errorf("an order for a domain under review: %v", err)
	}
	if o.State != icp.StateProviderReview {
		t.Errorf("the owner's order: %s", o.State)
	}
}
