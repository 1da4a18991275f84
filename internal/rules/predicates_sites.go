package rules

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/icp"
)

func itoa(n int) string { return strconv.Itoa(n) }

// approvalMissing finds a website that has none of the approvals. With words it
// only looks at text that has one of them; without, at every website that the
// rule applies to.
func approvalMissing(p struct {
	Words               []string `yaml:"words"`
	Approvals           []string `yaml:"approvals"`
	UnlessInSubjectName bool     `yaml:"unless_in_subject_name"`
}, b *build) (judge, error) {
	wp := wordParams{Words: p.Words, UnlessInSubjectName: p.UnlessInSubjectName}
	var words wordList
	if len(p.Words) > 0 {
		var err error
		if words, err = wp.list(); err != nil {
			return nil, err
		}
	} else if p.UnlessInSubjectName {
		return nil, errNoWords
	}
	ids, err := approvalIDs(b.tables, p.Approvals)
	if err == nil && len(ids) == 0 {
		err = errors.New("approvals are missing")
	}
	wanted := strings.Join(p.Approvals, "、")
	return func(m *matter) verdict {
		word, hit := "", len(words.words) == 0
		if !hit {
			word, hit = words.in(m.text(), wp.except(m))
		}
		if !hit || hasApproval(m.site, ids) {
			return good
		}
		v := bad("approvals", wanted)
		if word != "" {
			v.params["word"] = word
		}
		return v
	}, err
}

func hasApproval(w *icp.Website, ids []int) bool {
	return slices.ContainsFunc(w.PreApprovals, func(a icp.PreApproval) bool { return slices.Contains(ids, a.Type) })
}

// outsideDomain finds a home page whose host is not the domain or below it.
func outsideDomain(m *matter) verdict {
	if m.site.Domain == "" {
		return good
	}
	host, domain := m.text(), strings.ToLower(m.site.Domain)
	if _, after, ok := strings.Cut(host, "://"); ok {
		host = after
	}
	if i := strings.IndexAny(host, "/?#"); i >= 0 {
		host = host[:i]
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	if host == domain || strings.HasSuffix(host, "."+domain) {
		return good
	}
	return bad("domain", m.site.Domain)
}

// suffixAmong finds a domain with one of the suffixes.
func suffixAmong(p struct {
	Suffixes []string `yaml:"suffixes"`
}, _ *build) (judge, error) {
	var err error
	if len(p.Suffixes) == 0 {
		err = errors.New("suffixes are missing")
	}
	return func(m *matter) verdict {
		for _, s := range p.Suffixes {
			if strings.HasSuffix(m.text(), "."+s) {
				return bad("suffix", "."+s)
			}
		}
		return good
	}, err
}

// contentAmong finds a website with one of the service contents.
func contentAmong(p struct {
	Contents []string `yaml:"contents"`
}, b *build) (judge, error) {
	ids, err := contentIDs(b.tables, p.Contents)
	if err == nil && len(ids) == 0 {
		err = errors.New("contents are missing")
	}
	return func(m *matter) verdict { return verdict{bad: slices.Contains(ids, m.site.ServiceContent)} }, err
}

// tooManyWebsites finds an order with more websites than max.
func tooManyWebsites(p struct {
	Max int `yaml:"max"`
}, _ *build) (judge, error) {
	var err error
	if p.Max < 1 {
		err = errors.New("max is 1 or more")
	}
	return func(m *matter) verdict {
		if n := len(m.data.Websites); n > p.Max {
			return bad("now", itoa(n))
		}
		return good
	}, err
}
