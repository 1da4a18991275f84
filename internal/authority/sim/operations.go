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
		{action: wire.ActionAddWebsite, element: "XZWZ", zh: "新增网站", en: "Add website", sms: true,
			request: func() request { return &addWebsite{} }, take: takeAddWebsites},
	}
}

// isOpen reports whether a part of an upload document has a row, such as ICP/XZWZ.
func isOpen(part string) bool {
	return slices.ContainsFunc(operations(), func(op operation) bool { return part == "ICP/"+op.element })
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
