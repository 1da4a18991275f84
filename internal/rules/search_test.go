package rules

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// traditionalOf has the traditional forms of simplified characters, read from
// the table anew.
var traditionalOf = func() map[rune][]rune {
	out := map[rune][]rune{}
	for line := range strings.Lines(traditional) {
		if !strings.HasPrefix(line, "#") {
			for pair := range strings.FieldsSeq(line) {
				r := []rune(pair)
				out[r[1]] = append(out[r[1]], r[0])
			}
		}
	}
	return out
}()

var simplifiedOf = func() map[rune]rune {
	out := map[rune]rune{}
	for to, all := range traditionalOf {
		for _, from := range all {
			out[from] = to
		}
	}
	return out
}()

// plainFold is fold written character by character, without its short cuts.
func plainFold(s string) string {
	var out strings.Builder
	for _, r := range s {
		if r >= '！' && r <= '～' {
			r = r - '！' + '!'
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		if r >= 'A' && r <= 'Z' {
			r = r - 'A' + 'a'
		}
		if to, ok := simplifiedOf[r]; ok {
			r = to
		}
		out.WriteRune(r)
	}
	return out.String()
}

// varied spells a text otherwise: wide letters, capitals, traditional forms,
// spaces and invisible characters between.
func varied(t *rapid.T, s string) string {
	var out strings.Builder
	for _, r := range s {
		switch how := rapid.IntRange(0, 6).Draw(t, "how"); {
		case how == 0 && r > ' ' && r < 0x7f:
			r = r - '!' + '！'
		case how == 1 && r >= 'a' && r <= 'z':
			r = r - 'a' + 'A'
		case how == 2 && r >= 'a' && r <= 'z':
			r = r - 'a' + 'Ａ'
		case how == 3 && len(traditionalOf[r]) > 0:
			r = rapid.SampledFrom(traditionalOf[r]).Draw(t, "form")
		case how == 4:
			out.WriteString(rapid.SampledFrom([]string{" ", "\u3000", "\u200b", "\t", "\u00a0", "\ufeff", "\u00ad"}).Draw(t, "space"))
		}
		out.WriteRune(r)
	}
	return out.String()
}

func TestFoldIsThePlainOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-cＡ-Ｃ論壇论、。，！ \x{3000}\x{200b}-]{0,20}`)).Draw(t, "text")
		if got, want := fold(s), plainFold(s); got != want {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
	})
	for r := range rune(unicode.MaxRune + 1) {
		if s := string(r); fold(s) != plainFold(s) {
			t.Fatalf("%q becomes %q, want %q", s, fold(s), plainFold(s))
		}
	}
}

func TestSpellingDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-z0-9新闻论坛网国药发（）。-]{0,12}`).Draw(t, "text")
		if other := varied(t, s); fold(other) != fold(s) {
			t.Errorf("%q and %q become %q and %q", s, other, fold(s), fold(other))
		}
	})
}

// searchIn looks for a pack's words in a text as rules do.
func searchIn(words []string, name string) (inText, atStart, asWhole string) {
	d := newDictionary()
	l := d.list(words)
	d.list([]string{"别", name}) // other lists do not matter
	d.finish()
	m := &matter{set: &Set{words: d}, seen: make([]uint64, (len(d.words)+63)/64), fired: make([]uint64, 1)}
	found := m.search(&text{raw: name})
	inText, _ = l.first(found, inside, nil)
	atStart, _ = l.first(found, beginning, nil)
	asWhole, _ = l.first(found, whole, nil)
	return inText, atStart, asWhole
}

// naive looks for each word, one after the other, in the folded text.
func naive(words []string, text string) (inText, atStart, asWhole string) {
	folded := plainFold(text)
	first := func(is func(w string) bool) string {
		if i := slices.IndexFunc(words, func(w string) bool { return is(plainFold(w)) }); i >= 0 {
			return words[i]
		}
		return ""
	}
	return first(func(w string) bool { return standsAlone(folded, w) }),
		first(func(w string) bool { return strings.HasPrefix(folded, w) }), first(func(w string) bool { return folded == w })
}

// standsAlone looks at every place for a word that no Latin letter touches
// where the word itself ends in one.
func standsAlone(text, word string) bool {
	letter := func(s []rune, i int) bool { return i >= 0 && i < len(s) && s[i] >= 'a' && s[i] <= 'z' }
	t, w := []rune(text), []rune(word)
	for i := 0; i+len(w) <= len(t); i++ {
		if slices.Equal(t[i:i+len(w)], w) && (!letter(w, 0) || !letter(t, i-1)) && (!letter(w, len(w)-1) || !letter(t, i+len(w))) {
			return true
		}
	}
	return false
}

func agree(t interface{ Errorf(string, ...any) }, words []string, text string) {
	a, b, c := searchIn(words, text)
	x, y, z := naive(words, text)
	if a != x || b != y || c != z {
		t.Errorf("%q in %q: the automaton finds %q, %q, %q, a plain look %q, %q, %q", words, text, a, b, c, x, y, z)
	}
}

// What the automaton finds in a text, however it is spelled, is what a plain
// look for each word finds in the folded text.
func TestSearchIsThePlainLook(t *testing.T) {
	t.Parallel()
	word := rapid.StringMatching(`[abＢ新闻聞论坛𠮷-]{1,4}`).Filter(func(s string) bool { return fold(s) != "" })
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 1, 8).Draw(t, "words")
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(words), word, rapid.Just("x"), rapid.Just("。")), 0, 5).Draw(t, "parts")
		agree(t, words, varied(t, strings.Join(parts, "")))
	})
}

// The same through a pack: the rule tells the word as the pack spells it, and
// what the unit's own name has is let pass.
func TestWordRulesAreThePlainLook(t *testing.T) {
	t.Parallel()
	tables, base := refdata.Builtin(), caseOf(t, builtin(t), "{}")
	word := rapid.StringMatching(`[ab新聞闻论坛海]{1,3}`)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 1, 5).Draw(t, "words")
		name := varied(t, rapid.StringMatching(`[ab新闻论坛海x]{1,8}`).Draw(t, "name"))
		subject := rapid.OneOf(rapid.Just(""), rapid.Map(word, func(w string) string { return "北京" + w + "公司" })).Draw(t, "subject")
		list, err := yaml.Marshal(map[string]any{"words": words, "unless_in_subject_name": true})
		if err != nil {
			t.Fatal(err)
		}
		pack := packWith("    params: {words: [海棠]}", "    params:\n      "+strings.ReplaceAll(strings.TrimSpace(string(list)), "\n", "\n      "))
		s, err := Load(tables, fstest.MapFS{"own.yaml": {Data: []byte(pack)}})
		if err != nil {
			t.Fatal(err)
		}
		o := *base
		o.Data.Subject.Name, o.Data.Websites = subject, []icp.Website{{Name: name}}
		got := ""
		for _, f := range s.findings(&o, noon) {
			got = f.Params["word"]
		}
		want := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return standsAlone(plainFold(subject), plainFold(w)) })
		if told, _, _ := naive(want, name); got != told {
			t.Errorf("%q in %q of %q: told %q, want %q", words, name, subject, got, told)
		}
	})
}

func FuzzWords(f *testing.F) {
	f.Add("新聞bbs", "新闻|bbs|bb")
	f.Add("ＡＢＣ\xff。", "abc|\xff|。|\u200b")
	f.Add("𠮷𠮷a𠮷", "𠮷|𠮷a|a")
	f.Add("", "|")
	f.Fuzz(func(t *testing.T, text, list string) {
		words := slices.DeleteFunc(strings.Split(list, "|"), func(w string) bool { return fold(w) == "" })
		if len(words) > 0 && len(words) < 50 {
			agree(t, words, text)
		}
	})
}
