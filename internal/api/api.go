package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/config"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/inventory"
	"github.com/openbeian/beian/internal/notify"
	"github.com/openbeian/beian/internal/notify/inbox"
	"github.com/openbeian/beian/internal/precheck"
	"github.com/openbeian/beian/internal/registry"
	"github.com/openbeian/beian/internal/rulebook"
)

// prefix is where all operations are.
const prefix = "/api/v1"

// Deps is what the API stands on. Fields without a remark must be set.
type Deps struct {
	Log          *slog.Logger
	Clock        clock.Clock
	Messages     *i18n.Catalogue
	Accounts     *accounts.Accounts
	Cases        *casework.Cases
	Inventory    *inventory.Inventory
	Notify       *notify.Service
	DomainChecks *saved.Checks
	Prechecks    *precheck.Prechecks
	Registry     *registry.Register
	// Channels are all channels to authorities.
	Channels *authority.Channels
	// HealthOnly serves nothing but health and metrics: for processes that run
	// jobs alone.
	HealthOnly bool
	// Rules has the rules in force and their editions.
	Rules *rulebook.Book
	// Inbox is the demo's box for mail and messages; nil outside the demo.
	Inbox *inbox.Inbox
	// Provider is the access provider as visitors see it.
	Provider config.Provider
	Demo     bool
	// Sessions keeps sessions; it hashes their tokens itself.
	Sessions scs.Store
	// Ready reports why this process cannot serve yet, nil when it can.
	Ready func(context.Context) error
	// Console is the built web console with its index.html; nil for none.
	Console fs.FS
	// Metrics is where request metrics are registered and what /metrics shows.
	Metrics *prometheus.Registry
	// BaseURL is the public address; with https, cookies are sent over it only.
	BaseURL string
	// SessionLife and SessionIdle end a session after its beginning and after
	// its last request.
	SessionLife, SessionIdle time.Duration
	// Proxies are the networks whose X-Forwarded-For is believed; may be empty.
	Proxies []netip.Prefix
	// AnonymousPerMinute bounds the calls of one address without a session in
	// this process; 0 means 600.
	AnonymousPerMinute int

	sessions *scs.SessionManager
}

// resources register their operations. A new resource adds its line here.
var resources = []func(huma.API, *Deps){
	registerVerificationCodes,
	registerAccounts,
	registerSession,
	registerPasswords,
	registerMe,
	registerSite,
	registerForms,
	registerResources,
	registerCodes,
	registerOrders,
	registerOrderRules,
	registerMaterials,
	registerReview,
	registerNotices,
	registerDomainChecks,
	registerPrechecks,
	registerFilings,
	registerAuthority,
	registerAuthorityChannels,
	registerAuthorityEvents,
	registerRules,
	registerReferenceFiles,
}

// New makes the handler of everything that this process serves over HTTP.
func New(d Deps) (http.Handler, error) {
	if d.Metrics == nil {
		d.Metrics = prometheus.NewRegistry()
	}
	if d.AnonymousPerMinute == 0 {
		d.AnonymousPerMinute = 600
	}
	d.sessions = newSessions(&d)
	routes := http.NewServeMux()
	document, err := register(routes, &d)
	if err != nil {
		return nil, err
	}
	crossOrigin, err := newCrossOrigin(d.BaseURL)
	if err != nil {
		return nil, err
	}
	calls := d.withSession(d.withActor(d.limitAnonymous(notePattern(routes))))
	mux := http.NewServeMux()
	d.serveHealth(mux)
	if d.HealthOnly {
		return d.frame(notePattern(mux)), nil
	}
	mux.Handle("/api/", crossOrigin.Handler(calls))
	serveReference(mux, document)
	if d.Console != nil {
		console, err := consoleHandler(d.Console)
		if err != nil {
			return nil, err
		}
		mux.Handle("/", console)
	}
	return d.frame(notePattern(mux)), nil
}

// register adds all operations to the routes and gives the OpenAPI document.
func register(routes *http.ServeMux, d *Deps) ([]byte, error) {
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{Title: "OpenBeian", Version: "1",
				Description: "Website filing (ICP 备案) at an access provider. Refusals are problem documents (RFC 9457); " +
					"`code` is stable, `detail` and `message` are texts in the language of Accept-Language (zh-CN or en)."},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{"session": {Type: "apiKey", In: "cookie", Name: sessionCookie,
					Description: "Set by signing in."}},
			},
			Security: []map[string][]string{{"session": {}}},
		},
		Formats:       map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{retryAfterHeader},
	}
	api := humago.New(routes, config)
	v1 := huma.NewGroup(api, prefix)
	v1.UseMiddleware(needSession)
	for _, add := range resources {
		add(v1, d)
	}
	routes.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { writeProblem(w, r, errNoSuchPath) })
	document, err := json.MarshalIndent(api.OpenAPI(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write OpenAPI document: %w", err)
	}
	return append(document, '\n'), nil
}

// Document gives the OpenAPI document, as it is committed in openapi.json.
func Document() ([]byte, error) {
	return register(http.NewServeMux(), &Deps{Cases: &casework.Cases{}, Inbox: &inbox.Inbox{}})
}

// noSession marks operations that need none.
var noSession = []map[string][]string{}

// needSession refuses calls without a session before their input is read, so
// that strangers learn nothing of it and cost nothing.
func needSession(ctx huma.Context, next func(huma.Context)) {
	open := ctx.Operation().Security != nil && len(ctx.Operation().Security) == 0
	if open || infoFrom(ctx.Context()).account != nil {
		next(ctx)
		return
	}
	r, w := humago.Unwrap(ctx)
	writeProblem(w, r, icp.ErrSignInFirst)
}
