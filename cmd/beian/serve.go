package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/openbeian/beian/internal/api"
	"github.com/openbeian/beian/internal/config"
	"github.com/openbeian/beian/internal/demo"
	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/web"
)

// grace is how long a stopping process finishes requests, and then jobs.
const grace = 20 * time.Second

// serve runs the platform until ctx ends, then finishes what is under way.
func serve(ctx context.Context, c *call) (err error) {
	if problems := c.cfg.Check(); len(problems) > 0 {
		return config.Problems(problems)
	}
	if c.sampleOrders && !c.cfg.Demo {
		return errors.New("--sample-orders belongs to --demo: sample orders never go where real ones are")
	}
	a, err := newApp(ctx, c.cfg, c.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if c.cfg.Demo {
		if err := a.seedDemo(ctx); err != nil {
			return fmt.Errorf("seed demo: %w", err)
		}
	}
	runner, err := a.runner()
	if err != nil {
		return err
	}
	server, listener, err := a.listen(ctx)
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	if server != nil {
		go func() { failed <- server.Serve(listener) }()
	}
	if runner != nil {
		// The jobs' context is not ctx: a stop lets running jobs finish.
		if err := runner.Start(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	defer a.follow(ctx)()
	if c.sampleOrders {
		defer a.addSampleOrders(ctx)()
	}
	a.announce(c, listener)
	select {
	case <-ctx.Done():
		c.log.Info("stopping: finishing requests and jobs")
	case err = <-failed:
	}
	return errors.Join(err, stop(server, runner))
}

// follow takes up new editions of the rules and changed channels until the
// function that it gives is called, which waits for the end.
func (a *app) follow(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var following sync.WaitGroup
	following.Go(func() { a.book.Follow(ctx) })
	following.Go(func() { a.channels.Follow(ctx) })
	return func() {
		cancel()
		following.Wait()
	}
}

// stopper is what finishes its work when asked.
type stopper interface {
	Stop(ctx context.Context) error
}

// stop takes no more requests, finishes those under way, then the jobs.
func stop[R interface {
	comparable
	stopper
}](server *http.Server, runner R) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	var err error
	if server != nil {
		err = server.Shutdown(ctx)
	}
	var none R
	if runner != none {
		err = errors.Join(err, runner.Stop(ctx))
	}
	return err
}

// listen makes the HTTP server; a process without the API role serves health
// and metrics only.
func (a *app) listen(ctx context.Context) (*http.Server, net.Listener, error) {
	handler, err := a.handler()
	if err != nil {
		return nil, nil, err
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", a.cfg.Addr)
	if err != nil {
		return nil, nil, fmt.Errorf("listen on %s (BEIAN_ADDR chooses another): %w", a.cfg.Addr, err)
	}
	return &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute},
		listener, nil
}

// handler is everything that this process answers.
func (a *app) handler() (http.Handler, error) {
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	metrics.MustRegister(a.ruleMetrics()...)
	metrics.MustRegister(a.referenceMetrics()...)
	metrics.MustRegister(a.channels.Metrics)
	deps := api.Deps{Log: a.log, Clock: a.clock, Messages: i18n.Messages(), Accounts: a.accounts, Cases: a.cases, Inventory: a.inventory,
		Notify: a.notify, Inbox: a.inbox, DomainChecks: a.checks, Prechecks: a.prechecks, Registry: a.registry, Rules: a.book, Channels: a.channels, Provider: a.cfg.Provider,
		Demo: a.cfg.Demo, Sessions: a.store.Sessions(a.clock), Ready: a.store.Ping, Metrics: metrics, BaseURL: a.cfg.BaseURL,
		SessionLife: a.cfg.Accounts.SessionLife, SessionIdle: a.cfg.Accounts.SessionIdle, HealthOnly: !a.cfg.Runs(config.RoleAPI)}
	if a.cfg.Runs(config.RoleAPI) {
		deps.Console = web.Console()
	}
	h, err := api.New(deps)
	if err != nil {
		return nil, err
	}
	return a.outside.beside(h), nil
}

// ruleMetrics tell which edition of the rules this node judges by.
func (a *app) ruleMetrics() []prometheus.Collector {
	return []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "beian_rules_edition", Help: "Number of the edition of the rules in force on this node."},
			func() float64 { return float64(a.book.Seq()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "beian_rules_behind", Help: "1 while this node cannot load the newest edition of the rules."},
			func() float64 {
				if a.book.Behind() != nil {
					return 1
				}
				return 0
			}),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "beian_rules_load_failures_total", Help: "Editions of the rules that this node could not load."},
			func() float64 { return float64(a.book.Failures()) }),
	}
}

// announce says where the platform is and, in the demo, who can sign in.
func (a *app) announce(c *call, l net.Listener) {
	a.log.Info("ready", "addr", l.Addr().String(), "roles", a.cfg.Roles, "database", a.store.EngineName())
	if !a.cfg.Demo {
		return
	}
	sampleOrders := ""
	if c.sampleOrders {
		sampleOrders = "  sample orders of other applicants appear within a minute; one of them is " + demo.Reader + "\n"
	}
	say(c.out, `
OpenBeian demo  (示例数据，请勿录入真实信息 / sample data, enter nothing real)

  console    %s
  inbox      %s      (mail and text messages)
  authority  %s      (approve or reject what was filed)
  API        %s

  log in as                      password: %s
%s
  filing password of both applicants (备案密码): %s
  licence numbers (主体备案号): unit %s, individual %s
  domains to try: yunshan-keji.cn, yunshan-benzhan.cn, linzhixia.com (individual), yunshan-guoqi.cn (expired), …
%s
Stop with Ctrl-C.
`, a.address("/"), a.address("/inbox"), a.address("/sim/"), a.address("/docs"), demoPassword, demoLogins(), demoFilingPassword, unitLicence, individualLicence, sampleOrders)
}
