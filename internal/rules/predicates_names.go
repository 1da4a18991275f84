package rules

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// otherCharacters finds characters that are neither letters nor digits nor
// allowed; it looks at the text as written, with full-width forms as half-width.
func otherCharacters(p struct {
	Allowed string `yaml:"allowed"`
}, _ *build) (judge, error) {
	return func(m *matter) verdict {
		for _, r := range strings.TrimSpace(m.value) {
			if r >= 0xff01 && r <= 0xff5e {
				r -= 0xfee0
			}
			if (r < firstHan || r > lastHan) && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(p.Allowed, r) {
				if unicode.IsSpace(r) || !unicode.IsPrint(r) {
					return bad("character", fmt.Sprintf("U+%04X", r))
				}
				return bad("character", string(r))
			}
		}
		return good
	}, nil
}

// formParams say in which forms a place counts.
type formParams struct {
	Forms []form `yaml:"forms"`
}

func (p *formParams) wanted() (map[form]bool, error) {
	out := map[form]bool{}
	for _, f := range p.Forms {
		if !f.known() {
			return nil, fmt.Errorf("form %q is none of full, short_province, short_city", f)
		}
		out[f] = true
	}
	return out, nil
}

// placeAtStart finds a region's name, written in one of the forms, at the start.
func placeAtStart(p formParams, b *build) (judge, error) {
	wanted, err := p.wanted()
	if err == nil && len(wanted) == 0 {
		err = errors.New("forms are missing")
	}
	all := b.places
	return func(m *matter) verdict {
		if at := all.start(m.fold()); at != nil && wanted[at.form] {
			return bad("place", at.name)
		}
		return good
	}, err
}

// placeBeyondSubject finds a region, written in one of the forms or in any where
// none is named, at the start that is no part of the region at the start of the
// unit's own name. A unit whose name has no region may be registered nationally
// and is not judged.
func placeBeyondSubject(p formParams, b *build) (judge, error) {
	wanted, err := p.wanted()
	all := b.places
	return func(m *matter) verdict {
		at := all.start(m.fold())
		if at == nil || len(wanted) > 0 && !wanted[at.form] {
			return good
		}
		own := all.start(m.textOf(subjectName).fold())
		switch {
		case own == nil:
			return unjudged
		case own.covers(at):
			return good
		}
		return bad("place", at.name)
	}, err
}

// isDomain finds a name that has the site's domain in it, or is any host name;
// with label also one that is the domain's first label.
func isDomain(p struct {
	Label bool `yaml:"label"`
}, _ *build) (judge, error) {
	return func(m *matter) verdict {
		name, domain := m.fold(), strings.ToLower(m.site.Domain)
		first, _, _ := strings.Cut(domain, ".")
		if domain != "" && strings.Contains(name, domain) || isHost(name) || p.Label && first != "" && name == first {
			return bad("domain", m.site.Domain)
		}
		return good
	}, nil
}

// isHost reports whether folded text looks like a host name: labels of letters,
// digits and dashes, the last of letters only.
func isHost(s string) bool {
	last, dots := s, 0
	for {
		label, rest, more := strings.Cut(last, ".")
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
		if !more {
			break
		}
		last, dots = rest, dots+1
	}
	return dots > 0 && len(last) > 1 && strings.Trim(last, "abcdefghijklmnopqrstuvwxyz") == ""
}
