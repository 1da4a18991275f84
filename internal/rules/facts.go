package rules

import (
	"fmt"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/clock"
)

// factsFile is what an example says was found out.
type factsFile struct {
	RealNameSince    string                   `yaml:"real_name_since"`
	SubjectElsewhere Truth                    `yaml:"subject_elsewhere"`
	FiledWebsites    *int                     `yaml:"filed_websites"`
	Principals       map[string]principalFile `yaml:"principals"`
	Websites         []websiteFile            `yaml:"websites"`
}

type principalFile struct {
	MobileElsewhere      Truth `yaml:"mobile_elsewhere"`
	CertificateElsewhere Truth `yaml:"certificate_elsewhere"`
}

type websiteFile struct {
	DomainExpires string `yaml:"domain_expires"`
	Owner         Owner  `yaml:"owner"`
	Open          Truth  `yaml:"open"`
	RealNameTold  Truth  `yaml:"real_name_told"`
}

// UnmarshalYAML reads yes or no.
func (t *Truth) UnmarshalYAML(n *yaml.Node) error {
	var yes bool
	if err := n.Decode(&yes); err != nil {
		return fmt.Errorf("line %d: %q is neither yes nor no", n.Line, n.Value)
	}
	*t = No
	if yes {
		*t = Yes
	}
	return nil
}

// takeFacts removes the facts from an example's changes.
func takeFacts(patch map[string]any) (Facts, error) {
	raw, ok := patch["facts"]
	if !ok {
		return Facts{}, nil
	}
	delete(patch, "facts")
	text, err := yaml.Marshal(raw)
	if err != nil {
		return Facts{}, err
	}
	var n yaml.Node
	if err := yaml.Unmarshal(text, &n); err != nil {
		return Facts{}, err
	}
	var f factsFile
	if err := decodeAll(n.Content[0], &f); err != nil {
		return Facts{}, fmt.Errorf("facts: %w", err)
	}
	return f.facts()
}

// decodeAll reads facts and refuses unknown names at every depth.
func decodeAll(n *yaml.Node, f *factsFile) error {
	if _, err := decode(n, f); err != nil {
		return err
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		for j, inner := range n.Content[i+1].Content {
			var err error
			switch n.Content[i].Value {
			case "websites":
				_, err = decode(inner, &websiteFile{})
			case "principals":
				if j%2 == 1 { // values
					_, err = decode(inner, &principalFile{})
				}
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *factsFile) facts() (Facts, error) {
	out := Facts{SubjectElsewhere: f.SubjectElsewhere, FiledWebsites: f.FiledWebsites}
	var err error
	if out.RealNameSince, err = moment(f.RealNameSince); err != nil {
		return Facts{}, err
	}
	for at, p := range f.Principals {
		if out.Principals == nil {
			out.Principals = map[string]PrincipalFacts{}
		}
		out.Principals[at] = PrincipalFacts(p)
	}
	for _, w := range f.Websites {
		expires, err := moment(w.DomainExpires)
		if err != nil {
			return Facts{}, err
		}
		out.Websites = append(out.Websites, WebsiteFacts{DomainExpires: expires, Owner: w.Owner, Open: w.Open, RealNameTold: w.RealNameTold})
	}
	return out, nil
}

// moment reads a day in China, or an instant; "" is the zero time.
func moment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, s, clock.Shanghai)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is neither a day nor an instant", s)
	}
	return day, nil
}
