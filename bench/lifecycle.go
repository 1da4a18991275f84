package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/openbeian/beian/e2e/drive"
)

// The steps of a lifecycle, in their order; uploading is done three times and
// the section updates are three steps, which makes 11 requests.
const (
	stepCreate  = "create"
	stepSubject = "update subject"
	stepFiling  = "update filing"
	stepWebsite = "update website"
	stepUpload  = "upload (×3)"
	stepSubmit  = "submit"
	stepApprove = "approve"
	stepResult  = "authority result"
	stepRead    = "read"
)

// steps is how they are printed.
var steps = []string{stepCreate, stepSubject, stepFiling, stepWebsite, stepUpload, stepSubmit, stepApprove, stepResult, stepRead}

// requests is how many requests a lifecycle counts for: what one client asks
// for. Looking whether the authority has answered is not counted.
const requests = 11

// pollEvery is how often a client looks whether its order was filed: seldom,
// since these reads cost the server time too.
const pollEvery = 500 * time.Millisecond

// resultLimit bounds the wait for the authority's result.
const resultLimit = 2 * time.Minute

// stopwatch notes how long steps took.
type stopwatch struct{ took map[string][]time.Duration }

func (s *stopwatch) step(name string, do func() error) error {
	began := time.Now()
	if err := do(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s.took[name] = append(s.took[name], time.Since(began))
	return nil
}

// lifecycle takes one order from its creation to its licence number.
func (w *world) lifecycle(ctx context.Context, u *unit, reviewer *drive.Client, consents []map[string]any, watch *stopwatch) error {
	var o drive.Order
	c := u.client
	run := func(name string, do func() error) func() error {
		return func() error { return watch.step(name, do) }
	}
	acts := []func() error{
		run(stepCreate, func() (err error) { o, err = c.Create(ctx, "create-"+u.check, u.check, string(u.server)); return err }),
		run(stepSubject, func() error { return w.fillSubject(ctx, c, &o) }),
		run(stepFiling, func() error { return c.ProveFiling(ctx, &o, u.licence, filingPassword) }),
		run(stepWebsite, func() error { return w.fillWebsite(ctx, c, &o) }),
	}
	for i, kind := range []string{"subject_certificate", "principal_front", "principal_back"} {
		acts = append(acts, run(stepUpload, func() (err error) { o, err = c.Upload(ctx, o.ID, kind, w.pictures[i]); return err }))
	}
	acts = append(acts,
		run(stepSubmit, func() error { return c.Submit(ctx, &o, "submit-"+u.check, consents) }),
		run(stepApprove, func() (err error) {
			reviewer.Version = c.Version
			o, err = reviewer.Act(ctx, o.ID, "approval", nil)
			return err
		}),
		run(stepResult, func() (err error) { o, err = awaitFiled(ctx, c, o.ID); return err }),
		run(stepRead, func() (err error) { o, err = c.Read(ctx, o.ID); return err }))
	for _, act := range acts {
		if err := act(); err != nil {
			return err
		}
	}
	if o.State != "filed" || len(o.Websites) != 1 || !strings.HasPrefix(o.Websites[0].LicenceNo, u.licence+"-") {
		return fmt.Errorf("order %s ended as %s, websites %v", o.ID, o.State, o.Websites)
	}
	return nil
}

// awaitFiled reads the order now and then until the authority's result is in.
func awaitFiled(ctx context.Context, c *drive.Client, id string) (drive.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, resultLimit)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return drive.Order{}, ctx.Err()
		case <-tick.C:
		}
		o, err := c.Read(ctx, id)
		if err != nil {
			return o, err
		}
		switch o.State {
		case "filed":
			return o, nil
		case "ready", "submitting", "sms_pending", "authority_review":
		default:
			return o, fmt.Errorf("order %s became %s: %v", id, o.State, o.Findings)
		}
	}
}

// remark makes a text of about n bytes of UTF-8.
func remark(n int) string {
	const sentence = "网站用于展示公司的产品与服务、技术文档、招聘信息和联系方式，不涉及前置审批内容；联系电话工作时间可接听。"
	return string([]rune(strings.Repeat(sentence, n/len(sentence)+1))[:n/3])
}

// fillSubject and fillWebsite save whole sections, together with the filing
// about 3 KB of JSON.
func (w *world) fillSubject(ctx context.Context, c *drive.Client, o *drive.Order) error {
	return c.Do(ctx, http.MethodPut, "/orders/"+o.ID+"/subject", subjectBody(o), o)
}

func subjectBody(o *drive.Order) map[string]any {
	return map[string]any{
		"region": "110108", "nature": o.Subject.Nature, "certificate_type": o.Subject.CertificateType,
		"certificate_number": o.Subject.CertificateNumber, "name": o.Subject.Name, "investor": o.Subject.Name,
		"certificate_address": "北京市海淀区学院路 1 号 3 号楼 2 层 201 室", "address": "学院路 1 号 3 号楼 2 层 201 室",
		"principal": map[string]any{"name": "周明远", "certificate_type": 2, "certificate_number": "11010519491231002X",
			"certificate_until": "2036-01-01", "mobile": "13800138000", "office_phone": "010-87654321",
			"emergency_phone": "13900139000", "email": "zhou@example.com"},
		"remark": remark(1050)}
}

func (w *world) fillWebsite(ctx context.Context, c *drive.Client, o *drive.Order) error {
	return c.Do(ctx, http.MethodPut, "/orders/"+o.ID+"/websites/"+o.Websites[0].ID, websiteBody(o), o)
}

func websiteBody(o *drive.Order) map[string]any {
	return map[string]any{"name": o.Subject.Name, "service_content": 8, "languages": []int{1}, "pre_approvals": []any{}, "same_as_subject": true,
		"principal": map[string]any{}, "remark": remark(1200)}
}

// refusals checks, on an order that is not measured, that the server under
// load is one that says no: to an incomplete submission, to an act that the
// state does not allow, to a stranger and to an old version. Nothing may change.
func (w *world) refusals(ctx context.Context) error {
	u, stranger := &w.units[0], w.units[1].client
	w.next = 1
	c, reviewer := u.client, w.reviewers[0]
	o, err := c.Create(ctx, "create-"+u.check, u.check, string(u.server))
	if err != nil {
		return err
	}
	consents, err := c.Consents(ctx)
	if err != nil {
		return err
	}
	if o, err = c.Read(ctx, o.ID); err != nil {
		return err
	}
	version := c.Version
	for _, r := range []struct {
		what   string
		status int
		do     func() error
	}{
		{"an incomplete submission", http.StatusUnprocessableEntity, func() error { mine := o; return c.Submit(ctx, &mine, "submit-"+u.check, consents) }},
		{"approval of a draft", http.StatusConflict, func() error {
			reviewer.Version = version
			_, err := reviewer.Act(ctx, o.ID, "approval", nil)
			return err
		}},
		{"approval by the applicant", http.StatusForbidden, func() error { _, err := c.Act(ctx, o.ID, "approval", nil); return err }},
		{"reading by a stranger", http.StatusNotFound, func() error { _, err := stranger.Read(ctx, o.ID); return err }},
	} {
		var refused *drive.Refusal
		if err := r.do(); !errors.As(err, &refused) || refused.Status != r.status {
			return fmt.Errorf("%s: %v, want a refusal %d", r.what, err, r.status)
		}
	}
	after, err := c.Read(ctx, o.ID)
	if err != nil || after.State != "draft" || c.Version != version {
		return fmt.Errorf("after the refusals the order is %s in version %s, was draft in %s: %w", after.State, c.Version, version, err)
	}
	return nil
}
