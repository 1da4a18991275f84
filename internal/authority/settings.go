package authority

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
)

// ChannelSettings are what an operator sets of a channel, without its secrets.
// Zero numbers mean the default.
type ChannelSettings struct {
	Name     string `json:"name" example:"北京"`
	Province string `json:"province" example:"110000" doc:"GB/T 2260 code of the authority's province"`
	// The endpoints as the authority gave them out, on one server.
	UploadURL string `json:"upload_url" example:"http://192.0.2.1:8080/ISPWebService/upDownLoad?wsdl"`
	QueryURL  string `json:"query_url" example:"http://192.0.2.1:8080/BeianStatusWebService/queryBeianStatus?wsdl"`
	VerifyURL string `json:"verify_url" example:"http://192.0.2.1:8080/BeianStatusWebService/verifyBamm?wsdl"`
	ISPID     int64  `json:"isp_id" example:"4711" doc:"Number of the reporting unit (报备单位 id)"`
	User      string `json:"user" example:"cloud"`

	Profile ProfileSettings `json:"profile"`
	Hours   Hours           `json:"hours" doc:"Permitted hours; none means always"`

	PollSeconds    int `json:"poll_seconds" example:"60" doc:"Pause between two looks for downloads while nothing is waiting"`
	MaxRecords     int `json:"max_records" example:"1000" doc:"Records in one file"`
	MaxMegabytes   int `json:"max_megabytes" example:"48" doc:"Size of one file before it is zipped, in MB of 1,048,576 bytes"`
	MaxAgeSeconds  int `json:"max_age_seconds" example:"60" doc:"Longest wait of a ready order for others to share its file; 0 sends at once"`
	KeepDays       int `json:"keep_days" example:"100" doc:"Days for which the bytes of files are kept"`
	TimeoutSeconds int `json:"timeout_seconds" example:"60" doc:"Time after which a call counts as unanswered"`

	AccessMode int       `json:"access_mode" example:"0" doc:"Id of the way of access (Jrfs); 0 is that of cloud access"`
	Place      int       `json:"place" example:"0" doc:"Id of the place (Fbdd) of servers of which nothing better is known; 0 is that of Beijing"`
	Places     []PlaceOf `json:"places" doc:"Places by the inventory's names of regions"`
	Regions    []string  `json:"regions" example:"[\"ap-shanghai\"]" doc:"The inventory's regions whose orders go through this channel"`
	Default    bool      `json:"default" doc:"Takes the orders of all other regions"`
}

// PlaceOf is the place (Fbdd) of a region's servers.
type PlaceOf struct {
	Region string `json:"region" example:"ap-shanghai"`
	Place  int    `json:"place" example:"310000" minimum:"1"`
}

// ProfileSettings are the switches of wire.Profile; empty texts mean those of
// version 3.0.
type ProfileSettings struct {
	Version             string              `json:"version" example:"V.3.0"`
	Namespace           string              `json:"namespace" example:"http://webservice.isp.beian.miit.gov.cn/"`
	QueryNamespace      string              `json:"query_namespace" example:"http://webservice.status.beian.miit.gov.cn/" doc:"Of the status query, where it differs"`
	VerifyNamespace     string              `json:"verify_namespace" example:"http://webservice.status.beian.miit.gov.cn/" doc:"Of the password check, where it differs"`
	Style               string              `json:"style" enum:"document,rpc"`
	QualifiedParts      bool                `json:"qualified_parts"`
	Parts               map[string][]string `json:"parts" doc:"Names of the parameters of an operation, in the order of the specification"`
	Hash                string              `json:"hash" enum:"raw,hex"`
	CodePage            string              `json:"code_page" enum:"GBK,GB18030"`
	CharacterReferences bool                `json:"character_references"`
	WideCodes           bool                `json:"wide_codes"`
	Encrypt             bool                `json:"encrypt" doc:"Encrypt uploads with the key"`
	EntryName           string              `json:"entry_name" example:"beianinfo.xml"`
	UpperHex            bool                `json:"upper_hex"`
	PasswordForm        string              `json:"password_form" enum:"plain,md5hex"`
	QueryKinds          []QueryKindOf       `json:"query_kinds" doc:"Kinds of the status query for types of certificates that version 3.0 does not list"`
}

// QueryKindOf is the kind of isp_querybeianstatus for a type of certificate.
type QueryKindOf struct {
	CertificateType int `json:"certificate_type" example:"13" minimum:"1"`
	Kind            int `json:"kind" example:"13" minimum:"0"`
}

// ChannelSecrets are what a channel must never show again.
type ChannelSecrets struct {
	Password wire.Secret `json:"password"`
	Key      wire.Secret `json:"key"`
	IV       wire.Secret `json:"iv"`
}

// NewChannelSecrets takes secrets as they were typed; empty ones are not given.
func NewChannelSecrets(password, key, iv string) ChannelSecrets {
	return ChannelSecrets{Password: wire.Secret(password), Key: wire.Secret(key), IV: wire.Secret(iv)}
}

// over gives these secrets with those of an earlier save where none is given.
func (s ChannelSecrets) over(kept ChannelSecrets) ChannelSecrets {
	return ChannelSecrets{cmp.Or(s.Password, kept.Password), cmp.Or(s.Key, kept.Key), cmp.Or(s.IV, kept.IV)}
}

// Bounds and defaults of settings.
const (
	LeastKeepDays    = 92 // the authority may ask for what was sent in three months
	DefaultKeepDays  = 100
	MostMegabytes    = 50 // of the authority (code 18)
	defaultMegabytes = 48
	defaultAge       = time.Minute
	defaultPoll      = time.Minute
	defaultTimeout   = time.Minute
)

// DefaultSettings are those with which a new channel begins.
func DefaultSettings() ChannelSettings {
	p := wire.V30()
	return ChannelSettings{
		Profile: ProfileSettings{Version: p.Version, Namespace: p.Namespace, Style: string(p.Style), Parts: map[string][]string{}, Hash: string(p.Hash),
			CodePage: string(p.CodePage), EntryName: p.EntryName, PasswordForm: string(p.PasswordForm), QueryKinds: []QueryKindOf{}},
		Hours: Hours{}, Places: []PlaceOf{}, Regions: []string{},
		PollSeconds: int(defaultPoll.Seconds()), MaxRecords: wire.MaxUploadRecords, MaxMegabytes: defaultMegabytes, MaxAgeSeconds: int(defaultAge.Seconds()),
		KeepDays: DefaultKeepDays, TimeoutSeconds: int(defaultTimeout.Seconds()),
	}
}

// profile gives the wire's profile of the switches.
func (p ProfileSettings) profile(secrets ChannelSecrets) wire.Profile {
	out := wire.V30()
	out.Version, out.Namespace = cmp.Or(p.Version, out.Version), cmp.Or(p.Namespace, out.Namespace)
	out.Style, out.QualifiedParts = cmp.Or(wire.Style(p.Style), out.Style), p.QualifiedParts
	out.Hash, out.CodePage = cmp.Or(wire.HashText(p.Hash), out.Hash), cmp.Or(wire.CodePage(p.CodePage), out.CodePage)
	out.CharacterReferences, out.WideCodes, out.UpperHex = p.CharacterReferences, p.WideCodes, p.UpperHex
	out.EntryName, out.PasswordForm = cmp.Or(p.EntryName, out.EntryName), cmp.Or(wire.PasswordForm(p.PasswordForm), out.PasswordForm)
	out.Encrypt, out.Key, out.IV = p.Encrypt, secrets.Key, secrets.IV
	for _, k := range p.QueryKinds {
		if out.QueryKinds == nil {
			out.QueryKinds = map[int]wire.QueryKind{}
		}
		out.QueryKinds[k.CertificateType] = wire.QueryKind(k.Kind)
	}
	for op, end := range out.Endpoints {
		if parts := p.Parts[string(op)]; len(parts) > 0 {
			end.Parts = slices.Clone(parts)
		}
		switch op {
		case wire.OpQueryBeianStatus:
			end.Namespace = p.QueryNamespace
		case wire.OpVerifyBamm:
			end.Namespace = p.VerifyNamespace
		default:
		}
		out.Endpoints[op] = end
	}
	return out
}

// client makes the SOAP client of the settings.
func (s *ChannelSettings) client(secrets ChannelSecrets) (*soap.Client, error) {
	account := soap.Account{ProviderID: s.ISPID, User: s.User, Password: secrets.Password}
	timeout := cmp.Or(time.Duration(s.TimeoutSeconds)*time.Second, defaultTimeout)
	return Dial(Addresses{Upload: s.UploadURL, Query: s.QueryURL, Verify: s.VerifyURL}, account, s.Profile.profile(secrets), timeout)
}

// channel makes the channel of the settings.
func (s *ChannelSettings) channel(id string, secrets ChannelSecrets) (Channel, error) {
	client, err := s.client(secrets)
	if err != nil {
		return Channel{}, err
	}
	places := map[string]int{}
	for _, p := range s.Places {
		places[p.Region] = p.Place
	}
	return Channel{ID: id, Name: cmp.Or(s.Name, id), Client: client, Poll: time.Duration(s.PollSeconds) * time.Second, Province: s.Province, Hours: s.Hours,
		MaxRecords: s.MaxRecords, MaxBytes: s.MaxMegabytes << 20, MaxAge: time.Duration(s.MaxAgeSeconds) * time.Second,
		Keep: time.Duration(s.KeepDays) * 24 * time.Hour, AccessMode: s.AccessMode, Place: s.Place, Places: places}, nil
}

// clone copies what settings point to.
func (s ChannelSettings) clone() ChannelSettings {
	s.Hours, s.Places, s.Regions = slices.Clone(s.Hours), slices.Clone(s.Places), slices.Clone(s.Regions)
	s.Profile.Parts, s.Profile.QueryKinds = maps.Clone(s.Profile.Parts), slices.Clone(s.Profile.QueryKinds)
	return s
}
