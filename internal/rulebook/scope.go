package rulebook

import (
	"slices"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// TypeName names a type of order.
func TypeName(t icp.OrderType, lang i18n.Lang) string {
	return i18n.Messages().Text(lang, "rules.type."+string(t), nil)
}

// Orders names the types of orders that a rule is for; "" for none, which is
// all but cancellations.
func Orders(types []icp.OrderType, lang i18n.Lang) string {
	var out []string
	for _, t := range types {
		out = append(out, TypeName(t, lang))
	}
	return joined(out, lang)
}

// Where names the provinces of codes; "" for none, which is all.
func Where(provinces []string, tables *refdata.Tables, lang i18n.Lang) string {
	var out []string
	for _, code := range provinces {
		if p, ok := tables.Province(code); ok {
			out = append(out, p.In(string(lang)))
		}
	}
	return joined(out, lang)
}

// fewer is how many kinds of organisers are named as exceptions.
const fewer = 5

// Who says which organisers a rule is for, as shortly as it can be said; "" for
// all.
func Who(natures []int, tables *refdata.Tables, lang i18n.Lang) string {
	var named, missing []string
	units, persons := 0, 0
	all := tables.Natures()
	for _, n := range all {
		label := n.In(string(lang))
		switch has := slices.Contains(natures, n.ID); {
		case has && n.Person:
			persons++
			named = append(named, label)
		case has:
			units++
			named = append(named, label)
		case !n.Person:
			missing = append(missing, label)
		}
	}
	text := func(key string, params map[string]string) string { return i18n.Messages().Text(lang, key, params) }
	switch {
	case len(named) == 0 || len(named) == len(all):
		return ""
	case persons == 0 && len(missing) == 0:
		return text("rules.who.unit", nil)
	case units == 0:
		return text("rules.who.individual", nil)
	case persons == 0 && len(missing) < fewer && units > len(missing):
		return text("rules.who.units_but", map[string]string{"list": joined(missing, lang)})
	}
	return joined(named, lang)
}
