package refdata

import (
	"fmt"
	"slices"
)

// Province is one of the 31 mainland provinces with its bureau.
type Province struct {
	Code    string `json:"code"`    // region code, such as 110000
	Letters string `json:"letters"` // such as BJ
	Licence string `json:"licence"` // abbreviation in filing numbers, such as 京
	Text           // full name, such as 北京市
	Short   string `json:"short"` // Chinese name without the kind, such as 北京
	// Bureau is the provincial communications administration (通信管理局).
	Bureau Text `json:"bureau"`
	Validity
}

func readProvinces(l *loader) []Province {
	const name = "provinces.json"
	var f struct {
		Edition
		Rows []Province `json:"rows"`
	}
	if !l.readJSON(name, &f) {
		return nil
	}
	l.head(name, f.Edition, len(f.Rows), 0)
	seen := map[string]bool{}
	for i, p := range f.Rows {
		for _, k := range []string{p.Code, p.Letters, p.Licence} {
			if k == "" || seen[k] {
				l.failRow(name, i, fmt.Errorf("province %s: %q is missing or stands twice", p.Code, k))
			}
			seen[k] = true
		}
		if len(p.Code) != 6 || p.ZH == "" || p.EN == "" || p.Bureau.ZH == "" {
			l.failRow(name, i, fmt.Errorf("province %q is incomplete", p.Code))
		}
		l.failRow(name, i, p.check())
	}
	return f.Rows
}

func (s *tableSet) province(match func(Province) bool) (Province, bool) {
	if i := slices.IndexFunc(s.provinces, match); i >= 0 {
		return s.provinces[i], true
	}
	return Province{}, false
}

// Provinces lists the 31 mainland provinces by code.
func (t *Tables) Provinces() []Province {
	rows := t.now().provinces
	out := make([]Province, 0, len(rows))
	for _, p := range rows {
		if p.holds(t.day) {
			out = append(out, p)
		}
	}
	return out
}

// Province finds the province that a region code of two to six digits belongs
// to; false when there is none.
func (t *Tables) Province(code string) (Province, bool) {
	if len(code) < 2 || len(code) > 6 {
		return Province{}, false
	}
	return t.now().province(func(p Province) bool { return p.Code[:2] == code[:2] })
}

// ProvinceByLetters finds a province by its two capital letters, such as BJ.
func (t *Tables) ProvinceByLetters(letters string) (Province, bool) {
	return t.now().province(func(p Province) bool { return p.Letters == letters })
}

// ProvinceByLicence finds a province by its abbreviation in filing numbers, such
// as 京 (icp.LicenceNo.Province).
func (t *Tables) ProvinceByLicence(abbreviation string) (Province, bool) {
	return t.now().province(func(p Province) bool { return p.Licence == abbreviation })
}
