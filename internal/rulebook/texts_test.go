package rulebook

import (
	"testing"

	"github.com/openbeian/beian/internal/i18n"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/rules"
	"github.com/openbeian/beian/internal/store/storetest"
)

// An operator's own words reach people in their language, and those who have
// the message only in Chinese.
func TestAnOperatorsOwnWordsAreTold(t *testing.T) {
	t.Parallel()
	pack := `id: own.names
edition: "2026-11-24"
scope: national
source: {zh: 本平台要求, en: Our own rule}
rules:
  - id: own.name.word
    predicate: contains_word
    params: {words: [测试]}
    severity: error
    field: /websites/*/name
    text: {zh: '“{word}”不行，请改名', en: 'Not {word}: please change it'}
    about: {zh: '名称不能含{words}', en: 'No {words} in names'}
    examples:
      pass: [{websites: [{name: 山河书屋}]}]
      fail: [{websites: [{name: 测试书屋}]}]
`
	n := nodeOf(t, storetest.NewSQLite(t), folderWith(t, map[string]string{"own.yaml": pack}))
	n.publishes("own words")
	o := &icp.Order{Type: icp.AddWebsite, Data: icp.OrderData{Websites: []icp.Website{{Name: "测试{word}"}}}}
	found := n.Evaluate(rules.Case{Order: o}, noon).Findings
	if len(found) == 0 || found[len(found)-1].Rule != "own.name.word" {
		t.Fatalf("found %+v", found)
	}
	f := found[len(found)-1]
	if got := i18n.Messages().Text(i18n.English, f.Code, f.Params); got != "“测试”不行，请改名" {
		t.Errorf("by its message: %s", got)
	}
	r, _ := n.Set().Rule(f.Rule)
	for lang, want := range map[i18n.Lang][2]string{
		i18n.Chinese: {"“测试”不行，请改名", "名称不能含测试"}, i18n.English: {"Not 测试: please change it", "No 测试 in names"},
	} {
		got, ok := Finding(n.Set(), f.Rule, lang, f.Params)
		if about := About(n.Set(), r, lang); !ok || got != want[0] || about != want[1] {
			t.Errorf("%s: %q, %q", lang, got, about)
		}
	}
}
