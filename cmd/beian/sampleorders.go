package main

import (
	"context"
	"errors"
	"time"

	"github.com/openbeian/beian/internal/accounts"
	"github.com/openbeian/beian/internal/demo"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

const (
	// sampleTime bounds all the work on sample orders of one start.
	sampleTime = 15 * time.Minute
	// samplePatience bounds the wait for the gateway in one step of an order.
	samplePatience = 3 * time.Minute
)

// addSampleOrders fills the demo in the background until it is done or the
// function that it gives is called, which waits for the end. What is not done
// then goes on at the next start.
func (a *app) addSampleOrders(ctx context.Context) (stop func()) {
	log := a.log.With("part", "sample orders")
	if a.outside == nil || a.outside.authority == nil || a.channels.Default() == nil {
		log.Warn("no sample orders: the process that runs the simulated authority adds them, with the gateway switched on")
		return func() {}
	}
	ctx, cancel := context.WithTimeout(ctx, sampleTime)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		switch err := a.samples().Fill(ctx); {
		case err == nil:
			log.Info("sample orders are there")
		case errors.Is(err, context.Canceled):
			log.Info("sample orders are not complete: the next start goes on")
		default:
			log.Error("sample orders are not complete: the next start tries again", "err", err)
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// samples are the parts that sample orders are made with.
func (a *app) samples() *demo.Platform {
	return &demo.Platform{Store: a.store, Clock: a.clock, Cases: a.cases, Checks: a.checks, Inventory: a.inventory, Authority: a.outside.authority,
		SignUp: a.signUpSample, SignIn: a.signInSample, Patience: samplePatience}
}

// signUpSample makes a sample applicant's account as those of the demo are.
func (a *app) signUpSample(ctx context.Context, s demo.Sample) error {
	kind, now := accounts.Unit, a.clock.Now()
	if s.IsIndividual() {
		kind = accounts.Individual
	}
	return a.seedPerson(ctx, icp.Actor{Party: icp.System}, demoPerson{login: s.Login, mobile: s.Principal.Mobile, name: store.RealName{Kind: kind, Name: s.Name,
		CertificateType: s.CertificateType, CertificateNumber: s.CertificateNumber, At: namedAt(now)}}, now)
}

// signInSample gives the actor of a demo's login.
func (a *app) signInSample(ctx context.Context, login string) (icp.Actor, error) {
	var account store.Account
	err := a.store.View(ctx, func(tx *store.Tx) (err error) {
		account, err = tx.AccountByLogin(ctx, store.LoginMail, login)
		return err
	})
	return accounts.ActorOf(&account), err
}
