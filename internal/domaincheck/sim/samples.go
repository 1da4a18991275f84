package sim

import (
	"time"

	"github.com/openbeian/beian/internal/domaincheck"
)

// Owners of the sample domains: the real names of the demo's two applicants
// (invented).
const (
	Unit       = "北京云杉数字科技有限公司"
	Individual = "林知夏"
)

// Registrars of the sample domains. The list in use must have the first two as
// approved and ForeignRegistrar as not approved. OwnRegistrar plays this
// provider's own registrar business: the demo puts its id into
// domaincheck.Options.OwnRegistrarIDs.
const (
	Registrar          = "北京新网数码信息技术有限公司"
	RegistrarID        = "120"
	OwnRegistrar       = "成都西维数码科技有限公司"
	OwnRegistrarID     = "1556"
	ForeignRegistrar   = "GoDaddy.com, LLC"
	ForeignRegistrarID = "146"
)

// Sample is a domain that the simulator knows. Times are relative to now.
type Sample struct {
	// Domain is the name for people, such as "云杉数字.中国".
	Domain string
	// Story says in one line what the sample is for.
	Story string
	// Account is the demo applicant whom it is meant for: Unit or Individual.
	Account string
	// Absent: the registry knows no such domain.
	Absent bool

	Registrar, RegistrarID string
	// Age is how long ago it was registered, Left how long it runs on
	// (negative: expired), Verified how long ago the holder was verified.
	Age, Left, Verified time.Duration
	// RealName is what the registry tells of verification.
	RealName     domaincheck.RealNameState
	Org, Person  string
	Redacted     bool
	Statuses     []string // EPP, camel case
	Filing       domaincheck.Filing
	SiteAnswers  bool
	Expect       map[domaincheck.CheckID]domaincheck.State // what differs from Passed
	ExpectRetry  bool                                      // a blocking check tells when to retry
	ExpectsBlock bool                                      // Result.Blocked
}

const day = 24 * time.Hour

// base is a registration with nothing to object to.
func base(domain, story string) Sample {
	return Sample{
		Domain: domain, Story: story, Account: Unit, Org: Unit,
		Registrar: Registrar, RegistrarID: RegistrarID,
		Age: 400 * day, Left: 330 * day, Verified: 399 * day,
		RealName: domaincheck.RealNameVerified, Statuses: []string{"clientTransferProhibited"},
	}
}

func (s Sample) with(change func(*Sample)) Sample { change(&s); return s }

// differs sets what a check is expected to say.
func (s *Sample) differs(state domaincheck.State, ids ...domaincheck.CheckID) {
	m := make(map[domaincheck.CheckID]domaincheck.State, len(s.Expect)+len(ids))
	for id, st := range s.Expect {
		m[id] = st
	}
	for _, id := range ids {
		m[id] = state
		if state == domaincheck.Failed && id != domaincheck.SiteClosed {
			s.ExpectsBlock = true
		}
	}
	s.Expect = m
}

// Samples lists the sample domains: each outcome at least once. The names are
// invented; the simulator never asks the real registry about them.
func Samples() []Sample {
	fine := []Sample{
		base("yunshan-keji.cn", "nothing to object to, held by the unit"),
		base("linzhixia.com", "nothing to object to, held by the individual").with(func(s *Sample) {
			s.Account, s.Org, s.Person = Individual, "", Individual
		}),
		base("云杉数字.中国", "a Chinese name, nothing to object to"),
		base("林知夏的书房.com", "a Chinese name under .com, held by the individual").with(func(s *Sample) {
			s.Account, s.Org, s.Person = Individual, "", Individual
		}),
		base("yunshan-benzhan.cn", "registered here, verified five days ago: the shorter waiting time is over").with(func(s *Sample) {
			s.Registrar, s.RegistrarID = OwnRegistrar, OwnRegistrarID
			s.Age, s.Verified = 6*day, 5*day
		}),
		base("yunshan-fenzhan.cn", "another of the unit's, nothing to object to"),
		base("yunshan-yujian.cn", "one of the unit's that stays unfiled, for pre-checks"),
		base("zhixia-shouzhang.com", "another of the individual's, nothing to object to").with(func(s *Sample) {
			s.Account, s.Org, s.Person = Individual, "", Individual
		}),
		base("yunshan-jijiang.cn", "runs out in forty days: fine for most provinces, too short for some").with(func(s *Sample) {
			s.Left = 40 * day
		}),
	}
	return append(fine, troubled()...)
}

// troubled lists the samples with a fault each.
func troubled() []Sample {
	return append(registrationFaults(),
		base("qingfeng-shangmao.cn", "held by somebody else").with(func(s *Sample) {
			s.Org = "上海清枫商贸有限公司"
			s.differs(domaincheck.Failed, domaincheck.OwnerMatches)
		}),
		base("yunshan-yinsi.com", "the registry hides the holder and tells nothing of verification").with(func(s *Sample) {
			s.Org, s.Redacted, s.RealName, s.Verified = "", true, domaincheck.RealNameUndisclosed, 0
			s.differs(domaincheck.Unknown, domaincheck.OwnerMatches, domaincheck.RealName)
		}),
		base("yunshan-pinyin.com", "the holder is written in English").with(func(s *Sample) {
			s.Org = "Beijing Yunshan Digital Technology Co., Ltd."
			s.differs(domaincheck.Unknown, domaincheck.OwnerMatches)
		}),
		base("yunshan-jiuzhan.cn", "filed already, through another provider").with(func(s *Sample) {
			s.Filing = domaincheck.Filing{Filed: true, SubjectLicence: "京ICP备2021000001号", SiteLicence: "京ICP备2021000001号-1"}
			s.differs(domaincheck.Failed, domaincheck.NotFiled)
		}),
		base("yunshan-kaifang.cn", "its site answers before the filing").with(func(s *Sample) {
			s.SiteAnswers = true
			s.differs(domaincheck.Failed, domaincheck.SiteClosed)
		}),
		base("yunshan-cloud.io", "a top-level domain that the ministry has not approved").with(func(s *Sample) {
			s.differs(domaincheck.Failed, domaincheck.TLDApproved)
		}),
	)
}

// registrationFaults lists samples whose registration is at fault.
func registrationFaults() []Sample {
	return []Sample{
		base("yunshan-guoqi.cn", "expired twelve days ago").with(func(s *Sample) {
			s.Left = -12 * day
			s.differs(domaincheck.Failed, domaincheck.NotExpired)
		}),
		base("yunshan-global.com", "registered with a registrar that the ministry has not approved").with(func(s *Sample) {
			s.Registrar, s.RegistrarID = ForeignRegistrar, ForeignRegistrarID
			s.differs(domaincheck.Failed, domaincheck.RegistrarApproved)
		}),
		base("yunshan-xinzhan.cn", "verified since yesterday only").with(func(s *Sample) {
			s.Age, s.Left, s.Verified = 2*day, 363*day, day
			s.ExpectRetry = true
			s.differs(domaincheck.Failed, domaincheck.RealName)
		}),
		base("yunshan-weishiming.cn", "the holder is not verified yet").with(func(s *Sample) {
			s.RealName, s.Verified, s.Age, s.Left = domaincheck.RealNamePending, 0, 2*day, 363*day
			s.differs(domaincheck.Failed, domaincheck.RealName)
		}),
		base("yunshan-zanting.com", "on hold at the registry").with(func(s *Sample) {
			s.RealName, s.Verified, s.Statuses = domaincheck.RealNamePending, 0, []string{"serverHold"}
			s.differs(domaincheck.Failed, domaincheck.RealName)
		}),
		base("yunshan-meiyou.cn", "not registered").with(func(s *Sample) {
			s.Absent = true
			s.differs(domaincheck.Failed, domaincheck.Registered)
			s.differs(domaincheck.NotApplicable, domaincheck.RegistrarApproved, domaincheck.NotExpired,
				domaincheck.RealName, domaincheck.OwnerMatches)
		}),
	}
}
