package api

import (
	"cmp"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openbeian/beian/internal/access"
)

// staffOnly has the operations that no applicant may call, with a role that may.
var staffOnly = map[string]string{
	"list-accounts": access.Operator, "add-staff": access.Admin, "set-roles": access.Admin, "set-disabled": access.Admin,
	"confirm-real-name": access.Operator,
	"list-queue":        access.Reviewer, "count-queue": access.Reviewer, "claim-order": access.Reviewer, "release-order": access.Reviewer,
	"record-call": access.Reviewer, "add-note": access.Reviewer, "approve-order": access.Reviewer, "return-order": access.Reviewer,
	"return-unreached-order": access.Reviewer, "get-order-rules": access.Reviewer, "reject-order": access.Reviewer, "resend-order": access.Reviewer,
	"put-server": access.Operator, "import-servers": access.Operator, "list-channels": access.Operator, "switch-channel": access.Operator,
	"list-consent-texts": access.Operator, "publish-consent-text": access.Operator,
	"get-rules-folder": access.Operator, "publish-rules": access.Operator, "replay-rules": access.Operator,
	"list-sent-notices": access.Operator, "retry-notice": access.Operator,
	"list-authority-channels": access.Operator, "get-authority-channel": access.Operator, "list-uploads": access.Operator, "get-upload": access.Operator,
	"poll-channel": access.Operator, "list-authority-calls": access.Operator, "look-at-file": access.Operator, "reveal-file": access.Operator,
	"reveal-file-picture": access.Operator, "ask-file-bytes": access.Operator, "get-file-bytes": access.Operator, "ask-export": access.Operator, "get-export": access.Operator,
	"list-reference-files": access.Operator, "get-reference-file": access.Admin, "put-reference-file": access.Operator, "reset-reference-file": access.Admin,
	"list-downloads": access.Operator, "get-download": access.Operator, "pause-channel": access.Operator,
	"add-channel": access.Operator, "get-channel-settings": access.Operator, "put-channel-settings": access.Operator, "remove-channel": access.Operator, "test-channel": access.Operator,
	"resume-channel": access.Operator, "retry-channel": access.Operator, "resync-channel": access.Operator, "give-up-upload": access.Operator, "retry-download": access.Operator, "discard-download": access.Operator,
	"list-authority-events": access.Operator, "count-authority-events": access.Operator, "get-authority-event": access.Operator, "reveal-authority-event": access.Operator,
	"close-authority-event": access.Operator, "answer-authority-event": access.Operator, "get-download-import": access.Operator,
}

// request is a call of an operation with input that passes the form.
type request struct {
	id, route, method, path, body, kind string
	versioned, open                     bool
}

// every gives a good request of each operation; ids fill the path.
func every(t *testing.T, ids map[string]string) []request {
	t.Helper()
	doc := parsed(t)
	ops := operations(t)
	var out []request
	for _, route := range slices.Sorted(maps.Keys(ops)) {
		op := ops[route]
		method, path, _ := strings.Cut(route, " ")
		r := request{id: op.OperationID, route: route, method: method, kind: "application/json",
			versioned: op.reads("header", "If-Match"), open: op.Security != nil && len(op.Security) == 0}
		r.path = inPath.ReplaceAllStringFunc(path, func(name string) string {
			if id := ids[path+name]; id != "" {
				return id
			}
			if id := ids[name]; id != "" {
				return id
			}
			return cmp.Or(map[string]string{"{channel}": "main", "{side}": "uploads"}[name], "x")
		})
		if op.RequestBody != nil {
			content, isJSON := op.RequestBody.Content["application/json"]
			if r.body = "file"; isJSON {
				r.body = text(t, doc.sample(content.Schema))
			} else {
				r.kind = slices.Sorted(maps.Keys(op.RequestBody.Content))[0]
			}
		}
		switch op.OperationID {
		case "get-file-bytes", "get-export":
			r.path += "?ticket=x"
		case "ask-export":
			r.body = `{"uploads":["x"]}`
		case "get-form":
			r.path = prefix + "/forms/add_website"
		case "add-material":
			r.path += "?kind=subject_certificate"
		case "get-reference-file":
			r.path = prefix + "/reference/files/languages.json"
		case "reset-reference-file":
			r.path = prefix + "/reference/files/languages.json"
		case "put-reference-file":
			r.path, r.body = prefix+"/reference/files/languages.json", `{"table":"languages","source":"test","as_of":"2026-11-24","rows":[{"id":1,"zh":"a","en":"b"}]}`
		case "read-notices":
			r.body = `{"ids":["x"]}`
		case "import-servers":
			r.body = "external_id,account,name,region,mainland,public_ip,billing,bought_months,expires_at\na,li@example.com,c,d,yes,203.0.113.9,prepaid,12,2099-01-01\n"
		}
		out = append(out, r)
	}
	return out
}

func (c *client) send(r request, headers ...string) *http.Response {
	return c.do(r.method, r.path, r.body, append([]string{"Content-Type", r.kind}, headers...)...)
}

func TestEveryOperationNeedsASessionOrSaysSo(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, r := range every(t, nil) {
		if !r.open {
			p := refused(t, s.client().send(r), http.StatusUnauthorized, "sign_in")
			r.body = "{" // without a session nobody learns what is wrong with the body
			if again := refused(t, s.client().send(r), http.StatusUnauthorized, "sign_in"); p.Code != again.Code {
				t.Errorf("%s: %+v", r.route, again)
			}
		}
	}
}

func TestEveryOperationOfStaffRefusesApplicants(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	c := s.signedIn("li@example.com")
	left := maps.Clone(staffOnly)
	for _, r := range every(t, nil) {
		if staffOnly[r.id] == "" {
			if got := c.send(r, "If-Match", etag(1)); got.StatusCode == http.StatusForbidden {
				t.Errorf("%s refuses applicants and is not in the table", r.route)
			}
			if r.id == "sign-in" || r.id == "sign-out" {
				c = s.signedIn("li@example.com")
			}
			continue
		}
		delete(left, r.id)
		refused(t, c.send(r), http.StatusForbidden, "not_allowed") // before the version is asked for
	}
	if len(left) > 0 {
		t.Errorf("there are no operations %v", left)
	}
}

func TestEveryOperationOfACaseHidesItFromOthers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.unit("li@example.com")
	s.account("other@example.com")
	mine := s.signedIn("li@example.com").begin("yunshan-keji.cn")
	stranger, n := s.signedIn("other@example.com"), 0
	for _, r := range every(t, map[string]string{"{id}": string(mine.order.ID), "{website}": string(mine.order.Websites[0].ID)}) {
		if staffOnly[r.id] != "" || !strings.Contains(r.path, string(mine.order.ID)) || !strings.Contains(r.path, "/orders/") {
			continue
		}
		n++
		if p := refused(t, stranger.send(r, "If-Match", mine.tag), http.StatusNotFound, "not_found"); p.Status != http.StatusNotFound {
			t.Errorf("%s tells of it", r.route)
		}
	}
	if n < 12 {
		t.Errorf("only %d operations were tried", n)
	}
	if got := read[OrderView](t, mine.do("GET", mine.path(""), "")); got.Version != mine.order.Version {
		t.Errorf("a stranger changed it: version %d", got.Version)
	}
}

func TestEveryChangeUnderAVersionAsksForIt(t *testing.T) {
	t.Parallel()
	s := newService(t)
	a := s.unit("li@example.com")
	for role, login := range map[string]string{access.Reviewer: "shen@example.com", access.Operator: "yun@example.com", access.Admin: "guan@example.com"} {
		s.account(login, role)
	}
	clients := map[string]*client{"": s.signedIn("li@example.com"), access.Reviewer: s.signedIn("shen@example.com"),
		access.Operator: s.signedIn("yun@example.com"), access.Admin: s.signedIn("guan@example.com")}
	mine := clients[""].begin("yunshan-keji.cn")
	code := clients[""].do("POST", prefix+"/authorization-codes", text(t, map[string]any{"account": "li@example.com", "server": s.server(clients[""])}))
	made := read[CodeView](t, code)
	if code.StatusCode != http.StatusCreated || code.Header.Get("ETag") != etag(made.Version) {
		t.Fatalf("code: %d %+v", code.StatusCode, made)
	}
	ids := map[string]string{"{id}": string(mine.order.ID), "{website}": string(mine.order.Websites[0].ID),
		prefix + "/authorization-codes/{id}{id}": string(made.ID), "{channel}": s.channel(), prefix + "/authority/events/{id}/close{id}": s.event().ID}
	for _, path := range []string{"roles", "disabled", "real-name/confirm"} {
		ids[prefix+"/accounts/{id}/"+path+"{id}"] = string(a.ID)
	}
	n := 0
	for _, r := range every(t, ids) {
		if !r.versioned {
			continue
		}
		n++
		c := clients[staffOnly[r.id]]
		for tag, want := range map[string]struct {
			status int
			code   string
		}{"": {http.StatusPreconditionRequired, "if_match.missing"}, etag(99): {http.StatusPreconditionFailed, "stale_version"},
			`"v0"`: {http.StatusPreconditionFailed, "stale_version"}, `"x"`: {http.StatusPreconditionFailed, "stale_version"}} {
			if r.id == "switch-channel" && tag == `"v0"` {
				continue // the switches begin with version 0
			}
			if p := refused(t, c.send(r, "If-Match", tag), want.status, want.code); p.Code != want.code {
				t.Errorf("%s with If-Match %s", r.route, tag)
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d operations ask for a version", n)
	}
}

func (s *service) server(c *client) string {
	return string(read[ChoicesView](s.t, c.do("GET", prefix+"/resources", "")).Servers[0].ID)
}

// needNoStore answer from tables, or refuse a ticket that is none.
var needNoStore = []string{"get-form", "get-file-bytes", "get-export", "list-regions", "get-tables", "list-reference-files", "get-reference-file",
	"list-rules", "get-rule", "compare-rules", "list-rule-provinces", "get-rule-choices"}

func TestEveryOperationKeepsFaultsOfTheStoreToItself(t *testing.T) {
	t.Parallel()
	s, broken := newService(t), newService(t)
	other := broken.channel()
	if err := broken.store.Close(); err != nil {
		t.Fatal(err)
	}
	// Accounts and sessions stay well, so that the fault meets the handlers.
	d, b := s.deps, broken.deps
	d.Metrics, d.Cases, d.Channels, d.Inventory, d.Registry = nil, b.Cases, b.Channels, b.Inventory, b.Registry
	d.Channels = b.Channels
	d.Prechecks = b.Prechecks
	d.DomainChecks, d.Notify, d.Inbox, d.Rules = b.DomainChecks, b.Notify, b.Inbox, b.Rules
	h, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	s.unit("li@example.com")
	s.account("all@example.com", access.Roles()...)
	applicant, staff := s.signedIn("li@example.com"), s.signedIn("all@example.com")
	s.Handler = h
	n := 0
	for _, r := range every(t, map[string]string{channelsPath + "/{channel}{channel}": other, channelsPath + "/{channel}/settings{channel}": other}) {
		if slices.Contains(needNoStore, r.id) || ofAccounts(r) {
			continue
		}
		n++
		c := applicant
		if staffOnly[r.id] != "" {
			c = staff
		}
		got := c.send(r, "If-Match", etag(1))
		raw, err := io.ReadAll(got.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got.StatusCode != http.StatusInternalServerError && got.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("%s: %d %s", r.route, got.StatusCode, raw)
		}
		if strings.Contains(string(raw), "sql") || strings.Contains(string(raw), "closed") {
			t.Errorf("%s tells %s", r.route, raw)
		}
	}
	if n < 40 {
		t.Errorf("only %d operations were tried", n)
	}
	if !strings.Contains(s.log.String(), "database is closed") {
		t.Error("the log does not tell the cause")
	}
}

// ofAccounts reports whether an operation is about accounts and sessions.
func ofAccounts(r request) bool {
	for _, below := range []string{"/me", "/session", "/accounts", "/passwords", "/verification-codes"} {
		if rest, ok := strings.CutPrefix(r.path, prefix+below); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}
