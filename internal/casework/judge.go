package casework

import (
	"context"
	"strconv"
	"time"

	"github.com/openbeian/beian/internal/form"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/order"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store"
)

// Judgement is what is to be said of an order as it stands.
type Judgement struct {
	// Findings are those of the questions, the materials, the filing type and
	// the rules.
	Findings []icp.Finding
	// Needs are the materials that the case asks for.
	Needs []form.Need
	// Detected is the filing type that follows from what is known now.
	Detected order.Detected
	// Exits are the ways out of what the type's findings tell, by their pointers.
	Exits map[string][]order.Exit
}

// Judge judges an order as it stands by what is known now.
func (c *Cases) Judge(ctx context.Context, o *icp.Order) (Judgement, error) {
	var out Judgement
	err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, err = c.judge(ctx, tx, o, c.Clock.Now())
		return err
	})
	return out, err
}

// judge is Judge in a transaction.
func (c *Cases) judge(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) (Judgement, error) {
	k, err := c.gather(ctx, tx, o, at)
	if err != nil {
		return Judgement{}, err
	}
	return c.judgeBy(o, k, at), nil
}

// judgeBy is judge by what was found out.
func (c *Cases) judgeBy(o *icp.Order, k known, at time.Time) Judgement {
	result := c.Rules.Evaluate(rules.Case{Order: o, Facts: k.rules}, at)
	j := Judgement{Needs: form.Needs(o, result.Materials), Detected: order.DetectType(k.types), Exits: map[string][]order.Exit{}}
	j.Findings = form.Check(c.Tables, o, c.Limits, at)
	if order.Editable(o.State) || o.State == icp.StateProviderReview { // later the authority has it, or nobody
		j.typed(o, k.types)
	}
	j.Findings = append(j.Findings, form.CheckMaterials(o, j.Needs)...)
	j.Findings = append(j.Findings, k.listed...)
	for _, f := range result.Findings {
		if f.Pointer == subjectNumber && f.Code == subjectElsewhere && j.Detected.Reason == "type.other_account" {
			continue // the type says the same and knows the ways out
		}
		j.Findings = append(j.Findings, f)
	}
	return j
}

// TypeRule is the rule of findings about the filing type.
const TypeRule = "types"

const (
	// subjectNumber is where those about the subject stand.
	subjectNumber = "/subject/certificate_number"
	// subjectElsewhere is the message of the rule against a subject in two accounts.
	subjectElsewhere = "rule.subject.elsewhere"
)

// typed adds what stops the order because of its filing type: at the subject's
// certificate number, or at each domain that does not fit.
func (j *Judgement) typed(o *icp.Order, facts order.TypeFacts) {
	d := j.Detected
	if d.Stops() && d.Domain == order.OfSubject {
		j.stop(subjectNumber, d.Reason, nil, d.Exits)
		return
	}
	subject := facts
	subject.InProcess = false
	for i, domain := range facts.Domains {
		subject.Domains = []order.DomainFacts{domain}
		alone := order.DetectType(subject)
		if !alone.Stops() || domain.Filed != order.Yes {
			continue
		}
		exits := alone.Exits
		if d.Reason == "type.mixed" {
			exits = append([]order.Exit{order.ExitSeparate}, exits...)
		}
		j.stop("/websites/"+strconv.Itoa(i)+"/domain", alone.Reason, map[string]string{"domain": o.Data.Websites[i].Domain}, exits)
	}
}

func (j *Judgement) stop(pointer, reason string, params map[string]string, exits []order.Exit) {
	j.Findings = append(j.Findings, icp.Finding{Pointer: pointer, Code: reason, Params: params, Severity: icp.SeverityError, Rule: TypeRule})
	j.Exits[pointer] = exits
}

// retype works the filing type of a changed order out again. Where it leads to
// a type that cannot be filed, or nowhere, the order keeps its type and all its
// answers as a draft: the reason changes, and a finding stops the submission
// until the answers or the facts are others.
func (c *Cases) retype(ctx context.Context, tx *store.Tx, o *icp.Order, at time.Time) error {
	k, err := c.gather(ctx, tx, o, at)
	if err != nil {
		return err
	}
	d := order.DetectType(k.types)
	o.TypeReason = d.Reason
	if !d.Stops() {
		o.Type = d.Type
	}
	return nil
}

// refuse says why no order can begin, or no website can be added, with the ways
// out among the parameters.
func refuse(d order.Detected) error {
	exits := ""
	for i, e := range d.Exits {
		if i > 0 {
			exits += ","
		}
		exits += string(e)
	}
	return icp.E(icp.NotNow, d.Reason).With("exits", exits)
}

// askWait bounds the wait for the authority while answers are saved; without an
// answer the save goes on.
const askWait = 5 * time.Second

// ask asks the authority about a certificate; never inside a transaction.
func (c *Cases) ask(ctx context.Context, certificateType int, number string) icp.CertificateStanding {
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	answer, licenceNo := c.Authority.SubjectFiling(ctx, certificateType, number)
	return icp.CertificateStanding{CertificateType: certificateType, CertificateNumber: number, Answer: string(answer), LicenceNo: licenceNo, At: c.Clock.Now()}
}

// askAgain asks the authority if the subject's certificate is another than the
// one last asked about; nil when it is not. It refuses early who may not edit.
func (c *Cases) askAgain(ctx context.Context, actor icp.Actor, id icp.OrderID, version int64, s *icp.Subject) (*icp.CertificateStanding, error) {
	var said icp.CertificateStanding
	err := c.Store.View(ctx, func(tx *store.Tx) error {
		o, err := c.load(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if version != 0 && o.Version != version {
			return icp.E(icp.Conflict, "stale_version")
		}
		said = o.Data.Standing
		_, err = order.Decide(*o, order.Edit, actor, order.Facts{}, c.Terms, c.Clock.Now())
		return err
	})
	same := said.CertificateNumber == s.CertificateNumber && said.CertificateType == s.CertificateType
	if err != nil || same || s.CertificateNumber == "" {
		return nil, err
	}
	if code, warning := icp.CheckCertificate(s.CertificateType, s.CertificateNumber); code != "" && !warning {
		return nil, nil //nolint:nilnil // half typed: nobody has such a number
	}
	answer := c.ask(ctx, s.CertificateType, s.CertificateNumber)
	return &answer, nil
}
