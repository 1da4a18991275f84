package precheck

import (
	"time"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// Verdict sums a report up.
type Verdict string

// The verdicts, the gravest first.
const (
	Blocked    Verdict = "blocked"     // somebody must mend something first
	NotOffered Verdict = "not_offered" // it can be filed, but not here yet
	Wait       Verdict = "wait"        // only time is missing
	Unsure     Verdict = "unknown"     // the registry, on which all rests, did not answer
	Care       Verdict = "care"        // it can be filed, with something to mind
	Ready      Verdict = "ready"       // nothing was found
)

// Verdicts lists them all.
func Verdicts() []Verdict { return []Verdict{Blocked, NotOffered, Wait, Unsure, Care, Ready} }

// Groups of findings.
const (
	GroupDomain      = "domain"
	GroupCertificate = "certificate"
	GroupName        = "name"
	GroupRule        = "rule"
	GroupResource    = "resource"
)

// Words is a message of the catalogues, or an operator's own text.
type Words struct {
	Key    string            `json:"key,omitempty"`
	Params map[string]string `json:"params,omitempty"`
	// Own has the texts of an operator's rule by language; it has no key then.
	Own map[string]string `json:"own,omitempty"`
}

func say(key string, params ...string) Words {
	w := Words{Key: key}
	for i := 0; i+1 < len(params); i += 2 {
		if w.Params == nil {
			w.Params = map[string]string{}
		}
		w.Params[params[i]] = params[i+1]
	}
	return w
}

// Report is what a pre-check found, in no language. It holds nothing personal.
type Report struct {
	At           time.Time     `json:"at"`
	RulesVersion string        `json:"rules_version"`
	Asked        Asked         `json:"asked"`
	Verdict      Verdict       `json:"verdict"`
	Kind         Kind          `json:"kind"`
	Domain       Domain        `json:"domain"`
	Findings     []Finding     `json:"findings"` // the gravest first
	Papers       []Paper       `json:"papers"`   // those that are certain first
	Preparations []Preparation `json:"preparations"`
	Rules        Province      `json:"rules"`
	Time         Duration      `json:"time"`
}

// Asked is what was told, as far as it is kept.
type Asked struct {
	Domain           domaincheck.Name `json:"domain"`
	Region           string           `json:"region"` // six digits
	Nature           int              `json:"nature"`
	CertificateType  int              `json:"certificate_type,omitempty"`
	CertificateGiven bool             `json:"certificate_given,omitempty"`
	WebsiteName      string           `json:"website_name,omitempty"` // of units only
	NameGiven        bool             `json:"name_given,omitempty"`
	ServiceContent   int              `json:"service_content,omitempty"`
	Resource         Resource         `json:"resource,omitzero"`
	SubjectFiled     Answer           `json:"subject_filed,omitempty"`
}

// Kind is the filing type, as far as it can be told, and the ways out where
// there is none.
type Kind struct {
	Type    icp.OrderType `json:"type,omitempty"`   // empty at a dead end
	Basis   Basis         `json:"basis,omitempty"`  // empty where nothing rests on a filing
	Unsure  bool          `json:"unsure,omitempty"` // nobody knows whether the organiser holds a filing
	Offered bool          `json:"offered"`          // this platform takes orders of the type
	Reason  Words         `json:"reason"`
	DeadEnd bool          `json:"dead_end,omitempty"`
	// Exits are the message keys of titles; the texts have the same with ".text".
	Exits []string `json:"exits,omitempty"`
}

// Domain has the checks of the domain without who holds it.
type Domain struct {
	Filed     Answer              `json:"filed"`
	LicenceNo string              `json:"licence_no,omitempty"`
	Checks    []domaincheck.Check `json:"checks"`
}

// Finding is what fails or needs care.
type Finding struct {
	Group    string       `json:"group"`
	ID       string       `json:"id"` // of the rule, check or message
	Severity icp.Severity `json:"severity"`
	// Depends says on what it depends; nil for a finding that is certain.
	Depends *Words     `json:"depends,omitempty"`
	Field   string     `json:"field,omitempty"` // of the input
	Message Words      `json:"message"`
	Remedy  []Words    `json:"remedy,omitempty"` // where the message does not tell it
	Rule    *Reference `json:"rule,omitempty"`
	RetryAt time.Time  `json:"retry_at,omitzero"`
}

// stops reports whether the finding keeps the website from being filed now.
func (f *Finding) stops() bool { return f.Severity == icp.SeverityError && f.Depends == nil }

// Reference tells a rule and where it comes from.
type Reference struct {
	ID     string       `json:"id"`
	About  Words        `json:"about"`
	Source refdata.Text `json:"source"`
	AsOf   string       `json:"as_of,omitempty"`
	Scope  string       `json:"scope"` // as in rules.RuleInfo
}

// Paper is a material that is needed, or may be.
type Paper struct {
	Kind     icp.MaterialKind `json:"kind"`
	Website  bool             `json:"website,omitempty"`  // each website shows its own
	Required bool             `json:"required,omitempty"` // else it is recommended
	// Certain papers are needed as told; others when one of the reasons holds.
	Certain bool     `json:"certain,omitempty"`
	Reasons []Reason `json:"reasons"`
}

// Reason is why, or when, a paper is needed.
type Reason struct {
	Text Words      `json:"text"`
	Rule *Reference `json:"rule,omitempty"`
}

// Preparation is something to have ready or to know; its texts are
// precheck.prepare.<id> and precheck.prepare.<id>.text.
type Preparation struct {
	ID     string            `json:"id"`
	Params map[string]string `json:"params,omitempty"`
}

// Province tells of the rules that hold where the filing is made.
type Province struct {
	Total      int         `json:"total"`
	Own        int         `json:"own"`    // of the province's packs
	Judged     int         `json:"judged"` // by this pre-check
	Highlights []Highlight `json:"highlights"`
}

// Highlight is a rule of the province worth knowing beforehand.
type Highlight struct {
	Severity icp.Severity `json:"severity"`
	Pointer  string       `json:"pointer"` // of the field in an order
	// Certain says that it holds as told; otherwise it may matter.
	Certain bool      `json:"certain,omitempty"`
	Rule    Reference `json:"rule"`
}

// Duration is how long the filing takes.
type Duration struct {
	// Earliest is the first instant at which it can be handed in: when waiting
	// alone has settled everything. Zero when it can be at once, and when
	// somebody must act first, for then no time is safe.
	Earliest time.Time `json:"earliest,omitzero"`
	Because  []Because `json:"because,omitempty"` // the longest wait first
	Review   int       `json:"review"`            // working days of the provider
	SMSHours int       `json:"sms_hours"`
	// Least and Most are the authority's working days; Published says that they
	// are what is published of the province, as of AsOf, and not just the rule
	// of the ministry, which is LegalMax.
	Least     int    `json:"least"`
	Most      int    `json:"most"`
	Published bool   `json:"published"`
	AsOf      string `json:"as_of,omitempty"`
	LegalMax  int    `json:"legal_max"`
	// From, To and Latest are when the decision can be expected: the quickest,
	// by what is published, by the ministry's rule. Zero when somebody must act
	// first, and for a type that is not offered.
	From   time.Time `json:"from,omitzero"`
	To     time.Time `json:"to,omitzero"`
	Latest time.Time `json:"latest,omitzero"`
	// KnownUntil is the last day whose holidays are known; Beyond says that From
	// or To lies past it.
	KnownUntil string `json:"known_until"`
	Beyond     bool   `json:"beyond,omitempty"`
}

// Because is a reason to wait.
type Because struct {
	Message Words     `json:"message"`
	Until   time.Time `json:"until"`
}
