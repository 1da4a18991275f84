package refdata

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// SegmentKind says what is special about the numbers of a mobile segment.
type SegmentKind string

// The kinds of mobile segments.
const (
	// NoMessages: satellite phones, data cards, machines; the authority's
	// verification message does not arrive.
	NoMessages SegmentKind = "no_messages"
	// VirtualOperator: an operator without a network of its own; the message
	// often does not arrive.
	VirtualOperator SegmentKind = "virtual"
)

// MobileSegment is a number segment (号段) on which the authority's verification
// message may not arrive. The operator keeps the list.
type MobileSegment struct {
	Prefix string      `json:"prefix"` // first digits of the eleven, at least three
	Kind   SegmentKind `json:"kind"`
	Text
	// Checked says that the operator confirmed the row.
	Checked bool `json:"checked"`
	Validity
}

// MobileSegmentsFile is the name of the file with the segments.
const MobileSegmentsFile = "mobile_segments.json"

func readMobileSegments(l *loader) []MobileSegment {
	const name = MobileSegmentsFile
	var f struct {
		Edition
		Rows []MobileSegment `json:"rows"`
	}
	if !l.readJSON(name, &f) {
		return nil
	}
	seen := map[string]bool{}
	for i, s := range f.Rows {
		switch {
		case len(s.Prefix) < 3 || len(s.Prefix) > 10 || s.Prefix[0] != '1' || strings.Trim(s.Prefix, "0123456789") != "":
			l.failRow(name, i, fmt.Errorf("segment %q is not three to ten digits that begin with 1", s.Prefix))
		case seen[s.Prefix]:
			l.failRow(name, i, fmt.Errorf("segment %s stands twice", s.Prefix))
		case s.Kind != NoMessages && s.Kind != VirtualOperator:
			l.failRow(name, i, fmt.Errorf("segment %s has the unknown kind %q", s.Prefix, s.Kind))
		case s.ZH == "" || s.EN == "":
			l.failRow(name, i, errors.New("the name is missing"))
		}
		l.failRow(name, i, s.check())
		seen[s.Prefix] = true
	}
	l.head(name, f.Edition, len(f.Rows), 0)
	return f.Rows
}

// MobileSegments lists the special segments.
func (t *Tables) MobileSegments() []MobileSegment {
	rows := t.now().segments
	out := make([]MobileSegment, 0, len(rows))
	for _, s := range rows {
		if s.holds(t.day) {
			out = append(out, s)
		}
	}
	return out
}

// MobileSegmentAt finds the special segment to which a mobile number of eleven
// digits belongs on the day of at, the longest where several fit; false when
// there is none.
func (t *Tables) MobileSegmentAt(number string, at time.Time) (MobileSegment, bool) {
	var found MobileSegment
	for _, s := range t.now().segments {
		if len(s.Prefix) > len(found.Prefix) && strings.HasPrefix(number, s.Prefix) && (s.Validity == Validity{} || s.ValidOn(at)) {
			found = s
		}
	}
	return found, found.Prefix != ""
}
