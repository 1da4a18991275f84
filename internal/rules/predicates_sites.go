package rules

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"github.com/openbeian/beian/internal/clock"
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
		if words, err = wp.needed(b); err != nil {
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
		word, hit := "", words.none()
		if !hit {
			word, hit = words.first(m.search(m.text), inside, wp.except(m))
		}
		if !hit || hasApproval(m.site, ids) {
			return good
		}
		v := bad("approvals", wanted)
		if word != "" {
			v.detail.vars[1] = variable{"word", word}
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
		return unjudged
	}
	host, domain := m.fold(), strings.ToLower(m.site.Domain)
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
	dotted := make([]string, len(p.Suffixes))
	for i, s := range p.Suffixes {
		dotted[i] = "." + s
	}
	return func(m *matter) verdict {
		for _, s := range dotted {
			if strings.HasSuffix(m.fold(), s) {
				return bad("suffix", s)
			}
		}
		return good
	}, err
}

// labelStartsWith finds a domain, with one of the suffixes where some are named,
// whose own label begins with one of the words. Labels in ASCII form are read as
// what they stand for.
func labelStartsWith(p struct {
	Words    []string `yaml:"words"`
	Suffixes []string `yaml:"suffixes"`
}, _ *build) (judge, error) {
	if len(p.Words) == 0 {
		return nil, errNoWords
	}
	return func(m *matter) verdict {
		label, suffix, _ := strings.Cut(m.fold(), ".")
		if len(p.Suffixes) > 0 && !slices.Contains(p.Suffixes, suffix) {
			return good
		}
		if name, err := idna.Punycode.ToUnicode(label); err == nil {
			label = name
		}
		for _, w := range p.Words {
			if strings.HasPrefix(fold(label), fold(w)) {
				return bad("word", w)
			}
		}
		return good
	}, nil
}

// contentAmong finds a website with one of the service contents.
func contentAmong(p struct {
	Contents []string `yaml:"contents"`
}, b *build) (judge, error) {
	ids, err := contentIDs(b.tables, p.Contents)
	if err == nil && len(ids) == 0 {
		err = errors.New("contents are missing")
	}
	return func(m *matter) verdict { return badIf(slices.Contains(ids, m.site.ServiceContent)) }, err
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

// websitesTotalOver finds an order that brings the subject's websites, those
// filed and those of the order, above max.
func websitesTotalOver(p struct {
	Max int `yaml:"max"`
}, _ *build) (judge, error) {
	var err error
	if p.Max < 1 {
		err = errors.New("max is 1 or more")
	}
	return func(m *matter) verdict {
		n := len(m.data.Websites)
		if m.facts.FiledWebsites != nil {
			n += *m.facts.FiledWebsites
		}
		switch {
		case n > p.Max:
			return bad("now", itoa(n))
		case m.facts.FiledWebsites == nil:
			return unjudged
		}
		return good
	}, err
}

// sameNameTwice finds a name that an earlier website of the order has too.
func sameNameTwice(m *matter) verdict {
	own, at := m.fold(), m.siteIndex
	defer func() { m.site, m.siteIndex = &m.data.Websites[at], at }()
	for i := range at {
		m.site, m.siteIndex = &m.data.Websites[i], i
		if m.textOf(websiteName).fold() == own {
			return wrong
		}
	}
	return good
}

// websiteFacts are those of the website at hand; the zero value when not known.
func (m *matter) websiteFacts() WebsiteFacts { return m.factsOf(m.siteIndex) }

func (m *matter) factsOf(site int) WebsiteFacts {
	if site < len(m.facts.Websites) {
		return m.facts.Websites[site]
	}
	return WebsiteFacts{}
}

// domainTermLess finds a domain whose registration ends before the months are
// over, or has ended.
func domainTermLess(p struct {
	Months int `yaml:"months"`
}, _ *build) (judge, error) {
	var err error
	if p.Months < 1 {
		err = errors.New("months is 1 or more")
	}
	return func(m *matter) verdict {
		until := m.websiteFacts().DomainExpires
		switch {
		case until.IsZero():
			return unjudged
		case until.Before(m.monthsOn(p.Months)):
			return bad("until", until.In(clock.Shanghai).Format(time.DateOnly))
		}
		return good
	}, err
}

// ownerAmong finds a domain that one of the owners holds.
func ownerAmong(p struct {
	Owners []Owner `yaml:"owners"`
}, _ *build) (judge, error) {
	var err error
	for _, o := range p.Owners {
		if o != OwnerSubject && o != OwnerPrincipal && o != OwnerOther {
			err = fmt.Errorf("owner %q is none of subject, principal, other", o)
		}
	}
	if len(p.Owners) == 0 {
		err = errors.New("owners are missing")
	}
	return func(m *matter) verdict {
		owner := m.websiteFacts().Owner
		if owner == "" {
			return unjudged
		}
		return badIf(slices.Contains(p.Owners, owner))
	}, err
}

// realNameUntold finds a domain of whose holder the registry does not tell
// whether it was verified.
func realNameUntold(m *matter) verdict {
	switch m.websiteFacts().RealNameTold {
	case No:
		return wrong
	case Yes:
		return good
	case Unknown:
	}
	return unjudged
}

// websiteOpen finds a domain that answers over HTTP now.
func websiteOpen(m *matter) verdict { return told(m.websiteFacts().Open) }
