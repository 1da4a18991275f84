package refdata

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Tables has all code tables as of one edition, which Replace exchanges for
// another. It is safe for concurrent use.
type Tables struct {
	live *live
	day  string // lists hold rows of this day; empty: all rows
}

// live is what all holders of the same tables share: views of On and the
// Calendar read through it, so they follow a Replace.
type live struct{ set atomic.Pointer[tableSet] }

func newTables(s *tableSet) *Tables {
	t := &Tables{live: &live{}}
	t.live.set.Store(s)
	return t
}

func (t *Tables) now() *tableSet { return t.live.set.Load() }

// Replace makes t, all its views of On and the calendar taken from any of them
// show the data that with has now, from one call to the next. Each call sees
// one edition whole; two calls may see two. What with shows later does not
// follow. Builtin's tables are shared by all and must not be replaced: replace a
// Copy.
func (t *Tables) Replace(with *Tables) { t.live.set.Store(with.now()) }

// Copy gives tables that show what t shows now and that can be replaced on their
// own.
func (t *Tables) Copy() *Tables {
	c := newTables(t.now())
	c.day = t.day
	return c
}

type tableSet struct {
	files        []File
	given        map[string][]byte // in place of built-in files
	natures      codeTable[Nature]
	certificates codeTable[CertificateType]
	contents     codeTable[ServiceContent]
	preApprovals codeTable[PreApproval]
	accessModes  codeTable[AccessMode]
	locations    codeTable[ServerLocation]
	languages    codeTable[Coded]
	serviceTypes codeTable[Coded]
	purposes     codeTable[Coded]
	reasons      codeTable[Coded]
	segments     []MobileSegment
	formats      codeTable[AttachmentFormat]
	provinces    []Province
	regions      regionTree
	tlds         tldTable
	registrars   registrarTable
	calendar     calendarDays
}

// Load reads the embedded files. The error is a fault of the build.
func Load() (*Tables, error) { return LoadFiles(nil) }

// LoadFiles is Load with other editions of some files: files maps a name such as
// natures.json to a whole file of the same form. The error names the file and
// what is wrong with it: an unknown name or field, a missing source, an id that
// stands twice, a reference to a row that there is none of.
func LoadFiles(files map[string][]byte) (*Tables, error) {
	known := FileNames()
	for name := range files {
		if !slices.Contains(known, name) {
			return nil, &FileError{File: name, Err: errors.New("there is no such table")}
		}
	}
	l := &loader{given: files}
	s := &tableSet{
		natures:      readCodes[Nature](l, "natures.json"),
		certificates: readCodes[CertificateType](l, "certificate_types.json"),
		contents:     readCodes[ServiceContent](l, "service_contents.json"),
		preApprovals: readCodes[PreApproval](l, "pre_approvals.json"),
		accessModes:  readCodes[AccessMode](l, "access_modes.json"),
		locations:    readCodes[ServerLocation](l, "server_locations.json"),
		languages:    readCodes[Coded](l, "languages.json"),
		serviceTypes: readCodes[Coded](l, "service_types.json"),
		purposes:     readCodes[Coded](l, "attachment_purposes.json"),
		reasons:      readCodes[Coded](l, "cancel_reasons.json"),
		segments:     readMobileSegments(l),
		formats:      readCodes[AttachmentFormat](l, "attachment_formats.json"),
		provinces:    readProvinces(l),
		regions:      readRegions(l),
		tlds:         readTLDs(l),
		registrars:   readRegistrars(l),
		calendar:     readCalendar(l),
	}
	if l.err != nil {
		return nil, l.err
	}
	s.files, s.given = l.files, maps.Clone(files)
	if err := s.checkReferences(); err != nil {
		return nil, err
	}
	return newTables(s), nil
}

var builtin = sync.OnceValue(func() *Tables {
	t, err := Load()
	if err != nil {
		panic(err)
	}
	return t
})

// Builtin gives the embedded tables, read once. It panics when they are
// broken, which the tests of the package rule out.
func Builtin() *Tables { return builtin() }

// FileNames lists the files that LoadFiles knows, sorted.
func FileNames() []string {
	entries, err := embedded.ReadDir("data")
	if err != nil {
		panic(err) // the folder is part of the build
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

// checkReferences checks that rows refer to rows that exist.
func (s *tableSet) checkReferences() error {
	for i, c := range s.certificates.rows {
		for _, n := range c.Natures {
			if _, ok := s.natures.find(n); !ok {
				return &FileError{File: "certificate_types.json", Row: i + 1, Err: fmt.Errorf("certificate type %d is for nature %d, which there is none of", c.ID, n)}
			}
		}
	}
	for i, c := range s.contents.rows {
		if up, ok := s.contents.find(c.Parent); c.Parent != 0 && (!ok || up.Parent != 0) {
			return &FileError{File: "service_contents.json", Row: i + 1, Err: fmt.Errorf("content %d is below %d, which is no row of the upper level", c.ID, c.Parent)}
		}
	}
	for i, p := range s.locations.rows {
		if len(p.Province) != 6 {
			return &FileError{File: "server_locations.json", Row: i + 1, Err: fmt.Errorf("server location %d has the province %q", p.ID, p.Province)}
		}
	}
	for i, p := range s.provinces {
		if r, ok := s.regions.find(p.Code); !ok || r.Level != ProvinceLevel {
			return &FileError{File: "provinces.json", Row: i + 1, Err: fmt.Errorf("province %s is not among the regions", p.Code)}
		}
	}
	return nil
}

// On gives the tables as of the day of t in China: its lists leave out rows that
// do not hold then, and TLDs and registrars are judged by that day. Look-ups by
// code still find every row.
func (t *Tables) On(at time.Time) *Tables { return &Tables{live: t.live, day: dayOf(at)} }

// Calendar gives the working days of mainland China. It follows a Replace.
func (t *Tables) Calendar() *Calendar { return &Calendar{live: t.live} }

// Natures lists the kinds of subjects.
func (t *Tables) Natures() []Nature { return t.now().natures.list(t.day, nil) }

// Nature finds a kind of subject; false when there is none.
func (t *Tables) Nature(id int) (Nature, bool) { return t.now().natures.find(id) }

// CertificateTypes lists the kinds of certificates.
func (t *Tables) CertificateTypes() []CertificateType { return t.now().certificates.list(t.day, nil) }

// CertificateType finds a kind of certificate; false when there is none.
func (t *Tables) CertificateType(id int) (CertificateType, bool) {
	return t.now().certificates.find(id)
}

// CertificateTypesFor lists the kinds of certificates with which subjects of a
// nature file; those out of issue (Legacy) come last.
func (t *Tables) CertificateTypesFor(nature int) []CertificateType {
	out := t.now().certificates.list(t.day, func(c CertificateType) bool { return slices.Contains(c.Natures, nature) })
	slices.SortStableFunc(out, func(a, b CertificateType) int {
		switch {
		case a.Legacy == b.Legacy:
			return 0
		case a.Legacy:
			return 1
		}
		return -1
	})
	return out
}

// PrincipalCertificateTypes lists the kinds of certificates that persons in
// charge may use.
func (t *Tables) PrincipalCertificateTypes() []CertificateType {
	return t.now().certificates.list(t.day, func(c CertificateType) bool { return c.Principal })
}

// ServiceContents lists what websites offer, in a list of two levels with the
// headings; ServiceChoices has what may be chosen.
func (t *Tables) ServiceContents() []ServiceContent { return t.now().contents.list(t.day, nil) }

// ServiceChoices lists the service contents that a website may choose: those
// without rows below that hold.
func (t *Tables) ServiceChoices() []ServiceContent {
	contents := t.now().contents
	above := map[int]bool{}
	for _, c := range contents.list(t.day, nil) {
		above[c.Parent] = true
	}
	return contents.list(t.day, func(c ServiceContent) bool { return !above[c.ID] })
}

// ServiceContent finds a service content; false when there is none.
func (t *Tables) ServiceContent(id int) (ServiceContent, bool) { return t.now().contents.find(id) }

// PreApprovals lists the contents that need an approval, and the answer that
// none applies.
func (t *Tables) PreApprovals() []PreApproval { return t.now().preApprovals.list(t.day, nil) }

// PreApproval finds a content that needs an approval; false when there is none.
func (t *Tables) PreApproval(id int) (PreApproval, bool) { return t.now().preApprovals.find(id) }

// AccessModes lists the ways to connect a website.
func (t *Tables) AccessModes() []AccessMode { return t.now().accessModes.list(t.day, nil) }

// AccessMode finds a way to connect; false when there is none.
func (t *Tables) AccessMode(id int) (AccessMode, bool) { return t.now().accessModes.find(id) }

// AccessModeNamed finds a way to connect that holds by its Chinese name.
func (t *Tables) AccessModeNamed(name string) (AccessMode, bool) {
	for _, m := range t.AccessModes() {
		if m.To == "" && foldName(m.ZH) == foldName(name) {
			return m, true
		}
	}
	return AccessMode{}, false
}

// ServerLocations lists the places of servers.
func (t *Tables) ServerLocations() []ServerLocation { return t.now().locations.list(t.day, nil) }

// ServerLocation finds a place of servers; false when there is none.
func (t *Tables) ServerLocation(id int) (ServerLocation, bool) { return t.now().locations.find(id) }

// ServerLocationOf finds the place of servers of the province that a region
// code belongs to, the last that held where several did; false when there is
// none.
func (t *Tables) ServerLocationOf(region string) (ServerLocation, bool) {
	var found ServerLocation
	for _, l := range t.now().locations.rows {
		if l.ID > 0 && len(region) >= 2 && l.Province[:2] == region[:2] && (found.ID == 0 || found.To != "" && (l.To == "" || found.To < l.To)) {
			found = l
		}
	}
	return found, found.ID != 0
}

// Languages lists the languages of websites.
func (t *Tables) Languages() []Coded { return t.now().languages.list(t.day, nil) }

// Language finds a language; false when there is none.
func (t *Tables) Language(id int) (Coded, bool) { return t.now().languages.find(id) }

// ServiceTypes lists the kinds of services: website, app and so on.
func (t *Tables) ServiceTypes() []Coded { return t.now().serviceTypes.list(t.day, nil) }

// AttachmentPurposes lists what attachments are for (附件用途, Fjyt).
func (t *Tables) AttachmentPurposes() []Coded { return t.now().purposes.list(t.day, nil) }

// CancelReasons lists the reasons to cancel a filing (注销理由, Zxly).
func (t *Tables) CancelReasons() []Coded { return t.now().reasons.list(t.day, nil) }

// CancelReason finds a reason to cancel; false when there is none.
func (t *Tables) CancelReason(id int) (Coded, bool) { return t.now().reasons.find(id) }

// AttachmentFormats lists the file formats of attachments.
func (t *Tables) AttachmentFormats() []AttachmentFormat { return t.now().formats.list(t.day, nil) }
