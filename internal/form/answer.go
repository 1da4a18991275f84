package form

import (
	"slices"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/icp"
)

// Answer gives the text of the answer at a pointer such as /websites/0/name,
// or for a pointer of materials the hashes of the files given; "" when there
// is none. It tells whether a finding's field was mended since.
func Answer(o *icp.Order, pointer string) string {
	if strings.HasPrefix(pointer, "/materials/") {
		return materialAnswer(o, pointer)
	}
	site, path := Website(o, pointer), pointer
	if rest, ok := strings.CutPrefix(pointer, "/websites/"); ok {
		if site == nil {
			return ""
		}
		_, field, _ := strings.Cut(rest, "/")
		path = "/websites/*/" + field
	}
	for _, step := range steps {
		for _, sec := range step.sections {
			for i := range sec.fields {
				if sec.fields[i].path == path {
					return sec.fields[i].value(&o.Data, site)
				}
			}
		}
	}
	return ""
}

// Website finds the website that a pointer such as /websites/0/name is about;
// nil when it is about none of the order's.
func Website(o *icp.Order, pointer string) *icp.Website {
	rest, _ := strings.CutPrefix(pointer, "/websites/")
	index, _, _ := strings.Cut(rest, "/")
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(o.Data.Websites) {
		return nil
	}
	return &o.Data.Websites[i]
}

func materialAnswer(o *icp.Order, pointer string) string {
	var hashes []string
	for _, m := range answered(o, pointer) {
		hashes = append(hashes, m.Hash)
	}
	slices.Sort(hashes)
	return strings.Join(hashes, " ")
}

// Mended reports whether the answer that a finding is about has changed since.
func Mended(o *icp.Order, f icp.Finding) bool {
	return f.Pointer != "" && Answer(o, f.Pointer) != f.Was
}

// LabelKey gives the message key of the label of the field at a pointer, such
// as "form.field.website.name" for /websites/1/name; "" for what is no field.
func LabelKey(pointer string) string {
	path := pointer
	if rest, ok := strings.CutPrefix(pointer, "/websites/"); ok {
		_, field, _ := strings.Cut(rest, "/")
		path = "/websites/*/" + field
	}
	for _, step := range steps {
		for _, sec := range step.sections {
			for i := range sec.fields {
				if f := &sec.fields[i]; f.path == path || strings.HasPrefix(path, f.path+"/") {
					return "form.field." + f.key
				}
			}
		}
	}
	return ""
}
