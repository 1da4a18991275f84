package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/registry"
	"github.com/openbeian/beian/internal/store"
)

// FilingSummary is a filed subject with its websites.
type FilingSummary struct {
	ID          string          `json:"id"`
	LicenceNo   string          `json:"licence_no" example:"京ICP备2024012345号"`
	Name        string          `json:"name"`
	Nature      int             `json:"nature"`
	Region      string          `json:"region"`
	CancelledAt *time.Time      `json:"cancelled_at,omitempty" doc:"The authority ended the filing; missing while it is filed"`
	Websites    []FiledSiteView `json:"websites"`
}

// FiledSiteView is a filed website.
type FiledSiteView struct {
	ID          string       `json:"id"`
	Order       icp.OrderID  `json:"order"`
	LicenceNo   string       `json:"licence_no" example:"京ICP备2024012345号-2"`
	Name        string       `json:"name"`
	Domain      string       `json:"domain"`
	HomeURL     string       `json:"home_url"`
	FiledAt     time.Time    `json:"filed_at"`
	CancelledAt *time.Time   `json:"cancelled_at,omitempty" doc:"The authority ended the filing; missing while it is filed"`
	PublicIPs   []string     `json:"public_ips"`
	Duties      []ReasonView `json:"duties" doc:"What its owner must do"`
}

func registerFilings(api huma.API, d *Deps) {
	huma.Register(api, huma.Operation{OperationID: "list-filings", Method: http.MethodGet, Path: "/filings", Tags: []string{"Filings"},
		Summary: "What I have filed: subjects, websites, licence numbers"}, d.listFilings)
}

type listFilingsIn struct{ PageIn }

func (d *Deps) listFilings(ctx context.Context, in *listFilingsIn) (*pageOut[FilingSummary], error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	found, next, err := d.Registry.Filings(ctx, actor.Account, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out, text := make([]FilingSummary, 0, len(found)), d.texts(ctx)
	for i := range found {
		out = append(out, filingSummary(&found[i], text))
	}
	return paged(out, string(next)), nil
}

func filingSummary(f *registry.Filing, text texts) FilingSummary {
	v := FilingSummary{ID: f.ID, LicenceNo: f.LicenceNo, Name: f.Subject.Name, Nature: f.Subject.Nature, Region: f.Subject.Region, CancelledAt: instant(f.CancelledAt), Websites: []FiledSiteView{}}
	for i := range f.Websites {
		s := &f.Websites[i]
		w := FiledSiteView{ID: s.ID, Order: s.Order, LicenceNo: s.Website.LicenceNo, Name: s.Website.Name, Domain: s.Website.Domain,
			HomeURL: s.Website.HomeURL, FiledAt: s.FiledAt, CancelledAt: instant(s.CancelledAt), PublicIPs: []string{}, Duties: []ReasonView{}}
		for _, a := range s.Accesses {
			if !a.CancelledAt.IsZero() {
				continue
			}
			w.PublicIPs = append(w.PublicIPs, a.PublicIP)
		}
		for _, duty := range s.Duties {
			w.Duties = append(w.Duties, ReasonView{Code: duty.Code, Message: text(duty.Code, duty.Params)})
		}
		v.Websites = append(v.Websites, w)
	}
	return v
}
