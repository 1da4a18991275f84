package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// NoticeView is a notice as its account reads it.
type NoticeView struct {
	ID    string      `json:"id"`
	Kind  string      `json:"kind" example:"returned"`
	Order icp.OrderID `json:"order,omitempty"`
	At    time.Time   `json:"at"`
	Title string      `json:"title"`
	Text  string      `json:"text"`
	Read  bool        `json:"read"`
}

// DeliveryView is how a notice went out; not what it says.
type DeliveryView struct {
	ID        string      `json:"id"`
	Order     icp.OrderID `json:"order,omitempty"`
	Kind      string      `json:"kind"`
	Medium    string      `json:"medium" enum:"mail,sms"`
	Address   string      `json:"address" doc:"Masked"`
	State     string      `json:"state" enum:"queued,sending,sent,failed,unknown"`
	Tries     int         `json:"tries"`
	LastError string      `json:"last_error,omitempty"`
	Status    string      `json:"status,omitempty" doc:"The other side's code"`
	At        time.Time   `json:"at"`
	SentAt    *time.Time  `json:"sent_at,omitempty"`
	CanRetry  bool        `json:"can_retry"`
}

// DemoMessageView is what the demo's box received.
type DemoMessageView struct {
	ID        string    `json:"id"`
	Medium    string    `json:"medium" enum:"mail,sms"`
	Recipient string    `json:"recipient"`
	Subject   string    `json:"subject"`
	Body      string    `json:"body"`
	At        time.Time `json:"at"`
}

func registerNotices(api huma.API, d *Deps) {
	huma.Register(api, huma.Operation{OperationID: "list-notices", Method: http.MethodGet, Path: "/notices", Tags: []string{"Notices"},
		Summary: "What I was told, newest first"}, d.listNotices)
	huma.Register(api, huma.Operation{OperationID: "read-notices", Method: http.MethodPost, Path: "/notices/read", Tags: []string{"Notices"},
		Summary: "Mark notices as read", DefaultStatus: http.StatusNoContent}, d.readNotices)
	huma.Register(api, huma.Operation{OperationID: "list-sent-notices", Method: http.MethodGet, Path: "/sent-notices", Tags: []string{"Operation"},
		Summary: "How notices went out"}, d.listSentNotices)
	huma.Register(api, huma.Operation{OperationID: "retry-notice", Method: http.MethodPost, Path: "/sent-notices/{id}/retry", Tags: []string{"Operation"},
		Summary: "Send a notice again that failed", DefaultStatus: http.StatusNoContent}, d.retryNotice)
	if d.Inbox != nil {
		huma.Register(api, huma.Operation{OperationID: "list-demo-messages", Method: http.MethodGet, Path: "/demo/messages", Tags: []string{"Demo"},
			Summary: "Mail and messages that the demo's box received", Security: noSession}, d.listDemoMessages)
	}
}

type listNoticesIn struct{ PageIn }

type listNoticesOut struct {
	Body struct {
		Items  []NoticeView `json:"items"`
		Next   string       `json:"next"`
		Unread int          `json:"unread"`
	}
}

func (d *Deps) listNotices(ctx context.Context, in *listNoticesIn) (*listNoticesOut, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	found, next, err := d.Notify.ListForAccount(ctx, actor.Account, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listNoticesOut{}
	out.Body.Items, out.Body.Next = []NoticeView{}, string(next)
	for _, e := range found {
		out.Body.Items = append(out.Body.Items, NoticeView{ID: e.ID, Kind: e.Kind, Order: e.Order, At: e.At, Title: e.Title, Text: e.Text, Read: e.Read})
	}
	out.Body.Unread, err = d.Notify.Unread(ctx, actor.Account)
	return out, err
}

type readNoticesIn struct {
	Body struct {
		IDs []string `json:"ids" maxItems:"100"`
	}
}

func (d *Deps) readNotices(ctx context.Context, in *readNoticesIn) (*struct{}, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range in.Body.IDs {
		if err := d.Notify.MarkRead(ctx, actor.Account, id); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

type listSentNoticesIn struct {
	PageIn
	State string `query:"state" enum:",queued,sending,sent,failed,unknown"`
}

func (d *Deps) listSentNotices(ctx context.Context, in *listSentNoticesIn) (*pageOut[DeliveryView], error) {
	if _, err := requireStaff(ctx, access.NoticeRead); err != nil {
		return nil, err
	}
	found, next, err := d.Notify.ListAll(ctx, store.NoticeState(in.State), store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out, text := make([]DeliveryView, 0, len(found)), d.texts(ctx)
	for _, n := range found {
		v := DeliveryView{ID: n.ID, Order: n.Order, Kind: n.Kind, Medium: string(n.Medium), Address: n.Address, State: string(n.State),
			Tries: n.Tries, Status: n.Status, At: n.CreatedAt, CanRetry: n.CanRetry}
		if n.Error != "" {
			v.LastError = text("notice.error."+n.Error, nil)
		}
		if !n.SentAt.IsZero() {
			v.SentAt = &n.SentAt
		}
		out = append(out, v)
	}
	return paged(out, string(next)), nil
}

// NoticePath names a notice in a path.
type NoticePath struct {
	ID string `path:"id" doc:"Notice id"`
}

func (d *Deps) retryNotice(ctx context.Context, in *NoticePath) (*struct{}, error) {
	actor, err := requireStaff(ctx, access.SettingManage)
	if err != nil {
		return nil, err
	}
	return nil, d.Notify.Retry(ctx, actor, in.ID)
}

type listDemoMessagesIn struct{ PageIn }

func (d *Deps) listDemoMessages(ctx context.Context, in *listDemoMessagesIn) (*pageOut[DemoMessageView], error) {
	found, next, err := d.Inbox.Messages(ctx, store.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]DemoMessageView, 0, len(found))
	for _, m := range found {
		out = append(out, DemoMessageView{ID: m.ID, Medium: m.Medium, Recipient: m.Recipient, Subject: m.Subject, Body: m.Body, At: m.CreatedAt})
	}
	return paged(out, string(next)), nil
}
