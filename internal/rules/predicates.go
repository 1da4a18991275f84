package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/refdata"
)

// predicate describes a fault. It is built once per rule from the rule's
// parameters.
type predicate struct {
	build func(b *build) (judge, error)
	reach []reach // of the fields that it can judge; nil: any
	field string  // the only field that it can judge; empty: any
	leaf  string  // the only last part of a field's path; empty: any
	// onEmpty says that it judges empty text too.
	onEmpty bool
	// always says that it finds fault wherever it applies.
	always bool
}

func (p *predicate) judges(f *field) bool {
	return (p.reach == nil || slices.Contains(p.reach, f.reach)) && (p.field == "" || p.field == f.path) &&
		(p.leaf == "" || p.leaf == f.name())
}

// build is what predicates are built with.
type build struct {
	tables *refdata.Tables
	places *places
	words  *dictionary
	node   *yaml.Node // parameters
	field  *field
	// What the predicate asks for: that its field, and the subject's name, are
	// searched for words, and not to be asked where no text has one of a list.
	searches, searchesName bool
	trigger                int32
	// list is the reference file whose rows the rule judges by; predicates set it.
	list string
}

// with builds a predicate that takes the parameters P.
func with[P any](compile func(p P, b *build) (judge, error)) func(b *build) (judge, error) {
	return func(b *build) (judge, error) {
		var p P
		if line, err := decode(b.node, &p); err != nil {
			return nil, &fault{line: line, err: err}
		}
		return compile(p, b)
	}
}

// plain builds a predicate that takes no parameters.
func plain(j judge) func(b *build) (judge, error) {
	return with(func(struct{}, *build) (judge, error) { return j, nil })
}

var (
	ofSites   = []reach{perSite}
	ofPersons = []reach{perPerson}
)

// predicates are the faults that packs can name. README.md lists them with
// their parameters; a test holds it against this table.
var predicates = map[string]predicate{
	// Any text.
	"contains_word":        {build: with(hasWord(inside))},
	"starts_with_word":     {build: with(hasWord(beginning))},
	"equals_word":          {build: with(hasWord(whole))},
	"word_without":         {build: with(wordWithout)},
	"contains_field":       {build: with(containsField)},
	"equals_field":         {build: with(equalsField)},
	"differs_from_field":   {build: with(differsFromField)},
	"fewer_characters":     {build: with(fewerCharacters)},
	"only_kind":            {build: with(onlyKind)},
	"has_kind":             {build: with(hasKind)},
	"lacks_kind":           {build: with(lacksKind)},
	"other_characters":     {build: with(otherCharacters)},
	"place_at_start":       {build: with(placeAtStart)},
	"place_beyond_subject": {build: with(placeBeyondSubject)},
	"lacks_statements":     {build: with(lacksStatements), onEmpty: true},
	"note":                 {build: plain(func(*matter) verdict { return wrong }), always: true},
	"always":               {build: plain(func(*matter) verdict { return wrong }), always: true, onEmpty: true},
	"missing":              {build: plain(missing), onEmpty: true},

	// Websites.
	"approval_missing":    {build: with(approvalMissing), reach: ofSites, onEmpty: true},
	"is_domain":           {build: with(isDomain), reach: ofSites},
	"outside_domain":      {build: plain(outsideDomain), field: "/websites/*/home_url"},
	"suffix_among":        {build: with(suffixAmong), field: "/websites/*/domain"},
	"label_starts_with":   {build: with(labelStartsWith), field: "/websites/*/domain"},
	"content_among":       {build: with(contentAmong), field: "/websites/*/service_content"},
	"same_name_twice":     {build: plain(sameNameTwice), field: "/websites/*/name"},
	"domain_term_less":    {build: with(domainTermLess), field: "/websites/*/domain"},
	"owner_among":         {build: with(ownerAmong), field: "/websites/*/domain"},
	"real_name_untold":    {build: plain(realNameUntold), field: "/websites/*/domain"},
	"website_open":        {build: plain(websiteOpen), field: "/websites/*/domain"},
	"too_many_websites":   {build: with(tooManyWebsites), field: "/websites", onEmpty: true},
	"websites_total_over": {build: with(websitesTotalOver), field: "/websites", onEmpty: true},

	// The subject.
	"real_name_differs":        {build: plain(realNameDiffers), field: "/subject/name"},
	"real_certificate_differs": {build: plain(realCertificateDiffers), field: "/subject/certificate_number"},
	"certificate_elsewhere":    {build: plain(certificateElsewhere), field: "/subject/certificate_number"},
	"certificate_type_among":   {build: with(certificateTypeAmong), leaf: "certificate_type"},
	"certificate_type_outside": {build: with(certificateTypeOutside), leaf: "certificate_type"},
	"subject_elsewhere":        {build: plain(subjectElsewhere), field: "/subject/certificate_number"},
	"real_name_fresh":          {build: with(realNameFresh), field: "/subject/name"},
	"licence_elsewhere":        {build: plain2(licenceElsewhere), field: "/filing/licence_no"},
	"licence_kind":             {build: with(licenceKind), field: "/filing/licence_no"},
	"licence_of_website":       {build: plain(licenceOfWebsite), field: "/filing/licence_no"},

	// Principals.
	"age_outside":         {build: with(ageOutside), reach: ofPersons},
	"certificate_ends":    {build: with(certificateEnds), reach: ofPersons},
	"same_phone":          {build: with(samePhone), reach: ofPersons},
	"mobile_shared":       {build: plain(mobileShared), reach: ofPersons},
	"mobile_segment":      {build: with(mobileSegment), reach: ofPersons},
	"fewer_phones":        {build: with(fewerPhones), reach: ofPersons},
	"differs_from_person": {build: with(differsFromPerson), reach: ofPersons},
	"role_is":             {build: with(roleIs), reach: ofPersons, leaf: "role"},
	"mobile_elsewhere":    {build: plain(mobileElsewhere), reach: ofPersons, leaf: "mobile"},
	"person_elsewhere":    {build: plain(personElsewhere), reach: ofPersons, leaf: "certificate_number"},
	"area_code_outside":   {build: with(areaCodeOutside), reach: ofPersons, leaf: "office_phone"},
}

// plain2 builds a predicate that takes no parameters but what the tables have.
func plain2(compile func(b *build) judge) func(b *build) (judge, error) {
	return with(func(_ struct{}, b *build) (judge, error) { return compile(b), nil })
}

var errNoWords = errors.New("words are missing")

type wordParams struct {
	Words []string `yaml:"words"`
	// UnlessInSubjectName lets units use what their own name has.
	UnlessInSubjectName bool `yaml:"unless_in_subject_name"`
}

// list takes in the words of a predicate.
func (p *wordParams) list(b *build) (wordList, error) {
	if len(p.Words) == 0 {
		return wordList{}, errNoWords
	}
	for _, w := range p.Words {
		if fold(w) == "" {
			return wordList{}, errors.New("a word is empty")
		}
	}
	b.searches, b.searchesName = true, b.searchesName || p.UnlessInSubjectName
	return b.words.list(p.Words), nil
}

// needed is a list without one of whose words there is no fault.
func (p *wordParams) needed(b *build) (wordList, error) {
	l, err := p.list(b)
	b.trigger = l.id
	return l, err
}

// except is the text whose words are allowed; nil for none.
func (p *wordParams) except(m *matter) *text {
	if p.UnlessInSubjectName && !m.data.Subject.IsIndividual() {
		return m.search(m.textOf(subjectName))
	}
	return nil
}

// hasWord finds one of the words in one of the ways.
func hasWord(how uint8) func(p wordParams, b *build) (judge, error) {
	return func(p wordParams, b *build) (judge, error) {
		words, err := p.needed(b)
		return func(m *matter) verdict {
			if w, ok := words.first(m.search(m.text), how, p.except(m)); ok {
				return bad("word", w)
			}
			return good
		}, err
	}
}

// wordWithout finds one of the words where none of the others stands beside it.
func wordWithout(p struct {
	Words               []string `yaml:"words"`
	With                []string `yaml:"with"`
	UnlessInSubjectName bool     `yaml:"unless_in_subject_name"`
}, b *build) (judge, error) {
	wp := wordParams{Words: p.Words, UnlessInSubjectName: p.UnlessInSubjectName}
	words, err := wp.needed(b)
	if err != nil {
		return nil, err
	}
	beside, err := (&wordParams{Words: p.With}).list(b)
	if err != nil {
		err = errors.New("with is missing")
	}
	return func(m *matter) verdict {
		t := m.search(m.text)
		w, ok := words.first(t, inside, wp.except(m))
		if !ok {
			return good
		}
		if _, ok := beside.first(t, inside, nil); ok {
			return good
		}
		return bad("word", w)
	}, err
}

type fieldParams struct {
	Field string `yaml:"field"`
}

// other finds the field to compare with.
func (p *fieldParams) other(b *build) (*field, error) {
	f := fields[p.Field]
	if f == nil || f.text == nil {
		return nil, fmt.Errorf("unknown field %q to compare with", p.Field)
	}
	if f.reach != once && f.reach != b.field.reach && f.whose != subjects {
		return nil, fmt.Errorf("%s is no field of what %s belongs to", p.Field, b.field.path)
	}
	return f, nil
}

// other gives the text of a field to compare with: of the place at hand, or of
// the subject's principal.
func (m *matter) other(f *field) *text {
	if f.reach != perPerson || f.whose != subjects {
		return m.textOf(f)
	}
	at := m.person
	defer func() { m.person = at }()
	m.person = &m.persons[0]
	return m.textOf(f)
}

// containsField finds text that has another field's text in it and more.
func containsField(p fieldParams, b *build) (judge, error) {
	f, err := p.other(b)
	return func(m *matter) verdict {
		o := m.other(f).fold()
		if o == "" {
			return unjudged
		}
		return badIf(m.fold() != o && containsWord(m.fold(), o))
	}, err
}

// differsFromField finds text that is not another field's text.
func differsFromField(p fieldParams, b *build) (judge, error) {
	f, err := p.other(b)
	return func(m *matter) verdict {
		o := m.other(f).fold()
		if o == "" {
			return unjudged
		}
		return badIf(o != m.fold())
	}, err
}

// equalsField finds text that is another field's text.
func equalsField(p fieldParams, b *build) (judge, error) {
	f, err := p.other(b)
	return func(m *matter) verdict {
		o := m.other(f).fold()
		if o == "" {
			return unjudged
		}
		return badIf(o == m.fold())
	}, err
}

// fewerCharacters finds text with fewer letters and digits than min, or fewer
// of one kind.
func fewerCharacters(p struct {
	Min  int  `yaml:"min"`
	Kind kind `yaml:"kind"`
}, _ *build) (judge, error) {
	var err error
	if p.Min < 1 || p.Kind != "" && !p.Kind.known() {
		err = errors.New("min is 1 or more, kind one of digits, latin, han or none")
	}
	return func(m *matter) verdict {
		if n := count(m.fold(), p.Kind); n < p.Min {
			return bad("now", itoa(n))
		}
		return good
	}, err
}

type kindParams struct {
	Kind kind `yaml:"kind"`
}

func (p *kindParams) check() error {
	if !p.Kind.known() {
		return fmt.Errorf("kind %q is none of digits, latin, han", p.Kind)
	}
	return nil
}

// onlyKind finds text whose letters and digits are all of one kind.
func onlyKind(p kindParams, _ *build) (judge, error) {
	return func(m *matter) verdict {
		n := count(m.fold(), "")
		return badIf(n > 0 && n == count(m.fold(), p.Kind))
	}, p.check()
}

// hasKind finds text with a character of one kind.
func hasKind(p kindParams, _ *build) (judge, error) {
	return func(m *matter) verdict { return badIf(count(m.fold(), p.Kind) > 0) }, p.check()
}

// lacksKind finds text without any character of one kind.
func lacksKind(p kindParams, _ *build) (judge, error) {
	return func(m *matter) verdict { return badIf(count(m.fold(), p.Kind) == 0) }, p.check()
}

// missing finds no answer.
func missing(m *matter) verdict { return badIf(m.fold() == "") }

// lacksStatements finds text that lacks, for one group or more, every word of
// the group, and tells the first word of each such group.
func lacksStatements(p struct {
	Statements [][]string `yaml:"statements"`
}, b *build) (judge, error) {
	var groups []wordList
	for _, words := range p.Statements {
		list, err := (&wordParams{Words: words}).list(b)
		if err != nil {
			return nil, err
		}
		groups = append(groups, list)
	}
	if len(groups) == 0 {
		return nil, errors.New("statements are missing")
	}
	return func(m *matter) verdict {
		var lacks []string
		t := m.search(m.text)
		for i := range groups {
			if _, ok := groups[i].first(t, inside, nil); !ok {
				lacks = append(lacks, groups[i].words[0])
			}
		}
		if len(lacks) == 0 {
			return good
		}
		return bad("missing", strings.Join(lacks, "、"))
	}, nil
}
