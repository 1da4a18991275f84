package casework

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

//go:embed default_consents.yaml
var defaultConsents []byte

// ConsentTexts gives the texts in force that an applicant must agree to.
func (c *Cases) ConsentTexts(ctx context.Context) ([]store.ConsentText, error) {
	var out []store.ConsentText
	err := c.Store.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.CurrentConsentTexts(ctx)
		return err
	})
	return out, err
}

// PublishConsentText brings a new edition of a text into force. Orders keep the
// edition that was agreed to.
func (c *Cases) PublishConsentText(ctx context.Context, actor icp.Actor, in store.ConsentText) (store.ConsentText, error) {
	var faults []icp.FieldError
	for _, part := range []struct{ pointer, value string }{{"/text", in.ID}, {"/title_zh", in.TitleZH}, {"/title_en", in.TitleEN},
		{"/body_zh", in.BodyZH}, {"/body_en", in.BodyEN}} {
		if strings.TrimSpace(part.value) == "" {
			faults = append(faults, icp.FieldError{Pointer: part.pointer, Code: "form.required"})
		}
	}
	if err := icp.InvalidFields(faults); err != nil {
		return in, err
	}
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		at := c.Clock.Now()
		in.PublishedAt, in.PublishedBy = at, actor.Account
		if err := tx.PublishConsentText(ctx, &in); err != nil {
			return err
		}
		tx.AppendEvent(auditEvent(actor, "consent.published", "consent", in.ID, map[string]any{"edition": in.Edition}, at))
		return nil
	})
	return in, err
}

// EnsureConsentTexts publishes the texts that a new installation starts with,
// where there are none of their id.
func (c *Cases) EnsureConsentTexts(ctx context.Context) error {
	var texts []struct {
		ID      string `yaml:"id"`
		TitleZH string `yaml:"title_zh"`
		TitleEN string `yaml:"title_en"`
		BodyZH  string `yaml:"body_zh"`
		BodyEN  string `yaml:"body_en"`
	}
	if err := yaml.Unmarshal(defaultConsents, &texts); err != nil {
		return fmt.Errorf("read default consent texts: %w", err)
	}
	current, err := c.ConsentTexts(ctx)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, t := range current {
		have[t.ID] = true
	}
	for _, t := range texts {
		if have[t.ID] {
			continue
		}
		_, err := c.PublishConsentText(ctx, system, store.ConsentText{ID: t.ID, TitleZH: t.TitleZH, TitleEN: t.TitleEN, BodyZH: t.BodyZH, BodyEN: t.BodyEN})
		if err != nil && !errors.Is(err, icp.ErrConflict) { // another node was faster
			return err
		}
	}
	return nil
}
