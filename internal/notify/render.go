package notify

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/store"
)

// maxParam bounds a variable in characters; an opinion of the authority may be
// long, and its whole text is on the order's page.
const maxParam = 500

func isCode(kind string) bool { return strings.HasPrefix(kind, "code.") }

// message renders a row for its medium; ok is false when there is no text.
func (s *Service) message(n *store.Notice) (m Message, ok bool) {
	lang, key, params := i18n.Lang(n.Lang), "notice."+n.Kind, s.params(n)
	if !s.Texts.Has(key + ".sms") {
		return Message{}, false
	}
	m = Message{Ref: n.ID, Medium: Medium(n.Medium), Kind: n.Kind, To: n.Address, Lang: n.Lang, At: s.Clock.Now()}
	if m.Medium == SMS {
		m.Text = s.Texts.Text(lang, key+".sms", params)
		return m, true
	}
	footer := "notice.footer"
	if s.Provider.SupportPhone == "" {
		footer = "notice.footer_no_phone"
	}
	m.Subject = s.Texts.Text(lang, key+".mail.subject", params)
	m.Text = strings.Join([]string{
		s.Texts.Text(lang, "notice.greeting", nil),
		s.Texts.Text(lang, key+".mail.body", params),
		s.Texts.Text(lang, footer, params),
	}, "\n\n") + "\n"
	m.HTML = page(n.Lang, m.Text, params["link"])
	return m, true
}

// params are the variables of a row's text: its own, cleaned, and those of the
// installation.
func (s *Service) params(n *store.Notice) map[string]string {
	lang := i18n.Lang(n.Lang)
	text := func(key string, p map[string]string) string { return s.Texts.Text(lang, "notice."+key, p) }
	p := map[string]string{
		"opinion":      text("opinion_unknown", nil),
		"licence_no":   text("licence_unknown", nil),
		"numbers":      text("numbers_unknown", nil),
		"review_days":  strconv.Itoa(s.Terms.ReviewDays),
		"call_minutes": minutes(s.Terms.CallAgain),
		"idle_days":    strconv.Itoa(s.Terms.IdleDays),
		"draft_days":   strconv.Itoa(s.Terms.DraftDays),
		"minutes":      minutes(s.Terms.CodeLife),
		"phone":        s.Provider.SupportPhone,
		"provider":     s.providerName(lang),
	}
	if numbers := s.Provider.OutboundNumbers; len(numbers) > 0 {
		p["numbers"] = strings.Join(numbers, ", ")
	}
	for name, value := range n.Params {
		if value = clean(value); value != "" {
			p[name] = value
		}
	}
	p["order"], p["what"], p["link"] = string(n.Order), string(n.Order), s.BaseURL+"/sign-in"
	if n.Order != "" {
		p["link"] = s.BaseURL + "/orders/" + url.PathEscape(string(n.Order))
	}
	if domains := fewDomains(p["domains"], text); domains != "" {
		p["domains"] = domains
		p["what"] = text("what", map[string]string{"order": p["order"], "domains": domains})
	}
	return p
}

// fewDomains shortens a list of domains to what a line can hold.
func fewDomains(list string, text func(string, map[string]string) string) string {
	var domains []string
	for d := range strings.SplitSeq(list, ",") {
		if d = strings.TrimSpace(d); d != "" {
			domains = append(domains, d)
		}
	}
	if len(domains) > 2 {
		return text("domains_more", map[string]string{"first": domains[0], "count": strconv.Itoa(len(domains))})
	}
	return strings.Join(domains, ", ")
}

// providerName falls back to the other language, and then to the site's host.
func (s *Service) providerName(lang i18n.Lang) string {
	name, other := s.Provider.NameZH, s.Provider.NameEN
	if lang == i18n.English {
		name, other = other, name
	}
	if name = either(name, other); name != "" {
		return name
	}
	if u, err := url.Parse(s.BaseURL); err == nil {
		return u.Hostname()
	}
	return s.BaseURL
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d.Round(time.Minute) / time.Minute)) }

// clean brings a variable into one line without control characters, so that it
// can neither forge a header nor a paragraph.
func clean(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}), " ")
	if r := []rune(s); len(r) > maxParam {
		s = string(r[:maxParam-1]) + "…"
	}
	return s
}

// mailPage is the whole of a mail's HTML: paragraphs, and our own link as one.
var mailPage = template.Must(template.New("mail").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><title></title></head>
<body style="font-family:sans-serif;font-size:15px;line-height:1.7;color:#1f2329;max-width:36em">
{{range .Paragraphs}}<p>{{range $i, $line := .}}{{if $i}}<br>
{{end}}{{range $line}}{{if .Link}}<a href="{{.Text}}">{{.Text}}</a>{{else}}{{.Text}}{{end}}{{end}}{{end}}</p>
{{end}}</body></html>
`))

type span struct {
	Text string
	Link bool
}

// page makes the HTML alternative of a mail's text. Only our own link becomes
// one: an address in a variable stays text.
func page(lang, text, link string) string {
	var paragraphs [][][]span
	for p := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		var lines [][]span
		for line := range strings.SplitSeq(p, "\n") {
			var spans []span
			for i, part := range strings.Split(line, link) {
				if i > 0 {
					spans = append(spans, span{Text: link, Link: true})
				}
				if part != "" {
					spans = append(spans, span{Text: part})
				}
			}
			lines = append(lines, spans)
		}
		paragraphs = append(paragraphs, lines)
	}
	var b strings.Builder
	err := mailPage.Execute(&b, map[string]any{"Lang": lang, "Paragraphs": paragraphs})
	if err != nil {
		panic("notify: the mail page does not render: " + err.Error()) // the template is ours and total
	}
	return b.String()
}
