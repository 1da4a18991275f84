package order

import "github.com/openbeian/beian/internal/icp"

// Action is what somebody does to an order.
type Action string

// The actions.
const (
	Create           Action = "create"            // a draft begins
	Edit             Action = "edit"              // answers or materials change
	Submit           Action = "submit"            // hand to the provider's review
	Withdraw         Action = "withdraw"          // take back from review to edit
	Abandon          Action = "abandon"           // give up for good
	Claim            Action = "claim"             // a reviewer takes the case
	Release          Action = "release"           // a reviewer puts it back
	RecordCall       Action = "record_call"       // a call to a principal was made
	AddNote          Action = "add_note"          // a note for colleagues
	Return           Action = "return"            // back to the applicant with findings
	ReturnUnreached  Action = "return_unreached"  // back because nobody answered
	Reject           Action = "reject"            // refuse for good
	Approve          Action = "approve"           // passes the provider's review
	Batch            Action = "batch"             // put into a file for the authority
	Accept           Action = "accept"            // the authority took the file
	Refuse           Action = "refuse"            // the authority refused the file
	Resend           Action = "resend"            // send again without a change
	BounceToProvider Action = "bounce"            // came back with a processing error
	ConfirmSMS       Action = "confirm_sms"       // one of several principals passed the message check
	PassSMS          Action = "pass_sms"          // all principals passed the message check
	ExpireSMS        Action = "expire_sms"        // the message check ran out
	ResendSMS        Action = "resend_sms"        // send again after the message check failed
	NoteResult       Action = "note_result"       // the authority decided on a part of the order
	AuthorityApprove Action = "authority_approve" // licence numbers granted
	AuthorityReject  Action = "authority_reject"  // the authority said no
	Idle             Action = "idle"              // nobody acted; back to draft
	Expire           Action = "expire"            // a draft nobody touched
)

// Transition is a row of the table: Action by one of By leads from one of From
// to To; an empty To leaves the state as it is. Guard may refuse with a reason.
type Transition struct {
	Action Action
	From   []icp.State
	To     icp.State
	By     []icp.Party
	Guard  Guard
}

// editable are the states in which the applicant may change answers.
var editable = []icp.State{icp.StateDraft, icp.StateChangesRequested, icp.StateAuthorityRejected}

// beforeAuthority are the states in which the order can still be given up.
var beforeAuthority = []icp.State{icp.StateDraft, icp.StateProviderReview, icp.StateChangesRequested, icp.StateReady,
	icp.StateSubmitFailed, icp.StateReturnedToProvider, icp.StateAuthorityRejected}

// atAuthority are the states in which the authority has the order.
var atAuthority = []icp.State{icp.StateSMSPending, icp.StateAuthorityReview}

// Transitions returns the whole table. What is not a row is not allowed.
func Transitions() []Transition {
	applicant, provider, system := []icp.Party{icp.Applicant}, []icp.Party{icp.Provider}, []icp.Party{icp.System}
	review := []icp.State{icp.StateProviderReview}
	// A result may be late: the order may be on its way again.
	late := append([]icp.State{icp.StateReady, icp.StateSubmitting, icp.StateReturnedToProvider}, atAuthority...)
	return []Transition{
		{Create, []icp.State{""}, icp.StateDraft, applicant, channelOpen},
		{Edit, editable, "", applicant, nil},
		{Submit, editable, icp.StateProviderReview, applicant, complete},
		{Withdraw, append(review, icp.StateReturnedToProvider), icp.StateDraft, applicant, notAtAuthority},
		{Abandon, beforeAuthority, icp.StateWithdrawn, applicant, nil},
		{Claim, review, "", provider, unclaimed},
		{Release, review, "", provider, mine},
		{RecordCall, review, "", provider, mine},
		{AddNote, append(review, icp.StateReturnedToProvider, icp.StateSubmitFailed), "", provider, nil},
		{Return, append(review, icp.StateReturnedToProvider, icp.StateSubmitFailed), icp.StateChangesRequested, provider, withFindings},
		{ReturnUnreached, review, icp.StateChangesRequested, []icp.Party{icp.Provider, icp.System}, unreached},
		{Reject, review, icp.StateProviderRejected, provider, withReason},
		{Approve, review, icp.StateReady, provider, approvable},
		{Batch, []icp.State{icp.StateReady}, icp.StateSubmitting, system, nil},
		{Accept, []icp.State{icp.StateSubmitting}, icp.StateSMSPending, system, nil},
		{Refuse, []icp.State{icp.StateSubmitting}, icp.StateSubmitFailed, system, nil},
		{Resend, []icp.State{icp.StateSubmitFailed, icp.StateReturnedToProvider}, icp.StateReady, provider, nil},
		{BounceToProvider, append([]icp.State{icp.StateSubmitting}, atAuthority...), icp.StateReturnedToProvider, system, nil},
		{ConfirmSMS, []icp.State{icp.StateSMSPending}, "", []icp.Party{icp.Applicant, icp.Provider}, nil},
		{PassSMS, []icp.State{icp.StateSMSPending}, icp.StateAuthorityReview, []icp.Party{icp.Applicant, icp.Provider, icp.System}, nil},
		{ExpireSMS, atAuthority, icp.StateReturnedToProvider, system, nil},
		{ResendSMS, []icp.State{icp.StateReturnedToProvider}, icp.StateReady, applicant, unchanged},
		{NoteResult, late, "", system, nil},
		{AuthorityApprove, late, icp.StateFiled, system, nil},
		{AuthorityReject, late, icp.StateAuthorityRejected, system, nil},
		{Idle, []icp.State{icp.StateChangesRequested, icp.StateAuthorityRejected}, icp.StateDraft, system, nil},
		{Expire, []icp.State{icp.StateDraft}, icp.StateExpired, system, nil},
	}
}

// Holder says whose move it is in a state: exactly one party.
func Holder(s icp.State) icp.Party { return holders[s] }

var holders = map[icp.State]icp.Party{
	icp.StateDraft:              icp.Applicant,
	icp.StateProviderReview:     icp.Provider,
	icp.StateChangesRequested:   icp.Applicant,
	icp.StateProviderRejected:   icp.Nobody,
	icp.StateReady:              icp.System,
	icp.StateSubmitting:         icp.System,
	icp.StateSubmitFailed:       icp.Provider,
	icp.StateSMSPending:         icp.Applicant,
	icp.StateAuthorityReview:    icp.Authority,
	icp.StateReturnedToProvider: icp.Provider,
	icp.StateAuthorityRejected:  icp.Applicant,
	icp.StateFiled:              icp.Nobody,
	icp.StateWithdrawn:          icp.Nobody,
	icp.StateExpired:            icp.Nobody,
}

// States lists the states in the order of the flow.
func States() []icp.State {
	return []icp.State{icp.StateDraft, icp.StateProviderReview, icp.StateChangesRequested, icp.StateProviderRejected,
		icp.StateReady, icp.StateSubmitting, icp.StateSubmitFailed, icp.StateSMSPending, icp.StateAuthorityReview,
		icp.StateReturnedToProvider, icp.StateAuthorityRejected, icp.StateFiled, icp.StateWithdrawn, icp.StateExpired}
}

// Ended reports whether nothing more can happen to an order in s.
func Ended(s icp.State) bool { return holders[s] == icp.Nobody }

// Editable reports whether the applicant may change answers in s.
func Editable(s icp.State) bool {
	for _, e := range editable {
		if e == s {
			return true
		}
	}
	return false
}

// events names the audit event of each action (the past of what was done).
var events = map[Action]string{
	Create: "order.created", Edit: "order.edited", Submit: "order.submitted", Withdraw: "order.withdrawn",
	Abandon: "order.abandoned", Claim: "order.claimed", Release: "order.released", RecordCall: "order.call_recorded",
	AddNote: "order.note_added", Return: "order.returned", ReturnUnreached: "order.returned_unreached",
	Reject: "order.rejected", Approve: "order.approved", Batch: "order.batched", Accept: "order.accepted_by_authority",
	Refuse: "order.refused_by_authority", Resend: "order.resent", BounceToProvider: "order.bounced",
	ConfirmSMS: "order.sms_confirmed", ResendSMS: "order.sms_resent",
	PassSMS: "order.sms_passed", ExpireSMS: "order.sms_expired", AuthorityApprove: "order.filed",
	NoteResult: "order.result_noted", AuthorityReject: "order.rejected_by_authority", Idle: "order.idled", Expire: "order.expired",
}

// Notices that an order's way gives rise to.
const (
	NoticeSubmitted         = "submitted"
	NoticeCallMissed        = "call_missed"
	NoticeReturned          = "returned"
	NoticeReturnedUnreached = "returned_unreached"
	NoticeRejected          = "rejected"
	NoticePassed            = "passed"
	NoticeSMSDue            = "sms_due"
	NoticeFiled             = "filed"
	NoticeAuthorityRejected = "authority_rejected"
	NoticeIdled             = "idled"
	NoticeExpired           = "expired"
	NoticeIdleSoon          = "idle_soon"    // by a deadline's reminder
	NoticeExpireSoon        = "expire_soon"  // by a deadline's reminder
	NoticeSMSSoon           = "sms_due_soon" // by a deadline's reminder
	NoticeSMSPerson         = "sms_person"   // to the person who must verify, beside the two before
	NoticeSMSTimedOut       = "sms_timed_out"
)

// notices tells for each action which notice the applicant gets; "" for none.
// RecordCall's depends on the call, Accept's on the hour and on who must verify;
// the commands decide them.
var notices = map[Action]string{
	Create: "", Edit: "", Submit: NoticeSubmitted, Withdraw: "", Abandon: "", Claim: "", Release: "", RecordCall: "",
	AddNote: "", Return: NoticeReturned, ReturnUnreached: NoticeReturnedUnreached, Reject: NoticeRejected,
	Approve: NoticePassed, Batch: "", Accept: "", Refuse: "", Resend: "", BounceToProvider: "",
	ConfirmSMS: "", PassSMS: "", ExpireSMS: NoticeSMSTimedOut, ResendSMS: "", NoteResult: "", AuthorityApprove: NoticeFiled, AuthorityReject: NoticeAuthorityRejected,
	Idle: NoticeIdled, Expire: NoticeExpired,
}
