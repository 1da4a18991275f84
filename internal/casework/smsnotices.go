package casework

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/store"
)

// remindSMS tells the account, and each person who has not verified, of the check
// by message. index is the reminder's place in the terms.
func (c *Cases) remindSMS(ctx context.Context, tx *store.Tx, o *icp.Order, index int, at time.Time) error {
	waiting := waitingSMS(o)
	if len(waiting) == 0 {
		return nil
	}
	kind := order.NoticeSMSSoon
	if plan := c.Terms.Reminders(o.StateSince); len(plan) > 0 && plan[0].Index == index {
		kind = order.NoticeSMSDue
	}
	account, err := tx.Account(ctx, o.Account)
	if err != nil {
		return err
	}
	n := smsNotice(o, kind, waiting)
	n.Dedupe += "/" + strconv.Itoa(index)
	if err := c.Notices.Notify(ctx, tx, n, at); err != nil {
		return err
	}
	for _, check := range waiting {
		if err := c.remindPerson(ctx, tx, o, &account, check, index, at); err != nil {
			return err
		}
	}
	return nil
}

// remindPerson tells the person who must verify, where that is somebody else than
// the holder of the account by number and address.
func (c *Cases) remindPerson(ctx context.Context, tx *store.Tx, o *icp.Order, account *store.Account, check *icp.SMSCheck, index int, at time.Time) error {
	n := smsNotice(o, order.NoticeSMSPerson, []*icp.SMSCheck{check})
	n.Direct = true
	n.Dedupe += "/" + strconv.Itoa(index) + "/" + check.ID
	if check.Mobile != icp.NormalizeMobile(account.Mobile) {
		n.Mobile = check.Mobile
	}
	if mail := personAt(o, check.Pointers[0]).Email; icp.NormalizeEmail(mail) != icp.NormalizeEmail(account.Mail) {
		n.Mail = mail
	}
	if n.Mobile == "" && n.Mail == "" {
		return nil
	}
	return c.Notices.Notify(ctx, tx, n, at)
}

// smsNotice is a notice about checks, to the account.
func smsNotice(o *icp.Order, kind string, of []*icp.SMSCheck) Notice {
	n := NoticeFor(o, kind)
	n.Mail, n.Mobile = "", ""
	n.Params["people"] = smsPeople(of)
	if len(of) > 0 {
		n.Params["until"] = of[0].Until.In(clock.Shanghai).Format("2006-01-02 15:04")
		n.Params["tail"] = of[0].Tail()
	}
	return n
}

// mostNamed bounds how many people a notice names.
const mostNamed = 2

// smsPeople names people by masked name and the end of their numbers.
func smsPeople(of []*icp.SMSCheck) string {
	var names []string
	for i, check := range of {
		if i == mostNamed {
			names = append(names, "…")
			break
		}
		names = append(names, icp.MaskName(check.Name)+" ("+check.Tail()+")")
	}
	return strings.Join(names, ", ")
}

// failedSMS are the checks of the last round for which the order came back.
func failedSMS(o *icp.Order) []*icp.SMSCheck {
	var out []*icp.SMSCheck
	for _, check := range o.SMSChecks() {
		if check.State == icp.SMSTimedOut || check.State == icp.SMSUnknown {
			out = append(out, check)
		}
	}
	return out
}

// personAt gives the principal at a pointer of a check.
func personAt(o *icp.Order, pointer string) *icp.Principal {
	rest, isWebsite := strings.CutPrefix(pointer, "/websites/")
	if index, err := strconv.Atoi(strings.TrimSuffix(rest, "/principal")); isWebsite && err == nil && index < len(o.Data.Websites) {
		return &o.Data.Websites[index].Principal
	}
	return &o.Data.Subject.Principal
}
