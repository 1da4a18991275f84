package sim

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
)

// The languages of the page.
const (
	chinese = "zh-CN"
	english = "en"
)

//go:embed texts.json
var textsJSON []byte

// texts are what people read, by key: Chinese, English.
var texts = sync.OnceValue(func() map[string][2]string {
	var t map[string][2]string
	if err := json.Unmarshal(textsJSON, &t); err != nil {
		panic("sim: texts.json: " + err.Error()) // the file is part of the program
	}
	return t
})

// say gives a text in a language; an unknown key gives itself.
func say(lang, key string) string {
	t, ok := texts()[key]
	switch {
	case !ok:
		return key
	case lang == english:
		return t[1]
	}
	return t[0]
}

// languageOf is what a visitor reads: what he chose, else what his browser asks
// for. ?lang= chooses and is remembered.
func languageOf(w http.ResponseWriter, r *http.Request) string {
	if chosen := r.URL.Query().Get("lang"); chosen == chinese || chosen == english {
		http.SetCookie(w, &http.Cookie{Name: "sim_lang", Value: chosen, Path: "/sim/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		return chosen
	}
	if c, err := r.Cookie("sim_lang"); err == nil && (c.Value == chinese || c.Value == english) {
		return c.Value
	}
	if asked := r.Header.Get("Accept-Language"); asked != "" && !strings.Contains(asked, "zh") {
		return english
	}
	return chinese
}
