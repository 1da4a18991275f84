package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/openbeian/beian/e2e/drive"
	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/clock"
	"github.com/openbeian/beian/internal/domaincheck"
	"github.com/openbeian/beian/internal/domaincheck/saved"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/inventory"
	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/seal"
	"github.com/openbeian/beian/internal/store"
	"github.com/openbeian/beian/internal/store/postgres"
	"github.com/openbeian/beian/internal/store/sqlite"
)

// password signs everybody in.
const password = "beian-bench-2026"

// world is an installation under load with all that stands around it.
type world struct {
	dir       string
	config    string // the settings file
	server    *drive.Server
	authority *authority
	postgres  *cluster // nil on SQLite
	clock     clock.Clock
	transport *http.Transport
	pictures  [][]byte
	units     []unit          // one for each lifecycle
	next      int             // the first unit that was not used
	reviewers []*drive.Client // one for each client
}

// unit is an applicant with what one lifecycle needs: a filing elsewhere, a
// server, a domain that was checked, a session.
type unit struct {
	login, name, certificate, licence string
	server                            icp.ServerID
	domain, check                     string
	client                            *drive.Client
}

// prepare makes the folder, the authority, the database and everybody in it.
func prepare(ctx context.Context, s settings, engine string, skip bool, dir string) (_ *world, err error) {
	w := &world{dir: dir, clock: clock.System{}, config: filepath.Join(dir, "beian.yaml"), transport: http.DefaultTransport.(*http.Transport).Clone()}
	w.transport.MaxIdleConnsPerHost, w.transport.MaxIdleConns = 2*s.clients, 2*s.clients
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	if w.authority, err = startAuthority(w.clock); err != nil {
		return nil, err
	}
	database := ""
	if engine == "postgres" {
		if w.postgres, err = startCluster(ctx, filepath.Join(dir, "postgres")); err != nil {
			return nil, fmt.Errorf("start PostgreSQL: %w", err)
		}
		database = w.postgres.url
	}
	if err := os.WriteFile(w.config, []byte(w.settings(database, skip)), 0o600); err != nil {
		return nil, fmt.Errorf("write settings: %w", err)
	}
	st, err := w.open(ctx, database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := st.Migrate(ctx); err != nil {
		return nil, err
	}
	return w, w.populate(ctx, st, 1+s.clients+s.lifecycles, s.clients)
}

// settings is the server's file. Uploads are as they come from the box, unless
// skip leaves the whole decode out.
func (w *world) settings(database string, skip bool) string {
	out := fmt.Sprintf(`data: %s
log: {level: warn}
provider: {name_zh: 示例云}
review: {call_required: false}
uploads: {skip_decode: %t}
authority:
  status: live
  upload_url: %s
  query_url: %s
  verify_url: %s
  isp_id: %d
  user: %s
  password: %s
  poll_interval: 1s
  batch_age: 0s
`, w.dir, skip, w.authority.uploadURL, w.authority.queryURL, w.authority.verifyURL, providerID, providerUser, providerPassword)
	if database != "" {
		out += "database: " + database + "\n"
	}
	return out
}

func (w *world) open(ctx context.Context, database string) (*store.Store, error) {
	box, err := seal.Create(filepath.Join(w.dir, "beian.key"))
	if err != nil {
		return nil, err
	}
	if database != "" {
		return postgres.Open(ctx, database, box)
	}
	return sqlite.Open(ctx, filepath.Join(w.dir, "beian.db"), box)
}

// startServer runs the binary on the world's folder.
func (w *world) startServer(ctx context.Context, binary string) (err error) {
	env := []string{}
	if w.server == nil {
		w.server, err = drive.Start(context.WithoutCancel(ctx), binary, env, "serve", "--config", w.config)
		return err
	}
	w.transport.CloseIdleConnections()
	w.server, err = drive.StartAt(context.WithoutCancel(ctx), strings.TrimPrefix(w.server.URL, "http://"), binary, env, "serve", "--config", w.config)
	return err
}

func (w *world) close() error {
	var err error
	if w.server != nil {
		w.server.Stop()
	}
	if w.postgres != nil {
		err = w.postgres.close()
	}
	if w.authority != nil {
		err = errors.Join(err, w.authority.close())
	}
	return err
}

// populate makes the units and the reviewers.
func (w *world) populate(ctx context.Context, st *store.Store, units, reviewers int) error {
	people := &accounts.Accounts{Store: st, Clock: w.clock, Tables: refdata.Builtin(), Terms: accounts.DefaultTerms()}
	first, err := people.AddStaff(ctx, icp.Actor{Party: icp.System}, accounts.NewStaff{Login: "reviewer0@example.com", Roles: []string{access.Reviewer}, Password: password, Lang: "zh-CN"})
	if err != nil {
		return fmt.Errorf("add reviewer: %w", err)
	}
	checks, err := w.checks(st)
	if err != nil {
		return err
	}
	inv := inventory.New(st, w.clock, inventory.Defaults())
	for i := 1; i < reviewers; i++ {
		if err := w.insert(ctx, st, store.Account{Mail: fmt.Sprintf("reviewer%d@example.com", i), PasswordHash: first.PasswordHash, Roles: first.Roles}); err != nil {
			return fmt.Errorf("add reviewer: %w", err)
		}
	}
	for i := range units {
		u, err := w.unit(ctx, st, inv, checks, first.PasswordHash, i)
		if err != nil {
			return fmt.Errorf("unit %d: %w", i, err)
		}
		w.units = append(w.units, u)
	}
	return nil
}

func (w *world) insert(ctx context.Context, st *store.Store, a store.Account) error {
	if a.ID == "" {
		a.ID = icp.AccountID(icp.NewID(w.clock.Now()))
	}
	a.Lang, a.CreatedAt = "zh-CN", w.clock.Now()
	return st.Update(ctx, func(tx *store.Tx) error { return tx.InsertAccount(ctx, &a) })
}

// unit makes the i-th unit: its account, its filing at the authority, its
// server and its checked domain.
func (w *world) unit(ctx context.Context, st *store.Store, inv *inventory.Inventory, checks *saved.Checks, hash string, i int) (unit, error) {
	u := unit{login: fmt.Sprintf("unit%d@example.com", i), name: unitName(i), certificate: creditCode(i),
		licence: fmt.Sprintf("京ICP备%d%06d号", 2021, i+1), domain: fmt.Sprintf("bench-site%d.cn", i)}
	id, now := icp.AccountID(icp.NewID(w.clock.Now())), w.clock.Now()
	if err := w.insert(ctx, st, store.Account{ID: id, Mail: u.login, PasswordHash: hash, Name: store.RealName{Kind: accounts.Unit, Name: u.name,
		CertificateType: icp.CertBusinessLicence, CertificateNumber: u.certificate, At: now.Add(-72 * time.Hour)}}); err != nil {
		return u, err
	}
	if err := w.authority.file(u); err != nil {
		return u, err
	}
	server, _, err := inv.Put(ctx, icp.Actor{Party: icp.Provider, Roles: []string{access.Operator}}, inventory.ServerInput{ExternalID: fmt.Sprintf("ins-%d", i),
		Account: string(id), Name: "官网服务器", Region: "ap-beijing", Mainland: true, PublicIP: fmt.Sprintf("203.0.113.%d", 1+i%254),
		Billing: inventory.Prepaid, BoughtMonths: 12, ExpiresAt: now.Add(365 * 24 * time.Hour)})
	if err != nil {
		return u, err
	}
	u.server = server.ID
	check, err := checks.Run(ctx, icp.Actor{Account: id, Party: icp.Applicant}, saved.Input{Domain: u.domain, Purpose: domaincheck.NewSite})
	if err != nil {
		return u, err
	}
	if !check.Fileable() {
		return u, fmt.Errorf("domain %s is not fileable: %+v", u.domain, check.Result.Checks)
	}
	u.check = check.ID
	return u, nil
}

// checks runs real domain checks over a registry that knows every domain.
func (w *world) checks(st *store.Store) (*saved.Checks, error) {
	lists := saved.Lists{Tables: refdata.Builtin()}
	checker, err := domaincheck.NewChecker(domaincheck.Options{Source: registry{w.clock}, TLDs: lists, Registrars: lists,
		Calendar: refdata.Builtin().Calendar().Known(), Orders: saved.Orders{Store: st}, Clock: w.clock})
	if err != nil {
		return nil, fmt.Errorf("make domain checker: %w", err)
	}
	return saved.New(saved.Options{Store: st, Checker: checker, Clock: w.clock}), nil
}

// registry says of every domain of the bench that its unit has held it for a year.
type registry struct{ clock clock.Clock }

func (r registry) Lookup(_ context.Context, n domaincheck.Name) (domaincheck.Facts, error) {
	var i int
	if _, err := fmt.Sscanf(n.ASCII, "bench-site%d.cn", &i); err != nil {
		return domaincheck.Facts{}, fmt.Errorf("read domain: %w", err)
	}
	now := r.clock.Now()
	return domaincheck.Facts{Domain: n.ASCII, Registrar: "示例云", Created: now.AddDate(-1, 0, 0), Expires: now.AddDate(1, 0, 0), RegistrantOrg: unitName(i),
		RealName: domaincheck.RealNameVerified, RealNameSince: now.AddDate(-1, 0, 0), Statuses: []string{"ok"}, Origin: domaincheck.FromRDAP, FetchedAt: now}, nil
}

// signIn opens the sessions: one for each lifecycle and each reviewer.
func (w *world) signIn(ctx context.Context, reviewers int) error {
	for i := range reviewers {
		c, err := w.session(ctx, fmt.Sprintf("reviewer%d@example.com", i))
		if err != nil {
			return err
		}
		w.reviewers = append(w.reviewers, c)
	}
	for i := range w.units {
		var err error
		if w.units[i].client, err = w.session(ctx, w.units[i].login); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) session(ctx context.Context, login string) (*drive.Client, error) {
	c, err := drive.NewClient(w.server.URL)
	if err != nil {
		return nil, err
	}
	c.HTTP.Transport = w.transport
	return c, c.SignIn(ctx, login, password)
}
