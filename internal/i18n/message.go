package i18n

import (
	"errors"
	"strings"
)

// message is a text, cut at its variables.
type message struct {
	source string
	pieces []piece
}

type piece struct {
	text     string // the text itself, or the variable's name
	variable bool
}

var errBraces = errors.New("a variable is {name} with a–z, A–Z, 0–9 and _; write a brace itself twice")

func parse(source string) (message, error) {
	m := message{source: source}
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			m.pieces = append(m.pieces, piece{text: plain.String()})
			plain.Reset()
		}
	}
	for rest := source; rest != ""; {
		at := strings.IndexAny(rest, "{}")
		if at < 0 {
			plain.WriteString(rest)
			break
		}
		plain.WriteString(rest[:at])
		rest = rest[at:]
		if len(rest) > 1 && rest[1] == rest[0] {
			plain.WriteByte(rest[0])
			rest = rest[2:]
			continue
		}
		end := strings.IndexByte(rest, '}')
		if end <= 0 || !isName(rest[1:end]) {
			return message{}, errBraces
		}
		flush()
		m.pieces = append(m.pieces, piece{text: rest[1:end], variable: true})
		rest = rest[end+1:]
	}
	flush()
	return m, nil
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return s != ""
}

func (m message) fill(params map[string]string) string {
	if len(m.pieces) == 1 && !m.pieces[0].variable {
		return m.pieces[0].text
	}
	var b strings.Builder
	for _, p := range m.pieces {
		value, ok := params[p.text]
		switch {
		case !p.variable:
			b.WriteString(p.text)
		case ok:
			b.WriteString(value)
		default:
			b.WriteString("{" + p.text + "}")
		}
	}
	return b.String()
}
