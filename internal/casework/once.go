package casework

import (
	"context"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// once runs an act on an order under an idempotency key in one transaction: a
// repeated call with the key and the same request changes nothing and gives the
// order as it is now. Without a key every call acts. result is what the act
// made; empty stands for the order itself.
func (c *Cases) once(ctx context.Context, actor icp.Actor, id icp.OrderID, key, request string,
	act func(tx *store.Tx, o *icp.Order) (saved *icp.Order, result string, err error)) (saved *icp.Order, result string, err error) {
	err = c.Store.Update(ctx, func(tx *store.Tx) error {
		done, seen, err := claim(ctx, tx, actor, key, request, c.Clock.Now())
		if err != nil {
			return err
		}
		o, err := c.load(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if seen {
			saved, result = o, done
			return nil
		}
		if saved, result, err = act(tx, o); err != nil {
			return err
		}
		if result == "" {
			result = string(id)
		}
		return settle(ctx, tx, actor, key, result)
	})
	return saved, result, err
}
