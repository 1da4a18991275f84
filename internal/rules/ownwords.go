package rules

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/openbeian/beian/internal/refdata"
)

// OwnWords is the message of findings of a rule with an operator's own words;
// its variable text has the Chinese ones. [Set.Text] gives them in each language.
const OwnWords = "rules.own_words"

// code is the key of the message of the rule's findings.
func (r *rule) code() string {
	if r.message == "" {
		return OwnWords
	}
	return r.message
}

// Fill puts values into an operator's text with {name} for variables.
func Fill(text string, values map[string]string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, "{"+name+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

var variableForm = regexp.MustCompile(`\{\w+\}`)

// checkWords refuses an operator's words with variables that never have a value.
// What a predicate adds to a finding's is for [Set.CheckExamples].
func (r *rule) checkWords() error {
	if left := unfilled(r.about, r.shown); left != "" {
		return of("about", fmt.Errorf("%s in about is none of the parameters", left))
	}
	if left := unfilled(r.text, nil); left != "" && r.expr != "" {
		return of("text", fmt.Errorf("%s in text: an expression gives no variables", left))
	}
	return nil
}

// unfilled gives a variable of a text that has no value; "" for none.
func unfilled(x refdata.Text, values map[string]string) string {
	for _, text := range []string{x.ZH, x.EN} {
		for _, v := range variableForm.FindAllString(text, -1) {
			if _, ok := values[v[1:len(v)-1]]; !ok {
				return v
			}
		}
	}
	return ""
}
