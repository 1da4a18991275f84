package wire

import (
	"reflect"
	"strconv"
	"strings"
)

// A document is a tree of containers with lists of records in it: the first list
// on a way down from the root holds records, what is above them are containers.

// elementOf gives the element name of a field; "" for one that is no element,
// "*" for a list of elements that keep their own names.
func elementOf(f reflect.StructField) string {
	name, flags, _ := strings.Cut(f.Tag.Get("xml"), ",")
	switch {
	case name == "-" || f.Name == "XMLName" || strings.Contains(flags, "attr"):
		return ""
	case strings.Contains(flags, "any"):
		return "*"
	}
	return name
}

// isRecords reports whether a field of a container is a list of records.
func isRecords(f reflect.StructField) bool {
	return f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct && f.Type.Elem() != reflect.TypeFor[Raw]()
}

// container gives the struct of a field that is a container and not absent.
func container(v reflect.Value) (reflect.Value, bool) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return v, v.Kind() == reflect.Struct
}

func countRecords(v reflect.Value) (n int) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if elementOf(f) == "" {
			continue
		}
		if isRecords(f) {
			n += v.Field(i).Len()
		} else if below, ok := container(v.Field(i)); ok {
			n += countRecords(below)
		}
	}
	return n
}

// parts names what stands under the root's parts: PART/OPERATION, PART alone
// where it is empty, and unknown elements of both levels.
func parts(root reflect.Value) []string {
	var out []string
	for i := range root.NumField() {
		name := elementOf(root.Type().Field(i))
		if raws, ok := root.Field(i).Interface().([]Raw); ok {
			for _, r := range raws {
				out = append(out, r.Name)
			}
			continue
		}
		part, ok := container(root.Field(i))
		if name == "" || !ok {
			continue
		}
		below := present(part)
		if len(below) == 0 {
			out = append(out, name)
		}
		for _, b := range below {
			out = append(out, name+"/"+b)
		}
	}
	return out
}

// present names the containers and unknown elements directly inside one.
func present(v reflect.Value) []string {
	var out []string
	for i := range v.NumField() {
		if raws, ok := v.Field(i).Interface().([]Raw); ok {
			for _, r := range raws {
				out = append(out, r.Name)
			}
			continue
		}
		name := elementOf(v.Type().Field(i))
		if _, ok := container(v.Field(i)); ok && name != "" {
			out = append(out, name)
		}
	}
	return out
}

// Unknown is an element that has no type here, with its place.
type Unknown struct {
	// Path is the way down to it by element names, such as
	// /ICP/BAJG/Jg_xx/0/Neu, with numbers from 0 where elements repeat.
	Path string
	Raw
}

// unknownIn gathers the unknown elements below a value, in the order of fields.
func unknownIn(v reflect.Value, path string, out []Unknown) []Unknown {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return unknownIn(v.Elem(), path, out)
		}
	case reflect.Slice:
		if raws, ok := v.Interface().([]Raw); ok {
			for _, r := range raws {
				out = append(out, Unknown{Path: path + "/" + r.Name, Raw: r})
			}
			return out
		}
		if v.Type().Elem().Kind() == reflect.Struct {
			for i := range v.Len() {
				out = unknownIn(v.Index(i), path+"/"+strconv.Itoa(i), out)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			below := path
			if name := elementOf(f); name != "" && name != "*" {
				below += "/" + name
			}
			out = unknownIn(v.Field(i), below, out)
		}
	default: // texts and numbers hold no elements
	}
	return out
}
