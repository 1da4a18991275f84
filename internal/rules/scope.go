package rules

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// stateNatures are subjects that may speak for the state by their kind:
// military, government, public institutions and mass organisations.
var stateNatures = []int{1, 2, 3, 13}

// applies says for which cases a rule is; nil is no limit.
type applies struct {
	types     []icp.OrderType
	kinds     typeSet // of types; all but cancellations where there are none
	natures   []int
	provinces []string // the first two digits
	// certificates are types of the subject's.
	certificates []int
	contents     []int
	except       []int // contents
}

// orderTypes are the types that a pack may name.
var orderTypes = []icp.OrderType{icp.FirstFiling, icp.AddWebsite, icp.AddAccess, icp.Change,
	icp.CancelSubject, icp.CancelWebsite, icp.CancelAccess}

// OrderTypes lists the types that a rule may be for.
func OrderTypes() []icp.OrderType { return slices.Clone(orderTypes) }

// typeSet has a bit for each type of order.
type typeSet uint16

func typeSetOf(t icp.OrderType) typeSet { return 1 << (slices.Index(orderTypes, t) + 1) }

// endings are the types that end a filing. What a filing has to be like must not
// keep anybody from ending it, so only rules that name these types are for them.
var endings = typeSetOf(icp.CancelSubject) | typeSetOf(icp.CancelWebsite) | typeSetOf(icp.CancelAccess)

// IsFor reports whether a rule is for orders of a type: one that names no types
// is for all but cancellations.
func (r *RuleInfo) IsFor(t icp.OrderType) bool {
	if r.Types == nil {
		return endings&typeSetOf(t) == 0
	}
	return slices.Contains(r.Types, t)
}

func compileApplies(f appliesFile, scope string, at *field, t *refdata.Tables) (applies, error) {
	var a applies
	if err := a.take(f.Types); err != nil {
		return a, err
	}
	for _, name := range f.Natures {
		ids, err := naturesOf(t, name)
		if err != nil {
			return a, err
		}
		a.natures = append(a.natures, ids...)
	}
	if scope != National {
		if len(f.Provinces) > 0 {
			return a, errors.New("provinces in the pack of a province")
		}
		a.provinces = []string{scope[:2]}
	}
	for _, name := range f.Provinces {
		p, ok := provinceBy(t, name)
		if !ok {
			return a, fmt.Errorf("unknown province %q", name)
		}
		a.provinces = append(a.provinces, p.Code[:2])
	}
	for _, id := range f.CertificateTypes {
		if _, ok := t.CertificateType(id); !ok {
			return a, fmt.Errorf("unknown certificate type %d", id)
		}
	}
	a.certificates = f.CertificateTypes
	if len(f.Contents)+len(f.ContentsNot) > 0 && (at == nil || at.reach != perSite) {
		return a, errors.New("contents belong to fields of a website")
	}
	var err error
	if a.contents, err = contentIDs(t, f.Contents); err != nil {
		return a, err
	}
	a.except, err = contentIDs(t, f.ContentsNot)
	return a, err
}

// take sets the types of orders.
func (a *applies) take(types []string) error {
	for _, name := range types {
		if !slices.Contains(orderTypes, icp.OrderType(name)) {
			return fmt.Errorf("unknown type %q", name)
		}
		a.types = append(a.types, icp.OrderType(name))
		a.kinds |= typeSetOf(icp.OrderType(name))
	}
	if a.types == nil {
		a.kinds = ^endings
	}
	return nil
}

func naturesOf(t *refdata.Tables, name string) ([]int, error) {
	if id, err := strconv.Atoi(name); err == nil {
		if _, ok := t.Nature(id); !ok {
			return nil, fmt.Errorf("unknown nature %d", id)
		}
		return []int{id}, nil
	}
	var want func(n refdata.Nature) bool
	switch name {
	case "unit":
		want = func(n refdata.Nature) bool { return !n.Person }
	case "individual":
		want = func(n refdata.Nature) bool { return n.Person }
	case "state":
		want = func(n refdata.Nature) bool { return slices.Contains(stateNatures, n.ID) }
	case "not_state":
		want = func(n refdata.Nature) bool { return !slices.Contains(stateNatures, n.ID) }
	default:
		return nil, fmt.Errorf("nature %q is no id and none of unit, individual, state, not_state", name)
	}
	var out []int
	for _, n := range t.Natures() {
		if want(n) {
			out = append(out, n.ID)
		}
	}
	return out, nil
}

func provinceBy(t *refdata.Tables, name string) (refdata.Province, bool) {
	for _, p := range t.Provinces() {
		if p.Code == name || p.Letters == name || p.Short == name {
			return p, true
		}
	}
	return refdata.Province{}, false
}

// contentIDs finds service contents by id or Chinese name. Names are the better
// choice: the ids are provisional until the authority's table is loaded.
func contentIDs(t *refdata.Tables, names []string) ([]int, error) {
	var out []int
	for _, name := range names {
		rows := t.ServiceContentsNamed(name)
		if id, err := strconv.Atoi(name); err == nil {
			if c, ok := t.ServiceContent(id); ok {
				rows = append(rows, c)
			}
		}
		if len(rows) == 0 {
			return nil, fmt.Errorf("unknown service content %q", name)
		}
		for _, c := range rows {
			out = append(out, c.ID)
		}
	}
	return out, nil
}

// approvalIDs finds contents that need an approval by id or Chinese name.
func approvalIDs(t *refdata.Tables, names []string) ([]int, error) {
	var out []int
	for _, name := range names {
		rows := t.PreApprovalsNamed(name)
		if id, err := strconv.Atoi(name); err == nil {
			if a, ok := t.PreApproval(id); ok {
				rows = append(rows, a)
			}
		}
		if len(rows) == 0 {
			return nil, fmt.Errorf("unknown approval %q", name)
		}
		for _, a := range rows {
			out = append(out, a.ID)
		}
	}
	return out, nil
}

// order reports whether a rule is for an order as a whole. Provinces are
// settled before.
func (a *applies) order(o *icp.Order, kind typeSet) bool {
	return a.kinds&kind != 0 && a.nature(o.Data.Subject.Nature) &&
		(a.certificates == nil || slices.Contains(a.certificates, o.Data.Subject.CertificateType))
}

func (a *applies) nature(id int) bool { return a.natures == nil || slices.Contains(a.natures, id) }

// province reports whether a rule is for a province by its first two digits; ""
// is a province that is not known yet.
func (a *applies) province(two string) bool {
	return a.provinces == nil || slices.Contains(a.provinces, two)
}

func (a *applies) website(w *icp.Website) bool {
	return (a.contents == nil || slices.Contains(a.contents, w.ServiceContent)) && !slices.Contains(a.except, w.ServiceContent)
}
