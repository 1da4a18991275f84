package precheck

import (
	"time"

	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// Verdict sums a report up.
type Verdict string

// The verdicts.
const (
	Ready   Verdict = "ready"   // nothing was found
	Care    Verdict = "care"    // it can be filed, with something to mind
	Wait    Verdict = "wait"    // only time is missing
	Blocked Verdict = "blocked" // somebody must mend something first
	Unsure  Verdict = "unknown" // the registry, on which all rests, did not answer
)

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
	Key    string            `json:"key"`
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
	Findings     []Finding     `json:"findings"`
	Materials    []Paper       `json:"materials"`
	Preparations []Preparation `json:"preparations"`
	// Rules is nil when no region was told.
	Rules *Province `json:"rules,omitempty"`
	Time  Duration  `json:"time"`
}

// Asked is what was told, as far as it is kept.
type Asked struct {
	Domain           domaincheck.Name  `json:"domain"`
	Region           string            `json:"region,omitempty"`
	Nature           int               `json:"nature,omitempty"`
	CertificateType  int               `json:"certificate_type,omitempty"`
	CertificateGiven bool              `json:"certificate_given,omitempty"`
	WebsiteName      string            `json:"website_name,omitempty"` // of units only
	NameGiven        bool              `json:"name_given,omitempty"`
	ServiceContent   int               `json:"service_content,omitempty"`
	Age              int               `json:"age,omitempty"`
	Role             icp.PrincipalRole `json:"role,omitempty"`
	Resource         Resource          `json:"resource,omitzero"`
	SubjectFiled     Answer            `json:"subject_filed,omitempty"`
}

// Kind is the type of filing, as far as it can be told, and the ways out where
// there is none.
type Kind struct {
	Type    icp.OrderType `json:"type,omitempty"` // empty at a dead end
	Certain bool          `json:"certain"`
	// Offered says that this platform takes orders of the type.
	Offered bool   `json:"offered"`
	Reason  Words  `json:"reason"`
	DeadEnd bool   `json:"dead_end,omitempty"`
	Exits   []Exit `json:"exits,omitempty"`
}

// Exit is a way out; its texts are precheck.exit.<id> and precheck.exit.<id>.text.
type Exit struct {
	ID string `json:"id"`
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
	ID       string       `json:"id"`
	Rule     string       `json:"rule,omitempty"`
	Severity icp.Severity `json:"severity"`
	// Depends says on what it depends; nil for a finding that is certain.
	Depends *Words       `json:"depends,omitempty"`
	Field   string       `json:"field,omitempty"` // of the input
	Message Words        `json:"message"`
	Remedy  []Words      `json:"remedy,omitempty"`
	About   *Words       `json:"about,omitempty"`
	Source  refdata.Text `json:"source,omitzero"`
	AsOf    string       `json:"as_of,omitempty"`
	Scope   string       `json:"scope,omitempty"`
	RetryAt time.Time    `json:"retry_at,omitzero"`
}

// stops reports whether the finding keeps the website from being filed now.
func (f *Finding) stops() bool { return f.Severity == icp.SeverityError && f.Depends == nil }

// Paper is a material that is needed, or may be.
type Paper struct {
	Kind     icp.MaterialKind `json:"kind"`
	Website  bool             `json:"website,omitempty"` // each website shows its own
	Required bool             `json:"required,omitempty"`
	Reason   Words            `json:"reason"`
	// Condition says when it is needed; nil for a paper that is needed for certain.
	Condition *Words       `json:"condition,omitempty"`
	Rule      string       `json:"rule,omitempty"`
	Source    refdata.Text `json:"source,omitzero"`
	AsOf      string       `json:"as_of,omitempty"`
}

// Preparation is something to have ready or to know; its texts are
// precheck.prepare.<id> and precheck.prepare.<id>.text.
type Preparation struct {
	ID     string            `json:"id"`
	Params map[string]string `json:"params,omitempty"`
}

// Province counts the rules that hold where the filing is made.
type Province struct {
	Code       string      `json:"code"`
	Total      int         `json:"total"`
	Own        int         `json:"own"` // of the province's packs
	Errors     int         `json:"errors"`
	Warnings   int         `json:"warnings"`
	Judged     int         `json:"judged"`
	Failed     int         `json:"failed"`
	Highlights []Highlight `json:"highlights"`
}

// Highlight is a rule worth knowing that could not be judged yet.
type Highlight struct {
	ID       string       `json:"id"`
	Severity icp.Severity `json:"severity"`
	Pointer  string       `json:"pointer"`
	About    Words        `json:"about"`
	Source   refdata.Text `json:"source"`
	AsOf     string       `json:"as_of,omitempty"`
}

// Duration is how long the filing takes.
type Duration struct {
	// Earliest is the first instant at which waiting alone has settled
	// everything; zero when nothing has to wait or somebody must act first.
	Earliest time.Time `json:"earliest,omitzero"`
	Because  []Because `json:"because,omitempty"`
	Review   int       `json:"review"` // working days of the provider
	SMSHours int       `json:"sms_hours"`
	// Least and Most are the authority's working days; Published says that they
	// are an estimate for the province and not just the law's maximum.
	Least     int  `json:"least"`
	Most      int  `json:"most"`
	Published bool `json:"published"`
	LegalMax  int  `json:"legal_max"`
	// From, To and Latest are instants: the quickest, by the estimate, by the law.
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Latest time.Time `json:"latest"`
	// KnownUntil is the last day whose holidays are known; Beyond says that the
	// way leads past it.
	KnownUntil string `json:"known_until"`
	Beyond     bool   `json:"beyond,omitempty"`
}

// Because is a reason to wait.
type Because struct {
	ID      string    `json:"id"`
	Message Words     `json:"message"`
	Until   time.Time `json:"until"`
}
