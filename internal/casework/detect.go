package casework

import "github.com/openbeian/beian/internal/icp"

// TypeFacts are what the filing type (备案类型) is worked out from.
type TypeFacts struct {
	Subject     Standing // what the authority knows of the certificate
	SubjectHere bool     // the subject is filed through us
	DomainFiled bool     // the authority says that the domain has a licence number
}

// DetectType works out the type; reason is the message key of why. It refuses
// with icp.NotNow where the way leads elsewhere, and says where.
//
//	subject filed | filed here | domain filed | type
//	no            | no         | no           | first filing (not offered yet)
//	any           | any        | yes          | add access (not offered yet)
//	yes           | no         | no           | add website, filed elsewhere
//	any           | yes        | no           | add website, filed here
//	unknown       | no         | no           | add website, to be confirmed by the password check
func DetectType(f TypeFacts) (t icp.OrderType, reason string, err error) {
	switch {
	case f.DomainFiled:
		return "", "", icp.E(icp.NotNow, "type.add_access_not_offered")
	case f.SubjectHere:
		return icp.AddWebsite, "type.add_website_here", nil
	case f.Subject == StandingFiled:
		return icp.AddWebsite, "type.add_website_elsewhere", nil
	case f.Subject == StandingUnknown:
		return icp.AddWebsite, "type.add_website_unconfirmed", nil
	default:
		return "", "", icp.E(icp.NotNow, "type.first_filing_not_offered")
	}
}
