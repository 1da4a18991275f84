package icp

import (
	"strings"
	"time"
)

// SMSState is the state of one person's check by message (短信核验).
type SMSState string

// States of the check. Interface 3.0 does not tell them, so each rests on
// somebody's word or on the clock; see [SMSWord].
const (
	SMSWaiting SMSState = "waiting"
	SMSDone    SMSState = "done"
	// SMSTimedOut: the code was not entered within the term.
	SMSTimedOut SMSState = "timed_out"
	// SMSUnknown: the order came back before anybody could tell, or came back
	// although everybody had said that it was done.
	SMSUnknown SMSState = "unknown"
)

// SMSCheck is one person's check by message in one round: the ministry texts
// the number, and the person enters the code on its site within the term.
type SMSCheck struct {
	// ID names it within the order, such as "1-2": the second person of the
	// first round.
	ID string `json:"id"`
	// Round counts how often the authority accepted the order, from 1.
	Round int `json:"round"`
	// Pointers are the parts that the person answers for, such as
	// /subject/principal and /websites/0/principal: one code serves all.
	Pointers []string `json:"pointers"`
	// Name and Mobile are as they were sent.
	Name   string    `json:"name"`
	Mobile string    `json:"mobile"`
	State  SMSState  `json:"state"`
	Until  time.Time `json:"until"`
	// Word is on whose word the state rests; empty where the clock ended it, and
	// while nobody has said anything.
	Word SMSWord `json:"word,omitzero"`
}

// SMSWord is who said that a check is settled.
type SMSWord struct {
	// By is the applicant's account, the provider's staff, or the authority by
	// its result.
	By Party `json:"by"`
	// Account is the person who noted it; empty for the authority.
	Account AccountID `json:"account,omitempty"`
	// From is of whom staff heard it; empty for others.
	From SMSSource `json:"from,omitempty"`
	At   time.Time `json:"at"`
}

// SMSSource is of whom staff heard that a check is done.
type SMSSource string

// Sources.
const (
	SMSFromPerson    SMSSource = "person"    // the person who had to verify
	SMSFromApplicant SMSSource = "applicant" // the holder of the account
	SMSFromAuthority SMSSource = "authority" // the authority, by telephone
)

// SMSRound is the number of the order's last round of checks; 0 before the first.
func (o *Order) SMSRound() int {
	last := 0
	for i := range o.Data.SMS {
		last = max(last, o.Data.SMS[i].Round)
	}
	return last
}

// SMSChecks gives the checks of the last round; changes to them change the order.
func (o *Order) SMSChecks() []*SMSCheck {
	var out []*SMSCheck
	for last, i := o.SMSRound(), 0; i < len(o.Data.SMS); i++ {
		if o.Data.SMS[i].Round == last {
			out = append(out, &o.Data.SMS[i])
		}
	}
	return out
}

// Tail gives the last four digits of the number, enough to know it by.
func (c *SMSCheck) Tail() string { return c.Mobile[max(0, len(c.Mobile)-4):] }

// MaskName leaves the first and, of three and more, the last character of a
// name: 周明远 becomes 周*远, 林夏 becomes 林*.
func MaskName(name string) string {
	r := []rune(strings.TrimSpace(name))
	switch len(r) {
	case 0, 1:
		return string(r)
	case 2:
		return string(r[:1]) + "*"
	}
	return string(r[:1]) + strings.Repeat("*", min(len(r)-2, 3)) + string(r[len(r)-1:])
}
