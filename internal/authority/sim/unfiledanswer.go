package sim

import (
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
)

// unfiledAnswer is what a provider did about an unfiled website that it was told
// of (未备案处理结果, WBACLJG).
type unfiledAnswer struct{ wire.UnfiledResult }

// maxUnfiledResult bounds the ids of results until a table of them was sent: the
// ministry's own ids are known from its base codes only.
const maxUnfiledResult = 99

func takeUnfiledAnswers(u *wire.UploadICP) []taken {
	if u.UnfiledResults == nil {
		return nil
	}
	var out []taken
	for _, r := range u.UnfiledResults.Records {
		out = append(out, taken{request: &unfiledAnswer{r}})
	}
	return out
}

func unfiledKey(domain string, ip int64) string {
	return strings.ToLower(domain) + " " + wire.IPv4Text(ip)
}

func (a *unfiledAnswer) claims(int64) []claim { return nil }
func (a *unfiledAnswer) reviewed() []int64    { return nil }
func (a *unfiledAnswer) ref() string          { return a.Domain }

func (a *unfiledAnswer) about() (websites, domains []string) {
	return []string{wire.IPv4Text(a.IP)}, []string{a.Domain}
}

func (a *unfiledAnswer) check(s *Server, r *Record) []int64 {
	answered, listed := s.st.channel(r.ProviderID).Unfiled[unfiledKey(a.Domain, a.IP)]
	switch {
	case !listed:
		return []int64{dataNotYourUnfiled}
	case answered:
		return []int64{dataReported}
	}
	if _, sent := s.st.Codes["Wbacl_dms"]; sent {
		return s.lacks("Wbacl_dms", dataResultCode, a.Result)
	}
	if a.Result > maxUnfiledResult {
		return []int64{dataResultCode}
	}
	return nil
}

// approve takes the website off the list.
func (a *unfiledAnswer) approve(s *Server, r *Record, _ time.Time) wire.DownloadICP {
	s.st.channel(r.ProviderID).Unfiled[unfiledKey(a.Domain, a.IP)] = true
	return wire.DownloadICP{}
}
