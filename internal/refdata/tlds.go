package refdata

import (
	"fmt"
	"strings"
)

// Listing is what a list of the ministry says of an entry.
type Listing string

// The listings. Unknown means that the list cannot tell: a person decides.
const (
	Approved    Listing = "approved"
	NotApproved Listing = "not_approved"
	Unknown     Listing = "unknown"
)

// TLDKind is the kind of a suffix.
type TLDKind string

// The kinds of suffixes.
const (
	ASCIITLD    TLDKind = "ascii"
	ChineseTLD  TLDKind = "chinese"
	SecondLevel TLDKind = "second_level" // a category or province below .cn
)

// TLD is a suffix on the ministry's list of approved ones.
type TLD struct {
	// Name is without a leading dot, in small letters or Chinese.
	Name string `json:"name"`
	// ACE is the ASCII form of a name with Chinese characters (xn--…); else empty.
	ACE  string  `json:"ace,omitempty"`
	Kind TLDKind `json:"kind"`
	// For is the kind of holder that may register there, in Chinese; empty: any.
	For string `json:"for,omitempty"`
	// Province is the region code of a second level that belongs to a province.
	Province string `json:"province,omitempty"`
	Validity
}

// tldException is a bureau's own decision on a suffix.
type tldException struct {
	Province string `json:"province"`
	Name     string `json:"name"`
	Approved bool   `json:"approved"`
	Validity
}

type tldTable struct {
	rows       []TLD
	index      map[string]int // by name and by ACE
	exceptions []tldException
}

func readTLDs(l *loader) tldTable {
	const name = "tlds.json"
	var f struct {
		Edition
		Rows       []TLD          `json:"rows"`
		Exceptions []tldException `json:"exceptions"`
	}
	if !l.readJSON(name, &f) {
		return tldTable{}
	}
	l.head(name, f.Edition, len(f.Rows), 0)
	t := tldTable{rows: f.Rows, index: make(map[string]int, 2*len(f.Rows)), exceptions: f.Exceptions}
	for i, r := range f.Rows {
		for _, k := range []string{r.Name, r.ACE} {
			if k == "" && r.Name != "" {
				continue
			}
			if _, twice := t.index[k]; twice || k == "" {
				l.failRow(name, i, fmt.Errorf("suffix %q is empty or stands twice", k))
			}
			t.index[k] = i
		}
		if r.Kind != ASCIITLD && r.Kind != ChineseTLD && r.Kind != SecondLevel {
			l.failRow(name, i, fmt.Errorf("suffix %s has the unknown kind %q", r.Name, r.Kind))
		}
		l.failRow(name, i, r.check())
	}
	for _, e := range f.Exceptions {
		if len(e.Province) != 6 || e.Name == "" {
			l.fail(name, fmt.Errorf("exception %q of province %q is incomplete", e.Name, e.Province))
		}
		l.fail(name, e.check())
	}
	return t
}

// TLDs lists the approved suffixes.
func (t *Tables) TLDs() []TLD {
	rows := t.now().tlds.rows
	out := make([]TLD, 0, len(rows))
	for _, r := range rows {
		if r.holds(t.day) {
			out = append(out, r)
		}
	}
	return out
}

// TLD finds a suffix such as com, .com, com.cn, 中国 or xn--fiqs8s; false when it
// is not on the list or not on it on the day of these tables.
func (t *Tables) TLD(name string) (TLD, bool) { return t.now().tlds.find(name, t.day) }

func (t tldTable) find(name, day string) (TLD, bool) {
	i, ok := t.index[foldSuffix(name)]
	if !ok || !t.rows[i].holds(day) {
		return TLD{}, false
	}
	return t.rows[i], true
}

// SuffixListing judges the suffix of a domain for a filing in a province: tld is
// the top-level domain, suffix the whole public suffix (com.cn; empty or the
// same as tld where it has one part), region a region code of the province or
// empty for the ministry's own list. The list is closed, so an absent TLD is
// NotApproved; a second level below .cn that it does not name is Unknown.
func (t *Tables) SuffixListing(tld, suffix, region string) Listing {
	tld, suffix = foldSuffix(tld), foldSuffix(suffix)
	list := t.now().tlds
	for _, e := range list.exceptions {
		if len(region) < 2 || e.Province[:2] != region[:2] || !e.holds(t.day) {
			continue
		}
		if e.Name == tld || e.Name == suffix {
			if e.Approved {
				return Approved
			}
			return NotApproved
		}
	}
	if _, ok := list.find(tld, t.day); !ok {
		return NotApproved
	}
	if tld == "cn" && suffix != "" && suffix != tld {
		if _, ok := list.find(suffix, t.day); !ok {
			return Unknown
		}
	}
	return Approved
}

func foldSuffix(s string) string {
	return strings.ToLower(strings.Trim(strings.TrimSpace(s), "."))
}
