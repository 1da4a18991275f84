package sim

import (
	"slices"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// request is what one record asks for. Each operation of the upload document
// has a type of its own, in a file of its own.
type request interface {
	// claims are the provider's ids and the domains that the request asks for.
	claims(provider int64) []claim
	// check gives the data codes of a record; none lets it pass. It runs again
	// before the approval, for the registry may have changed.
	check(*Server, *Record) []int64
	// ref is the Bs of its results.
	ref() string
	// reviewed are the record ids (Jlid) that its reviews name.
	reviewed() []int64
	// approve changes the registry and gives what is delivered after the review.
	approve(*Server, *Record, time.Time) wire.DownloadICP
	// about names the websites and the domains for people.
	about() (websites, domains []string)
}

// operation is one kind of request in an upload document.
type operation struct {
	action  int64  // wire.Action…, the Czlx of its results
	element string // its element in the upload document
	zh, en  string
	// sms says whether the filer must confirm it by SMS.
	sms bool
	// unreviewed says that no person looks at it: what passes the checks is done.
	unreviewed bool
	// done is the data code of what was done, 1001 when 0.
	done int64
	// request makes an empty request, to read one from a snapshot.
	request func() request
	// take takes the requests out of a document, each with the data codes of its
	// attachments, whose contents are not kept.
	take func(*wire.UploadICP) []taken
}

// taken is a request as it came.
type taken struct {
	request request
	codes   []int64
}

// operations are the kinds of requests that the simulator knows. An operation
// of the document that has no row is answered with data code 5011.
func operations() []operation {
	return []operation{
		{action: wire.ActionFirstFiling, element: "XZBA", zh: "首次备案", en: "First filing", sms: true,
			request: func() request { return &firstFiling{} }, take: takeFirstFilings},
		{action: wire.ActionAddWebsite, element: "XZWZ", zh: "新增网站", en: "Add website", sms: true,
			request: func() request { return &addWebsite{} }, take: takeAddWebsites},
		{action: wire.ActionAddAccess, element: "XZJR", zh: "新增接入", en: "Add access", sms: true,
			request: func() request { return &addAccess{} }, take: takeAddAccesses},
		{action: wire.ActionChange, element: "BGBA", zh: "变更", en: "Change", sms: true,
			request: func() request { return &change{} }, take: takeChanges},
		{action: wire.ActionCancelAccess, element: "ZXBA", zh: "取消接入", en: "Cancel access",
			request: func() request { return &cancelAccess{} }, take: takeCancelAccesses},
		{action: wire.ActionCancelSubject, element: "ZXBA", zh: "注销主体", en: "Cancel subject",
			request: func() request { return &cancelSubject{} }, take: takeCancelSubjects},
		{action: wire.ActionCancelWebsite, element: "ZXBA", zh: "注销网站", en: "Cancel website",
			request: func() request { return &cancelWebsite{} }, take: takeCancelWebsites},
		{action: wire.ActionVerification, element: "XZHYD", zh: "补交核验材料", en: "Verification material", unreviewed: true, done: dataSheetStored,
			request: func() request { return &verification{} }, take: takeVerifications},
	}
}

// isOpen reports whether a part of an upload document has a row, such as ICP/XZWZ.
func isOpen(part string) bool {
	return slices.ContainsFunc(operations(), func(op operation) bool { return part == "ICP/"+op.element })
}

// actionOf gives the action of a document's first part. A result needs one even
// where the document is none.
func actionOf(parts []string) int64 {
	for _, op := range operations() {
		if slices.Contains(parts, "ICP/"+op.element) {
			return op.action
		}
	}
	return wire.ActionFirstFiling
}

func operationOf(action int64) (operation, bool) {
	for _, op := range operations() {
		if op.action == action {
			return op, true
		}
	}
	return operation{}, false
}

// operation gives the row of a record, which every record has.
func (r *Record) operation() operation {
	op, _ := operationOf(r.Action)
	return op
}
