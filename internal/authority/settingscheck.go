package authority

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// channelID is the form of an id: it stands in addresses and in the names of
// alerts.
var channelID = regexp.MustCompile(`^[a-z][a-z0-9-]{1,31}$`)

// reservedID cannot be told from the page of a channel that is new.
const reservedID = "new"

// checker collects the faults of settings.
type checker struct{ faults []icp.FieldError }

func (k *checker) need(ok bool, pointer, code string) {
	if !ok {
		k.faults = append(k.faults, icp.FieldError{Pointer: pointer, Code: code})
	}
}

func (k *checker) between(n, least, most int64, pointer string) {
	if n < least || n > most {
		k.faults = append(k.faults, icp.FieldError{Pointer: pointer, Code: "channel.range",
			Params: map[string]string{"min": strconv.FormatInt(least, 10), "max": strconv.FormatInt(most, 10)}})
	}
}

// check gives the faults of settings with their secrets; pointers are those of
// the request that has both side by side.
func (s *ChannelSettings) check(secrets ChannelSecrets, tables *refdata.Tables) []icp.FieldError {
	k := &checker{}
	k.need(text(s.Name, 60), "/name", "channel.name")
	province, known := tables.Province(s.Province)
	k.need(known && province.Code == s.Province, "/province", "channel.province")
	k.faults = append(k.faults, s.Hours.check()...)
	k.between(int64(s.PollSeconds), 5, 3600, "/poll_seconds")
	k.between(int64(s.MaxRecords), 1, wire.MaxUploadRecords, "/max_records")
	k.between(int64(s.MaxMegabytes), 1, MostMegabytes, "/max_megabytes")
	k.between(int64(s.MaxAgeSeconds), 0, 86400, "/max_age_seconds")
	k.between(int64(s.KeepDays), LeastKeepDays, 3650, "/keep_days")
	k.between(int64(s.AccessMode), 0, 9999, "/access_mode")
	k.between(int64(s.Place), 0, 999_999, "/place")
	k.regions(s)
	k.queryKinds(s)
	return append(k.faults, s.checkConnection(secrets)...)
}

// checkConnection gives the faults of what a call needs.
func (s *ChannelSettings) checkConnection(secrets ChannelSecrets) []icp.FieldError {
	k := &checker{}
	k.addresses(s)
	k.need(s.ISPID > 0, "/isp_id", "channel.isp_id")
	k.need(text(s.User, 100), "/user", "channel.user")
	k.need(secrets.Password != "", "/password", "channel.password")
	k.need(!s.Profile.Encrypt || secrets.Key != "", "/key", "channel.key_needed")
	k.between(int64(s.TimeoutSeconds), 5, 600, "/timeout_seconds")
	if len(k.faults) > 0 {
		return k.faults
	}
	_, err := s.client(secrets)
	return profileFaults(err)
}

// text reports whether a text of one line is there and not too long.
func text(s string, most int) bool {
	return strings.TrimSpace(s) != "" && utf8.RuneCountInString(s) <= most && !strings.ContainsAny(s, "\r\n\t")
}

func (k *checker) addresses(s *ChannelSettings) {
	var server string
	for _, a := range []struct{ pointer, address string }{{"/upload_url", s.UploadURL}, {"/query_url", s.QueryURL}, {"/verify_url", s.VerifyURL}} {
		if a.address == "" && a.pointer != "/upload_url" {
			continue // the path of the specification on the same server
		}
		u, err := url.Parse(a.address)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" {
			k.need(false, a.pointer, "channel.address")
			continue
		}
		if server == "" {
			server = u.Scheme + "://" + u.Host
		}
		k.need(server == u.Scheme+"://"+u.Host, a.pointer, "channel.one_server")
	}
}

func (k *checker) regions(s *ChannelSettings) {
	for i, r := range s.Regions {
		k.need(text(r, 64) && !slices.Contains(s.Regions[:i], r), "/regions", "channel.regions")
	}
	k.need(len(s.Regions) <= 200, "/regions", "channel.regions")
	seen := map[string]bool{}
	for i, p := range s.Places {
		k.need(text(p.Region, 64) && !seen[p.Region] && p.Place > 0, "/places/"+strconv.Itoa(i), "channel.places")
		seen[p.Region] = true
	}
	k.need(len(s.Places) <= 200, "/places", "channel.places")
}

func (k *checker) queryKinds(s *ChannelSettings) {
	asked := map[int]bool{}
	for _, q := range s.Profile.QueryKinds {
		k.need(q.CertificateType > 0 && q.Kind >= 0 && !asked[q.CertificateType], "/profile/query_kinds", "channel.query_kinds")
		asked[q.CertificateType] = true
	}
}

// profileFaults gives the faults of a profile the pointers that they have among
// the settings.
func profileFaults(err error) []icp.FieldError {
	var e *icp.Error
	if err == nil || !errors.As(err, &e) {
		return nil
	}
	out := slices.Clone(e.Fields)
	for i, f := range out {
		switch {
		case f.Pointer == "/key" || f.Pointer == "/iv":
			out[i].Code = "channel.key"
		case strings.HasSuffix(f.Pointer, "_url"):
		case strings.HasSuffix(f.Pointer, "/parts"):
			op := strings.TrimSuffix(strings.TrimPrefix(f.Pointer, "/endpoints/"), "/parts")
			out[i] = icp.FieldError{Pointer: "/profile/parts/" + op, Code: "channel.parts"}
		case strings.HasSuffix(f.Pointer, "/namespace"):
			out[i].Pointer = "/profile/namespace"
		default:
			out[i].Pointer = "/profile" + f.Pointer
		}
	}
	return out
}

// host is the server of a channel's addresses.
func (s *ChannelSettings) host() string {
	u, err := url.Parse(s.UploadURL)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}
