package wire

import (
	"encoding/xml"
	"reflect"
	"strings"
	"sync"
)

// shape is what the schema has below an element, taken from the types. A nil
// shape is that of an element without a type: everything in it stays as it is.
type shape struct {
	below  map[string]*shape
	any    *shape // of elements that keep their own names
	number bool
}

var shapes sync.Map // reflect.Type → *shape

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape)
	}
	s := makeShape(t)
	shapes.Store(t, s)
	return s
}

func makeShape(t reflect.Type) *shape {
	switch {
	case t == reflect.TypeFor[Base64]() || t == reflect.TypeFor[Raw]():
		return &shape{}
	case t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice:
		return shapeOf(t.Elem())
	case t.Kind() == reflect.Int || t.Kind() == reflect.Int64:
		return &shape{number: true}
	case t.Kind() != reflect.Struct:
		return &shape{}
	}
	s := &shape{below: map[string]*shape{}}
	s.addFields(t)
	return s
}

func (s *shape) addFields(t reflect.Type) {
	for f := range t.Fields() {
		name := elementOf(f)
		switch {
		case f.Anonymous:
			s.addFields(f.Type)
		case name == "" || f.Type == reflect.TypeFor[[]Raw]():
		case name == "*":
			s.any = shapeOf(f.Type)
		default:
			s.add(strings.Split(name, ">"), shapeOf(f.Type))
		}
	}
}

// add puts a shape below a way of names.
func (s *shape) add(way []string, child *shape) {
	if len(way) == 1 {
		s.below[way[0]] = child
		return
	}
	if s.below[way[0]] == nil {
		s.below[way[0]] = &shape{below: map[string]*shape{}}
	}
	s.below[way[0]].add(way[1:], child)
}

// child gives the shape below one element, nil when it has no type.
func (s *shape) child(name string) *shape {
	if s == nil {
		return nil
	}
	if c := s.below[name]; c != nil {
		return c
	}
	return s.any
}

// aliases are names that the specification's text and schema spell differently,
// or that the schema spells differently in two places.
var aliases = map[string]string{"DJTB": "SJTB", "Gbjg": "Gbjs", "Zdjg": "Zdip", "sjhm": "Fzr_sjhm"}

// spelled gives the schema's name of an element below this one: the same if it
// has it, else one that differs in capitals only, such as Ispid and IspId, else
// an alias.
func (s *shape) spelled(name string) string {
	if s == nil || s.below[name] != nil || len(s.below) == 0 {
		return name
	}
	if a := aliases[name]; s.below[a] != nil {
		return a
	}
	for known := range s.below {
		if strings.EqualFold(known, name) {
			return known
		}
	}
	return name
}

func plainAttributes(in []xml.Attr) []xml.Attr {
	var out []xml.Attr
	for _, a := range in {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
			out = append(out, xml.Attr{Name: xml.Name{Local: a.Name.Local}, Value: a.Value})
		}
	}
	return out
}
