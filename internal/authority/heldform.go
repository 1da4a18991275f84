package authority

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// The one form of what the authority holds, so that the same data in another
// order, spelling or file compare as the same: no ids of ours (they are there
// in one file and absent in the next), lists in the order of ids, texts without
// spaces around them, scans as their digests. Subject and websites are kept
// apart, since a record of BASJ has some of a subject's websites only.

// heldSubject and heldWebsite are the documents that are kept and shown.
type (
	heldSubject struct{ Subject wire.FiledSubject }
	heldWebsite struct{ Website wire.FiledWebsite }
)

// form is a row about to be compared with what is held.
type form struct {
	row   store.Held
	names *store.HeldNames // of a website
}

// formOfSubject brings a subject into its form.
func (i *importing) formOfSubject(in *wire.FiledSubject) (form, error) {
	s := *in
	s.OurID = 0
	s.Licence = icp.NormalizeLicenceNo(s.Licence)
	trim(&s.Name, &s.Investor, &s.Remark, &s.Address.Street, &s.Certificate.Number, &s.Certificate.Address)
	trimPrincipal(&s.Principal)
	s.Other, s.Address.Other, s.Certificate.Other = sorted(s.Other), sorted(s.Address.Other), sorted(s.Certificate.Other)
	f := form{row: store.Held{Channel: i.g.Channel.ID, Kind: store.HeldSubject, Ref: s.AuthorityID, SubjectRef: s.AuthorityID, LicenceNo: s.Licence}}
	return f, i.finishForm(&f, &s.LastChanged, func() any { return heldSubject{s} })
}

// formOfWebsite brings a website into its form.
func (i *importing) formOfWebsite(subject int64, in *wire.FiledWebsite) (form, error) {
	w := *in
	w.OurID = 0
	w.Licence = icp.NormalizeLicenceNo(w.Licence)
	trim(&w.Name, &w.HomePage, &w.Remark)
	trimPrincipal(&w.Principal)
	w.Approvals = approvalForm(w.Approvals)
	if w.Services != nil {
		w.Services = &wire.ServiceIDs{IDs: slices.Sorted(slices.Values(w.Services.IDs))}
	}
	w.Languages = wire.LanguageIDs{IDs: slices.Sorted(slices.Values(w.Languages.IDs))}
	w.Other = sorted(w.Other)
	names := &store.HeldNames{}
	w.Domains = slices.Clone(w.Domains)
	for d := range w.Domains {
		w.Domains[d].OurID, w.Domains[d].Name = 0, strings.ToLower(strings.TrimSpace(w.Domains[d].Name))
		names.Domains = append(names.Domains, w.Domains[d].Name)
	}
	slices.SortFunc(w.Domains, func(a, b wire.FiledDomain) int { return cmp.Compare(a.Name, b.Name) })
	w.Accesses = accessForms(w.Accesses)
	for a := range w.Accesses {
		names.Accesses = append(names.Accesses, w.Accesses[a].AuthorityID)
	}
	f := form{names: names, row: store.Held{Channel: i.g.Channel.ID, Kind: store.HeldWebsite, Ref: w.AuthorityID, SubjectRef: subject, LicenceNo: w.Licence}}
	return f, i.finishForm(&f, &w.LastChanged, func() any { return heldWebsite{w} })
}

// finishForm writes the content and its fingerprint, in which the time of the
// last change does not count: it alone is no difference.
func (i *importing) finishForm(f *form, lastChanged *string, document func() any) error {
	told := *lastChanged
	if at, ok := wire.ParseTime(told); ok {
		f.row.ChangedAt, told = at, wire.FormatTime(at)
	}
	*lastChanged = ""
	counts, err := json.Marshal(document())
	if err != nil {
		return fmt.Errorf("write held filing: %w", err)
	}
	*lastChanged = told
	if f.row.Content, err = json.Marshal(document()); err != nil {
		return fmt.Errorf("write held filing: %w", err)
	}
	f.row.Hash = i.g.Store.Fingerprint("held", string(counts))
	f.row.Standing, f.row.ToldAt, f.row.ToldBy = store.StandingFiled, i.d.ReceivedAt, i.d.ID
	if i.sync {
		f.row.SeenBy = i.d.ID
	}
	return nil
}

func accessForms(in []wire.FiledAccess) []wire.FiledAccess {
	out := slices.Clone(in)
	for a := range out {
		x := &out[a]
		x.OurID = 0
		x.Places = wire.PlaceIDs{IDs: slices.Sorted(slices.Values(x.Places.IDs))}
		x.Modes = wire.ModeIDs{IDs: slices.Sorted(slices.Values(x.Modes.IDs))}
		x.IPs = slices.Clone(x.IPs)
		for n := range x.IPs {
			x.IPs[n].OurID = 0
		}
		slices.SortFunc(x.IPs, func(a, b wire.FiledIP) int { return cmp.Compare(a.AuthorityID, b.AuthorityID) })
		x.Other = sorted(x.Other)
	}
	slices.SortFunc(out, func(a, b wire.FiledAccess) int { return cmp.Compare(a.AuthorityID, b.AuthorityID) })
	return out
}

// approvalForm keeps of each scan its digest: whether it is another one.
func approvalForm(in *wire.Approvals) *wire.Approvals {
	if in == nil {
		return nil
	}
	out := &wire.Approvals{}
	for _, a := range in.Items {
		one := wire.Approval{Type: a.Type, Number: strings.TrimSpace(a.Number)}
		for _, s := range a.Scans {
			sum := sha256.Sum256(s)
			one.Scans = append(one.Scans, sum[:])
		}
		out.Items = append(out.Items, one)
	}
	slices.SortFunc(out.Items, func(a, b wire.Approval) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Number, b.Number))
	})
	return out
}

func trimPrincipal(p *wire.DownloadPrincipal) {
	trim(&p.Name, &p.OfficePhone, &p.Mobile, &p.Email, &p.MSN, &p.QQ, &p.CertificateNumber)
	p.Other = sorted(p.Other)
}

func trim(list ...*string) {
	for _, s := range list {
		*s = strings.TrimSpace(*s)
	}
}

func sorted(list []wire.Raw) []wire.Raw {
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b wire.Raw) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.XML, b.XML)) })
	return out
}

// differences names the fields, such as Website.Principal.Mobile, that two
// documents have different; of lists it says only that they differ.
func differences(before, after json.RawMessage) []string {
	var a, b any
	if json.Unmarshal(before, &a) != nil || json.Unmarshal(after, &b) != nil {
		return nil
	}
	var out []string
	compare("", a, b, &out)
	slices.Sort(out)
	return slices.Compact(out)
}

func compare(path string, a, b any, out *[]string) {
	x, isMap := a.(map[string]any)
	y, also := b.(map[string]any)
	if !isMap || !also {
		p, errA := json.Marshal(a)
		q, errB := json.Marshal(b)
		if errA == nil && errB == nil && !bytes.Equal(p, q) && path != "" {
			*out = append(*out, path)
		}
		return
	}
	for name := range x {
		compare(below(path, name), x[name], y[name], out)
	}
	for name := range y {
		if _, known := x[name]; !known {
			compare(below(path, name), nil, y[name], out)
		}
	}
}

func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// regionOf gives the narrowest area code of an address, as six digits.
func regionOf(a *wire.Address) string {
	if code := cmp.Or(a.County, a.City, a.Province); code > 0 {
		return strconv.FormatInt(code, 10)
	}
	return ""
}

// older reports whether a told time of change lies before a held one; without
// both nothing can be said.
func older(told, held time.Time) bool {
	return !told.IsZero() && !held.IsZero() && told.Before(held)
}
