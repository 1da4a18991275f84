package refdata

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Registrar is a domain registrar on the operator's list.
type Registrar struct {
	Text
	// IANA is the registrar's number in IANA's list; empty when not known.
	IANA    string   `json:"iana"`
	Aliases []string `json:"aliases"`
	// Approved says that the ministry approved it.
	Approved bool `json:"approved"`
	// Checked says that the operator compared the row with the ministry's
	// pages; the rows that come with the product are examples.
	Checked bool `json:"checked"`
	Validity
}

type registrarTable struct {
	rows   []Registrar
	byIANA map[string]int
	byName map[string]int // by folded name
}

func readRegistrars(l *loader) registrarTable {
	const name = "registrars.json"
	var f struct {
		Edition
		Rows []Registrar `json:"rows"`
	}
	if !l.readJSON(name, &f) {
		return registrarTable{}
	}
	l.head(name, f.Edition, len(f.Rows), 0)
	t := registrarTable{rows: f.Rows, byIANA: map[string]int{}, byName: map[string]int{}}
	for i, r := range f.Rows {
		if r.IANA != "" {
			if _, twice := t.byIANA[r.IANA]; twice {
				l.failRow(name, i, fmt.Errorf("IANA id %s stands twice", r.IANA))
			}
			t.byIANA[r.IANA] = i
		}
		for _, n := range append([]string{r.ZH, r.EN}, r.Aliases...) {
			k := foldRegistrar(n)
			if j, twice := t.byName[k]; twice && j != i {
				l.failRow(name, i, fmt.Errorf("registrar %q stands twice", n))
			}
			if k != "" {
				t.byName[k] = i
			}
		}
		l.failRow(name, i, r.check())
	}
	return t
}

// Registrars lists the registrars that the operator knows.
func (t *Tables) Registrars() []Registrar {
	rows := t.now().registrars.rows
	out := make([]Registrar, 0, len(rows))
	for _, r := range rows {
		if r.holds(t.day) {
			out = append(out, r)
		}
	}
	return out
}

// Registrar finds a registrar by its IANA id, name or alias and says whether it
// is approved; Unknown, with an empty Registrar, when it is not on the list.
// Case, punctuation and endings such as Co., Ltd. do not matter.
func (t *Tables) Registrar(nameOrIANA string) (Registrar, Listing) {
	return t.now().registrars.find(nameOrIANA, t.day)
}

func (t registrarTable) find(nameOrIANA, day string) (Registrar, Listing) {
	i, ok := t.byIANA[strings.TrimSpace(nameOrIANA)]
	if !ok {
		i, ok = t.byName[foldRegistrar(nameOrIANA)]
	}
	if !ok || !t.rows[i].holds(day) {
		return Registrar{}, Unknown
	}
	if r := t.rows[i]; r.Approved {
		return r, Approved
	}
	return t.rows[i], NotApproved
}

// RegistrarListing judges a registrar of which the IANA id, the name, or both
// are known. The id, which registries assign, outranks the name.
func (t *Tables) RegistrarListing(name, iana string) Listing {
	list := t.now().registrars
	if iana != "" {
		if _, l := list.find(iana, t.day); l != Unknown {
			return l
		}
	}
	_, l := list.find(name, t.day)
	return l
}

// companyEndings are dropped from the end of a folded name, over and over.
var companyEndings = []string{"coltd", "limitedliabilitycompany", "limited", "ltd", "inc", "llc", "corporation", "corp", "co", "有限责任公司", "股份有限公司", "有限公司"}

// foldRegistrar keeps the letters and digits of a name in small letters,
// without the ending that says what kind of company it is.
func foldRegistrar(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(s))
	for again := true; again; {
		again = false
		for _, e := range companyEndings {
			if rest, ok := strings.CutSuffix(s, e); ok && len(rest) > 3 {
				s, again = rest, true
			}
		}
	}
	return s
}
