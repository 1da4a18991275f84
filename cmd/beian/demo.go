package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/accounts"
	registrysim "github.com/openbeian/beian/internal/domaincheck/sim"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/inventory"
	"github.com/openbeian/beian/internal/store"
)

// demoPassword signs everybody of the demonstration in.
const demoPassword = "beian-demo-2026"

// demoPerson is a sample account.
type demoPerson struct {
	login, mobile, about string
	roles                []string
	name                 store.RealName
}

// namedAt is when the applicants' real names were confirmed: three days ago, so
// that the individuals' wait is over.
func namedAt(now time.Time) time.Time { return now.Add(-72 * time.Hour) }

// demoPeople are the sample accounts.
func demoPeople(now time.Time) []demoPerson {
	named := namedAt(now)
	return []demoPerson{
		{login: "unit@example.com", mobile: "13800138000", about: "applicant: " + registrysim.Unit, name: store.RealName{Kind: accounts.Unit,
			Name: registrysim.Unit, CertificateType: 1, CertificateNumber: unitCertificate, At: named}},
		{login: "person@example.com", mobile: "13900139000", about: "applicant: " + registrysim.Individual, name: store.RealName{Kind: accounts.Individual,
			Name: registrysim.Individual, CertificateType: 2, CertificateNumber: individualCertificate, At: named}},
		{login: "reviewer@example.com", about: "reviews orders", roles: []string{access.Reviewer}},
		{login: "reviewer2@example.com", about: "a second reviewer", roles: []string{access.Reviewer}},
		{login: "operator@example.com", about: "inventory, channels, authority, notices", roles: []string{access.Operator}},
		{login: "admin@example.com", about: "accounts of staff", roles: []string{access.Admin}},
	}
}

func demoLogins() string {
	var b strings.Builder
	for _, p := range demoPeople(time.Time{}) {
		fmt.Fprintf(&b, "    %-26s %s\n", p.login, p.about)
	}
	return b.String()
}

// seedDemo adds the sample accounts and servers that are not there yet.
func (a *app) seedDemo(ctx context.Context) error {
	system := icp.Actor{Party: icp.System}
	now := a.clock.Now()
	for _, p := range demoPeople(now) {
		if err := a.seedPerson(ctx, system, p, now); err != nil {
			return fmt.Errorf("%s: %w", p.login, err)
		}
	}
	if err := a.confirmNames(ctx, now); err != nil {
		return err
	}
	operator := icp.Actor{Party: icp.Provider, Roles: []string{access.Operator}}
	for _, s := range demoServers(now) {
		if _, _, err := a.inventory.Put(ctx, operator, s); err != nil {
			return fmt.Errorf("server %s: %w", s.ExternalID, err)
		}
	}
	return nil
}

// confirmNames lets accounts that visitors make give a real name without an
// operator.
func (a *app) confirmNames(ctx context.Context, now time.Time) error {
	return a.store.Update(ctx, func(tx *store.Tx) error {
		var on bool
		_, version, err := tx.Setting(ctx, accounts.AutoConfirm, &on)
		if err != nil || on {
			return err
		}
		return tx.SaveSetting(ctx, accounts.AutoConfirm, true, "", version, now)
	})
}

// seedPerson makes one account. Applicants begin as staff do, with a password
// of ours, and lose the role at once: only the demo makes applicants so. After a
// crash in between, the next start goes on.
func (a *app) seedPerson(ctx context.Context, system icp.Actor, p demoPerson, now time.Time) error {
	roles := p.roles
	if len(roles) == 0 {
		roles = []string{access.Reviewer}
	}
	_, err := a.accounts.AddStaff(ctx, system, accounts.NewStaff{Login: p.login, Roles: roles, Password: demoPassword, Lang: "zh-CN"})
	if err != nil && !errors.Is(err, icp.E(icp.Conflict, "account.login_taken")) {
		return err
	}
	if len(p.roles) > 0 {
		return nil
	}
	return a.store.Update(ctx, func(tx *store.Tx) error {
		account, err := tx.AccountByLogin(ctx, store.LoginMail, p.login)
		if err != nil || account.Name.Name != "" {
			return err // named by an earlier start
		}
		account.Roles, account.Name, account.Mobile = nil, p.name, p.mobile
		return tx.SaveAccount(ctx, &account)
	})
}

// demoServers are one server for each thing that the resource check can say.
// The addresses are of the ranges kept for documentation (RFC 5737).
func demoServers(now time.Time) []inventory.ServerInput {
	year, day := 365*24*time.Hour, 24*time.Hour
	good := func(id, account, name, ip string) inventory.ServerInput {
		return inventory.ServerInput{ExternalID: id, Account: account, Name: name, Region: "ap-beijing", Mainland: true, PublicIP: ip,
			Billing: inventory.Prepaid, BoughtMonths: 12, ExpiresAt: now.Add(year).Truncate(time.Hour)}
	}
	short := good("ins-unit-short", "unit@example.com", "促销机（只买了 1 个月）", "203.0.113.12")
	short.BoughtMonths, short.ExpiresAt = 1, now.Add(20*day).Truncate(time.Hour)
	abroad := good("ins-unit-hk", "unit@example.com", "香港节点", "198.51.100.20")
	abroad.Region, abroad.Mainland = "ap-hongkong", false
	hourly := good("ins-unit-hourly", "unit@example.com", "按量计费测试机", "203.0.113.13")
	hourly.Billing, hourly.ExpiresAt, hourly.BoughtMonths = inventory.PayAsYouGo, time.Time{}, 0
	return []inventory.ServerInput{
		good("ins-unit-web1", "unit@example.com", "官网服务器", "203.0.113.10"),
		good("ins-unit-web2", "unit@example.com", "业务服务器", "203.0.113.11"),
		short, abroad, hourly,
		good("ins-person-web", "person@example.com", "我的小站", "203.0.113.50"),
	}
}
