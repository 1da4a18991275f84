package sim

import (
	"slices"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
)

// claim is something that one record at a time may ask for: an id of the
// provider's, or a domain while a request for it is open.
type claim struct {
	kind     claimKind
	provider int64 // 0 for what is one and the same for all providers
	key      string
}

// claimKind is what is claimed.
type claimKind string

// The kinds; claimCodes says what a record gets that comes second. The first
// ones are claimed only while a record is open.
const (
	claimDomain        claimKind = "domain"      // by name
	claimCertificate   claimKind = "certificate" // of a subject that is not filed yet
	claimChange        claimKind = "change"      // of a subject, by the authority's id
	claimCancelSubject claimKind = "cancel subject"
	claimCancelWebsite claimKind = "cancel website"
	claimCancelAccess  claimKind = "cancel access"

	claimSubject  claimKind = "IspZtid"
	claimWebsite  claimKind = "IspWzid"
	claimDomainID claimKind = "IspYmid"
	claimAccess   claimKind = "IspJrid"
	claimIP       claimKind = "IspIpid"

	claimIPReport     claimKind = "IspId of an IP report"
	claimDomainReport claimKind = "IspId of a domain report"
)

var claimCodes = map[claimKind]int64{claimDomain: dataDomainReported, claimCertificate: dataSubjectConflict, claimChange: dataChangePending,
	claimCancelSubject: dataSubjectCancelPending, claimCancelWebsite: dataWebsiteCancelPending, claimCancelAccess: dataAccessCancelPending,
	claimSubject: dataReported, claimWebsite: dataWebsiteReported, claimDomainID: dataDomainReported, claimAccess: dataAccessReported, claimIP: dataIPReported,
	claimIPReport: dataIPTwice, claimDomainReport: dataDomainOther}

// whileOpen reports whether a claim ends with the decision about its record.
func (c claim) whileOpen() bool {
	switch c.kind {
	case claimDomain, claimCertificate, claimChange, claimCancelSubject, claimCancelWebsite, claimCancelAccess:
		return true
	default: // ids of the provider's, which are used once
		return false
	}
}

func claimByID(kind claimKind, id int64) claim { return claim{kind, 0, strconv.FormatInt(id, 10)} }

// isClaimed reports whether an open record claims something.
func (x *index) isClaimed(kind claimKind, id int64) bool {
	_, ok := x.claims[claimByID(kind, id)]
	return ok
}

// index finds things in the state quickly; it is built from the state.
type index struct {
	records  map[int64]*Record
	open     []*Record
	licences map[string]*filing // subject and website licence numbers
	subjects map[int64]*filing
	domains  map[string]*filing // filed domains, lower case
	holders  map[certificate][]*filing
	claims   map[claim]int64 // → record
	// homePages are those of the filed websites, lower case.
	homePages map[string]bool
}

// certificate identifies the holder of filings.
type certificate struct {
	kind   int64
	number string // capital letters
}

func certificateOf(c wire.Certificate) certificate {
	return certificate{c.Type, strings.ToUpper(c.Number)}
}

func newIndex(st *state) index {
	x := index{records: map[int64]*Record{}, licences: map[string]*filing{}, subjects: map[int64]*filing{}, domains: map[string]*filing{},
		holders: map[certificate][]*filing{}, claims: map[claim]int64{}, homePages: map[string]bool{}}
	for _, f := range st.Filings {
		x.addSubject(f)
		x.addWebsites(f)
	}
	for _, r := range st.Records {
		x.addRecord(r)
	}
	return x
}

// addSubject takes a new filing up.
func (x *index) addSubject(f *filing) {
	x.subjects[f.Subject.AuthorityID] = f
	x.licences[f.Subject.Licence] = f
	c := certificateOf(f.Subject.Certificate)
	x.holders[c] = append(x.holders[c], f)
}

// addWebsites takes the websites of a filing up.
func (x *index) addWebsites(f *filing) {
	for _, w := range f.Gone {
		x.licences[w.Licence] = f
	}
	for _, w := range f.Websites {
		x.licences[w.Licence] = f
		if f.Cancelled {
			continue
		}
		x.homePages[lower(w.HomePage)] = true
		for _, d := range w.Domains {
			x.domains[lower(d.Name)] = f
		}
	}
}

// dropSubject takes a filing out before it changes.
func (x *index) dropSubject(f *filing) {
	c := certificateOf(f.Subject.Certificate)
	x.holders[c] = slices.DeleteFunc(x.holders[c], func(o *filing) bool { return o == f })
	for i := range f.Websites {
		x.dropWebsite(&f.Websites[i])
	}
}

// dropWebsite frees what a cancelled website held but its licence number.
func (x *index) dropWebsite(w *wire.FiledWebsite) {
	delete(x.homePages, lower(w.HomePage))
	for _, d := range w.Domains {
		delete(x.domains, lower(d.Name))
	}
}

func (x *index) addRecord(r *Record) {
	x.records[r.ID] = r
	if r.State.isOpen() {
		x.open = append(x.open, r)
	}
	if r.State.mayComeAgain() {
		return
	}
	for _, c := range r.Request.claims(r.ProviderID) {
		if _, taken := x.claims[c]; !taken && (!c.whileOpen() || r.State.isOpen()) {
			x.claims[c] = r.ID
		}
	}
}

// release forgets what a record held once it is decided; ids of what was filed
// are never free again.
func (x *index) release(r *Record) {
	for _, c := range r.Request.claims(r.ProviderID) {
		if x.claims[c] == r.ID && (c.whileOpen() || r.State != Approved) {
			delete(x.claims, c)
		}
	}
}

// claimedBefore gives a code for each thing that another record holds.
func (x *index) claimedBefore(r *Record) []int64 {
	var codes []int64
	for _, c := range r.Request.claims(r.ProviderID) {
		if x.claims[c] != r.ID {
			codes = append(codes, claimCodes[c.kind])
		}
	}
	return codes
}
