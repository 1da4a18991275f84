// Package access has the roles of staff and what each may do, as one table.
//
// It promises to be closed by default: an unknown role, a role without a row
// and a permission that no row names all mean no. Applicants have no role; that
// they reach their own cases and nobody else's is checked where a case is read.
// Start at the table in this file, [Can] and [Of].
package access

import (
	"slices"

	"github.com/openbeian/beian/internal/icp"
)

// The roles of staff.
const (
	Reviewer = "reviewer" // 审核专员: judges cases
	Operator = "operator" // 运营: keeps the authority's connection and the duties in order
	Admin    = "admin"    // 管理员: keeps the accounts of staff; sees no case
)

// Permission names one thing that staff may do. The names are part of the API:
// /api/v1/me lists them, and pages are shown by them.
type Permission string

// The permissions.
const (
	CaseReadAny     Permission = "case.read_any"    // see every case, personal data masked
	CaseReview      Permission = "case.review"      // claim, call, find fault, return, approve, refuse
	CaseFile        Permission = "case.file"        // send again or take back what goes to the authority
	RevealPersonal  Permission = "personal.reveal"  // see masked data and materials; each look is recorded
	FilingRead      Permission = "filing.read"      // see the register of what is filed
	InventoryManage Permission = "inventory.manage" // servers and authorization codes of any account
	ChannelManage   Permission = "channel.manage"   // open and close the ways to make orders
	NoticeRead      Permission = "notice.read"      // see what was sent to whom, and what failed
	AuthorityRead   Permission = "authority.read"   // see files and replies of the authority's interface
	AuthorityManage Permission = "authority.manage" // pause, resume and settle a channel to the authority
	SettingManage   Permission = "setting.manage"   // settings and consent texts
	RuleManage      Permission = "rule.manage"      // publish the operator's rules, try them on orders
	ReferenceManage Permission = "reference.manage" // code tables, lists and the work-day calendar
	AccountRead     Permission = "account.read"     // list accounts, log-ins masked
	AccountManage   Permission = "account.manage"   // add staff, set roles, disable
	NameConfirm     Permission = "name.confirm"     // confirm an account's real name
	AuditRead       Permission = "audit.read"       // read the audit trail
)

// granted is the table: role → permissions.
var granted = map[string][]Permission{
	Reviewer: {CaseReadAny, CaseReview, RevealPersonal, FilingRead, NoticeRead},
	Operator: {CaseReadAny, CaseFile, RevealPersonal, FilingRead, InventoryManage, ChannelManage, NoticeRead,
		AuthorityRead, AuthorityManage, SettingManage, RuleManage, ReferenceManage, AccountRead, NameConfirm, AuditRead},
	Admin: {AccountRead, AccountManage, SettingManage, RuleManage, ReferenceManage, AuditRead},
}

// Roles lists the roles that can be given, in a fixed order.
func Roles() []string { return []string{Reviewer, Operator, Admin} }

// IsRole reports whether role is one of [Roles].
func IsRole(role string) bool { return slices.Contains(Roles(), role) }

// Can reports whether any of the roles grants p.
func Can(roles []string, p Permission) bool {
	return slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(granted[r], p) })
}

// Of lists what the roles grant together, sorted and each once.
func Of(roles []string) []Permission {
	out := []Permission{}
	for _, r := range roles {
		out = append(out, granted[r]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Check is nil when the actor is staff with the permission, icp.ErrNotAllowed
// otherwise.
func Check(a icp.Actor, p Permission) error {
	if a.Party == icp.Provider && Can(a.Roles, p) {
		return nil
	}
	return icp.ErrNotAllowed
}
