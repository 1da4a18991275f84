package audit

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"iter"
)

// Row is an event as it was stored, with its chain hash.
type Row struct {
	Event Event
	Hash  []byte
}

// Head is a place in the chain: the number and hash of its newest row. Keep
// one outside the database to prove later that nothing was cut off.
type Head struct {
	Seq  int64
	Hash []byte
	// Rows is how many rows were checked to get here.
	Rows int64
}

// Start is the head of a chain without rows.
func Start() Head { return Head{Hash: Genesis()} }

// String gives the head in one line, fit to be printed as an anchor.
func (h Head) String() string { return fmt.Sprintf("%d:%s", h.Seq, hex.EncodeToString(h.Hash)) }

// Break says why a chain does not hold.
type Break string

// The breaks.
const (
	// Order: the number of a row does not rise above the one before.
	Order Break = "order"
	// Hash: the row, or one before it, was changed, removed or put in.
	Hash Break = "hash"
)

// BrokenError names the first row at which the chain does not hold.
type BrokenError struct {
	Seq    int64 // the number of that row
	After  int64 // the number of the last good row; 0 when there is none
	Reason Break
}

// Error gives the text for logs.
func (e *BrokenError) Error() string {
	return fmt.Sprintf("audit chain breaks at row %d, after row %d: %s", e.Seq, e.After, e.Reason)
}

// Verify checks the rows that follow a head, in the order of Seq, and gives the
// new head. The error is a *BrokenError at the first bad row, with the head of
// the last good one; an error of the rows themselves is passed on. Pass Start()
// for the whole chain, or an older head to go on from there.
func Verify(from Head, rows iter.Seq2[Row, error]) (Head, error) {
	head := from
	for row, err := range rows {
		if err != nil {
			return head, fmt.Errorf("read audit rows after %d: %w", head.Seq, err)
		}
		if row.Event.Seq <= head.Seq {
			return head, &BrokenError{Seq: row.Event.Seq, After: head.Seq, Reason: Order}
		}
		sum := Chain(head.Hash, row.Event)
		if !bytes.Equal(sum, row.Hash) {
			return head, &BrokenError{Seq: row.Event.Seq, After: head.Seq, Reason: Hash}
		}
		head = Head{Seq: row.Event.Seq, Hash: sum, Rows: head.Rows + 1}
	}
	return head, nil
}
