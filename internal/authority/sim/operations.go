package sim

import (
	"cmp"
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

// ownResult is a request whose results do not go among those of filings.
type ownResult interface {
	result(*Record) wire.DownloadData
}

// operation is one kind of request in an upload document.
type operation struct {
	action  int64  // wire.Action…, or one of the actions below
	told    int64  // the Czlx of its results; action when 0
	part    string // ICP when empty
	element string // its element in that part of the upload document
	zh, en  string
	// sms says whether the filer must confirm it by SMS.
	sms bool
	// unreviewed says that no person looks at it: what passes the checks is done.
	unreviewed bool
	// done is the data code of what was done without a review; 1001 when 0.
	done int64
	// request makes an empty request, to read one from a snapshot.
	request func() request
	// take takes the requests out of a document, each with the data codes of its
	// attachments, whose contents are not kept.
	take func(*wire.UploadData) []taken
}

// Actions of operations whose results name none of their own.
const (
	actionCheckResult   = 101
	actionUnfiledResult = 102
	actionIPNew         = 201
	actionIPChange      = 202
	actionIPDelete      = 203
	actionDomainNew     = 301
	actionDomainChange  = 302
	actionDomainDelete  = 303
)

// path names an operation as [wire.UploadData.Parts] does.
func (o operation) path() string { return cmp.Or(o.part, "ICP") + "/" + o.element }

// czlx is what its results name.
func (o operation) czlx() int64 { return cmp.Or(o.told, o.action) }

// fromICP takes requests out of the part about filings.
func fromICP(take func(*wire.UploadICP) []taken) func(*wire.UploadData) []taken {
	return func(d *wire.UploadData) []taken {
		if d.ICP == nil {
			return nil
		}
		return take(d.ICP)
	}
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
			request: func() request { return &firstFiling{} }, take: fromICP(takeFirstFilings)},
		{action: wire.ActionAddWebsite, element: "XZWZ", zh: "新增网站", en: "Add website", sms: true,
			request: func() request { return &addWebsite{} }, take: fromICP(takeAddWebsites)},
		{action: wire.ActionAddAccess, element: "XZJR", zh: "新增接入", en: "Add access", sms: true,
			request: func() request { return &addAccess{} }, take: fromICP(takeAddAccesses)},
		{action: wire.ActionChange, element: "BGBA", zh: "变更", en: "Change", sms: true,
			request: func() request { return &change{} }, take: fromICP(takeChanges)},
		{action: wire.ActionCancelAccess, element: "ZXBA", zh: "取消接入", en: "Cancel access",
			request: func() request { return &cancelAccess{} }, take: fromICP(takeCancelAccesses)},
		{action: wire.ActionCancelSubject, element: "ZXBA", zh: "注销主体", en: "Cancel subject",
			request: func() request { return &cancelSubject{} }, take: fromICP(takeCancelSubjects)},
		{action: wire.ActionCancelWebsite, element: "ZXBA", zh: "注销网站", en: "Cancel website",
			request: func() request { return &cancelWebsite{} }, take: fromICP(takeCancelWebsites)},
		{action: wire.ActionVerification, element: "XZHYD", zh: "补交核验材料", en: "Verification material", unreviewed: true, done: dataSheetStored,
			request: func() request { return &verification{} }, take: fromICP(takeVerifications)},
		{action: actionCheckResult, told: wire.ActionChange, element: "HSJG", zh: "核实结果", en: "Check result", unreviewed: true,
			request: func() request { return &checkAnswer{} }, take: fromICP(takeCheckAnswers)},
		{action: actionUnfiledResult, told: wire.ActionChange, element: "WBACLJG", zh: "未备案处理结果", en: "Result about an unfiled website", unreviewed: true,
			request: func() request { return &unfiledAnswer{} }, take: fromICP(takeUnfiledAnswers)},
		{action: actionIPNew, told: wire.ReportNew, part: "IP", element: "XZBA", zh: "IP 新增备案", en: "New IP report", unreviewed: true, done: dataIPDone,
			request: func() request { return &ipNew{} }, take: takeNewIPs},
		{action: actionIPChange, told: wire.ReportChanged, part: "IP", element: "XGBA", zh: "IP 修改备案", en: "Changed IP report", unreviewed: true, done: dataIPDone,
			request: func() request { return &ipChange{} }, take: takeChangedIPs},
		{action: actionIPDelete, told: wire.ReportDeleted, part: "IP", element: "SCBA", zh: "IP 删除备案", en: "Deleted IP report", unreviewed: true, done: dataIPDone,
			request: func() request { return &ipDelete{} }, take: takeDeletedIPs},
		{action: actionDomainNew, told: wire.ReportNew, part: "YM", element: "XZBA", zh: "域名新增备案", en: "New domain report", unreviewed: true, done: dataDomainDone,
			request: func() request { return &domainNew{} }, take: takeNewDomains},
		{action: actionDomainChange, told: wire.ReportChanged, part: "YM", element: "XGBA", zh: "域名修改备案", en: "Changed domain report", unreviewed: true, done: dataDomainDone,
			request: func() request { return &domainChange{} }, take: takeChangedDomains},
		{action: actionDomainDelete, told: wire.ReportDeleted, part: "YM", element: "SCBA", zh: "域名删除备案", en: "Deleted domain report", unreviewed: true, done: dataDomainDone,
			request: func() request { return &domainDelete{} }, take: takeDeletedDomains},
	}
}

// isOperation reports whether a part of an upload document has a row, such as ICP/XZWZ.
func isOperation(part string) bool {
	return slices.ContainsFunc(operations(), func(op operation) bool { return part == op.path() })
}

// actionOf gives the Czlx of a document's first part. A result needs one even
// where the document is none.
func actionOf(parts []string) int64 {
	for _, op := range operations() {
		if slices.Contains(parts, op.path()) {
			return op.czlx()
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
