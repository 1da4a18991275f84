package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Secret is a text that does not print itself: not by fmt, slog, JSON or YAML.
type Secret struct{ text string }

// NewSecret makes a secret.
func NewSecret(text string) Secret { return Secret{text: text} }

// Reveal gives the text. Call it only where the secret is used.
func (s Secret) Reveal() string { return s.text }

// IsSet reports whether there is a text.
func (s Secret) IsSet() bool { return s.text != "" }

// String tells whether the secret is set.
func (s Secret) String() string {
	if s.text == "" {
		return ""
	}
	return "(set)"
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return strconv.Quote(s.String()) }

// MarshalText is String, for JSON, YAML and slog.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue is String, for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

var _ json.Marshaler = Bytes(0)

// Bytes is a size; its text is a number with an optional unit B, KiB, MiB or GiB.
type Bytes int64

var units = []struct {
	name string
	size int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}}

// String gives the size in the largest unit that divides it.
func (b Bytes) String() string {
	for _, u := range units {
		if b != 0 && int64(b)%u.size == 0 {
			return strconv.FormatInt(int64(b)/u.size, 10) + u.name
		}
	}
	return "0B"
}

// MarshalJSON gives the number of bytes.
func (b Bytes) MarshalJSON() ([]byte, error) { return strconv.AppendInt(nil, int64(b), 10), nil }

func parseBytes(text string) (Bytes, error) {
	number, size := text, int64(1)
	for _, u := range units {
		if n, ok := strings.CutSuffix(text, u.name); ok {
			number, size = strings.TrimSpace(n), u.size
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || n > (1<<62)/size {
		return 0, errors.New("not a size")
	}
	return Bytes(n * size), nil
}

// kindOf names what a setting takes.
func kindOf(t reflect.Type) string {
	switch reflect.Zero(t).Interface().(type) {
	case Secret:
		return "secret"
	case Bytes:
		return "size"
	case time.Duration:
		return "duration"
	case bool:
		return "true/false"
	case int:
		return "number"
	case []string:
		return "list"
	}
	return "text"
}

// set gives a setting the value of a text; the error says how to mend it and
// never quotes the text.
func set(v reflect.Value, text string) error {
	switch p := v.Addr().Interface().(type) {
	case *string:
		*p = text
	case *Secret:
		*p = Secret{text}
	case *Bytes:
		n, err := parseBytes(text)
		if err != nil {
			return errors.New("write a size such as 200KiB or 8MiB")
		}
		*p = n
	case *time.Duration:
		d, err := time.ParseDuration(text)
		if err != nil {
			return errors.New("write a duration such as 90s, 15m or 48h")
		}
		*p = d
	case *bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("write true or false")
		}
		*p = b
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return errors.New("write a whole number")
		}
		*p = n
	case *[]string:
		*p = splitList(text)
	default:
		panic(fmt.Sprintf("config: a setting of type %s cannot be read", v.Type()))
	}
	return nil
}

func splitList(text string) []string {
	list := []string{}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

// show gives a setting's text for the table; secrets stay hidden.
func show(v reflect.Value) string {
	if list, ok := v.Interface().([]string); ok {
		return strings.Join(list, ",")
	}
	return fmt.Sprint(v.Interface())
}
