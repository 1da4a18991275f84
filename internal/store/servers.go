package store

import (
	"context"
	"time"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store/sqlgen"
)

// Server is a cloud resource on which a site can run (云服务).
type Server struct {
	ID icp.ServerID
	// ExternalID is the provider's own name for it, unique in the inventory.
	ExternalID   string
	Account      icp.AccountID // who rents it
	Name         string
	Region       string
	Mainland     bool   // the region lies in mainland China
	PublicIP     string // IPv4; empty for none
	Billing      string // see package inventory
	BoughtMonths int    // bought in total, renewals included
	ExpiresAt    time.Time
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Version      int64
}

// Use is a site of an order that holds a server or an authorization code,
// while the order is open and for good once it is filed.
type Use struct {
	Order   icp.OrderID
	Website icp.WebsiteID
	Server  icp.ServerID
	Code    icp.CodeID // empty when the server itself was chosen
}

// InsertServer adds a server and sets its Version to 1. icp.Conflict with
// "server.taken" when the inventory has its ExternalID already.
func (tx *Tx) InsertServer(ctx context.Context, s *Server) error {
	n, err := tx.q.InsertServer(ctx, sqlgen.InsertServerParams{ID: string(s.ID), ExternalID: s.ExternalID,
		AccountID: string(s.Account), Name: s.Name, Region: s.Region, Mainland: s.Mainland, PublicIp: s.PublicIP,
		Billing: s.Billing, BoughtMonths: int64(s.BoughtMonths), ExpiresAt: micros(s.ExpiresAt),
		CreatedAt: micros(s.CreatedAt), UpdatedAt: micros(s.UpdatedAt), Version: 1})
	if err != nil {
		return tx.explain("insert server", err)
	}
	if n == 0 {
		return icp.E(icp.Conflict, "server.taken")
	}
	s.Version = 1
	return nil
}

// SaveServer writes a server and raises its Version. icp.Conflict with
// "stale_version" when it was changed since it was read. ExternalID and
// CreatedAt stay.
func (tx *Tx) SaveServer(ctx context.Context, s *Server) error {
	n, err := tx.q.UpdateServer(ctx, sqlgen.UpdateServerParams{AccountID: string(s.Account), Name: s.Name, Region: s.Region,
		Mainland: s.Mainland, PublicIp: s.PublicIP, Billing: s.Billing, BoughtMonths: int64(s.BoughtMonths),
		ExpiresAt: micros(s.ExpiresAt), UpdatedAt: micros(s.UpdatedAt), ID: string(s.ID), Version: s.Version})
	if err := tx.changed("save server", n, err); err != nil {
		return err
	}
	s.Version++
	return nil
}

// Server reads a server; icp.NotFound when there is none.
func (tx *Tx) Server(ctx context.Context, id icp.ServerID) (Server, error) {
	row, err := tx.q.Server(ctx, string(id))
	if err != nil {
		return Server{}, tx.explain("read server", err)
	}
	return serverOf(&row)
}

// LockServer reads a server and keeps everybody else from locking or changing
// it until the transaction ends, so that what is counted on it stays counted.
func (tx *Tx) LockServer(ctx context.Context, id icp.ServerID) (Server, error) {
	row, err := tx.q.LockServer(ctx, string(id))
	if err != nil {
		return Server{}, tx.explain("lock server", err)
	}
	return serverOf(&row)
}

// ServerByExternalID finds a server by the provider's own name for it;
// icp.NotFound when there is none.
func (tx *Tx) ServerByExternalID(ctx context.Context, externalID string) (Server, error) {
	row, err := tx.q.ServerByExternalID(ctx, externalID)
	if err != nil {
		return Server{}, tx.explain("find server", err)
	}
	return serverOf(&row)
}

// ServersOf lists an account's servers, the newest first.
func (tx *Tx) ServersOf(ctx context.Context, account icp.AccountID, cursor Cursor, limit int) ([]Server, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.ServersOf(ctx, sqlgen.ServersOfParams{AccountID: string(account), Before: p.before, BeforeID: p.beforeID, MaxRows: p.rows})
	if err != nil {
		return nil, "", tx.explain("list servers", err)
	}
	return page(rows, p.limit, serverOf, byServerAge)
}

// Servers lists all servers, the newest first.
func (tx *Tx) Servers(ctx context.Context, cursor Cursor, limit int) ([]Server, Cursor, error) {
	p, err := newestFirst(cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err := tx.q.ServersPage(ctx, p.before, p.beforeID, p.rows)
	if err != nil {
		return nil, "", tx.explain("list servers", err)
	}
	return page(rows, p.limit, serverOf, byServerAge)
}

// SaveUse notes that a site of an order holds a resource; a site holds one.
func (tx *Tx) SaveUse(ctx context.Context, u Use) error {
	return tx.explain("save use", tx.q.SaveUse(ctx, sqlgen.SaveUseParams{OrderID: string(u.Order),
		WebsiteID: string(u.Website), ServerID: string(u.Server), CodeID: string(u.Code)}))
}

// DeleteUse forgets what a site of an order holds, if anything.
func (tx *Tx) DeleteUse(ctx context.Context, id icp.OrderID, site icp.WebsiteID) error {
	return tx.explain("delete use", tx.q.DeleteUse(ctx, string(id), string(site)))
}

// UsesOf lists what the sites of an order hold.
func (tx *Tx) UsesOf(ctx context.Context, id icp.OrderID) ([]Use, error) {
	rows, err := tx.q.UsesOf(ctx, string(id))
	return uses(rows), tx.explain("read uses of order", err)
}

// UsesOfServer lists the sites that a server carries, by itself or by a code.
func (tx *Tx) UsesOfServer(ctx context.Context, id icp.ServerID) ([]Use, error) {
	rows, err := tx.q.UsesOfServer(ctx, string(id))
	return uses(rows), tx.explain("read uses of server", err)
}

// UsesOfCode lists the sites that hold an authorization code: at most one.
func (tx *Tx) UsesOfCode(ctx context.Context, id icp.CodeID) ([]Use, error) {
	rows, err := tx.q.UsesOfCode(ctx, string(id))
	return uses(rows), tx.explain("read uses of code", err)
}

func byServerAge(r *sqlgen.Server) (int64, string) { return r.CreatedAt, r.ID }

func serverOf(r *sqlgen.Server) (Server, error) {
	return Server{ID: icp.ServerID(r.ID), ExternalID: r.ExternalID, Account: icp.AccountID(r.AccountID), Name: r.Name,
		Region: r.Region, Mainland: r.Mainland, PublicIP: r.PublicIp, Billing: r.Billing, BoughtMonths: int(r.BoughtMonths),
		ExpiresAt: instant(r.ExpiresAt), CreatedAt: instant(r.CreatedAt), UpdatedAt: instant(r.UpdatedAt), Version: r.Version}, nil
}

func uses(rows []sqlgen.ResourceUse) []Use {
	out := make([]Use, len(rows))
	for i, r := range rows {
		out[i] = Use{Order: icp.OrderID(r.OrderID), Website: icp.WebsiteID(r.WebsiteID), Server: icp.ServerID(r.ServerID),
			Code: icp.CodeID(r.CodeID)}
	}
	return out
}
