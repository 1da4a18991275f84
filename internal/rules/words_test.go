package rules

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestWordsOfLettersStandAlone(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		text, word string
		want       bool
	}{
		{"海棠bbs", "bbs", true}, {"bbs", "bbs", true}, {"bbs2025", "bbs", true}, {"abbs", "bbs", false}, {"bbsx", "bbs", false},
		{"abbs与bbs", "bbs", true}, {"海海棠", "海棠", true}, {"a海棠b", "海棠", true}, {"", "海棠", false},
	} {
		if got := containsWord(x.text, x.word); got != x.want {
			t.Errorf("%s in %s: %v", x.word, x.text, got)
		}
	}
}

// some words and texts of few letters, so that they touch and overlap.
var (
	someWord = rapid.StringMatching(`[ab海棠𠮷]{1,4}`)
	someText = rapid.StringMatching(`[ab海棠𠮷x]{0,12}`)
)

// The automaton finds what a plain look for each word finds.
func TestDictionaryFindsEveryWord(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(someWord, 1, 8).Draw(t, "words")
		texts := rapid.SliceOfN(someText, 1, 4).Draw(t, "texts")
		d := newDictionary()
		for _, w := range words {
			d.list([]string{w})
		}
		d.finish()
		seen := make([]uint64, 1)
		var hits []hit
		for _, text := range texts {
			from := len(hits)
			hits = d.find(text, hits, seen)
			for _, w := range words {
				id := d.ids[w]
				var how uint8
				for _, h := range hits[from:] {
					if h.word == id {
						how |= h.how
					}
				}
				if got, want := how&inside != 0, containsWord(text, w); got != want {
					t.Errorf("%q in %q: %v", w, text, got)
				}
				if got, want := how&beginning != 0, len(text) >= len(w) && text[:len(w)] == w; got != want {
					t.Errorf("%q at the start of %q: %v", w, text, got)
				}
				if got, want := how&whole != 0, text == w; got != want {
					t.Errorf("%q as %q: %v", w, text, got)
				}
			}
			ids := map[int32]bool{}
			for _, h := range hits[from:] {
				if ids[h.word] {
					t.Errorf("a word of %q is told twice", text)
				}
				ids[h.word] = true
			}
		}
		if seen[0] != 0 {
			t.Error("marks are left behind")
		}
	})
}

func TestListTellsItsFirstWord(t *testing.T) {
	t.Parallel()
	d := newDictionary()
	l, other := d.list([]string{"丙", "Ａ Ｂ", "甲乙", "甲"}), d.list([]string{"乙"})
	d.finish()
	m := &matter{set: &Set{words: d}, seen: make([]uint64, 1), fired: make([]uint64, 1)}
	look := func(s string) *text { return m.search(&text{raw: s}) }
	for _, x := range []struct {
		rule, text string
		how        uint8
		except     string
		want       string
	}{
		{"the order is the list's, not the text's", "甲乙丙", inside, "", "丙"},
		{"a word that another begins with", "甲丁", inside, "", "甲"},
		{"as the pack spells it", "ab", inside, "", "Ａ Ｂ"},
		{"at the start", "甲乙丙", beginning, "", "甲乙"},
		{"as a whole", "甲乙", whole, "", "甲乙"},
		{"not as a whole", "甲乙丁", whole, "", ""},
		{"what another text has is let pass", "甲乙", inside, "说甲乙事", ""},
		{"what another text has not is told", "甲乙丙", inside, "甲乙", "丙"},
		{"a word of another list", "乙", inside, "", ""},
		{"nothing", "", inside, "", ""},
	} {
		var except *text
		if x.except != "" {
			except = look(x.except)
		}
		if got, _ := l.first(look(x.text), x.how, except); got != x.want {
			t.Errorf("%s: %q, want %q", x.rule, got, x.want)
		}
	}
	if got, ok := other.first(look("甲乙"), inside, nil); !ok || got != "乙" {
		t.Errorf("the other list finds %q", got)
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"海 棠\u3000树": "海棠树", "ＡＢＣ（１）": "abc(1)", "ABC": "abc", "新聞論壇": "新闻论坛", "\u200b海\t棠": "海棠", "": "",
		"乾坤": "乾坤", "后土": "后土", "皇後": "皇後", // characters of simplified Chinese, or of several meanings, stay
	} {
		if got := fold(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestFoldingTwiceIsFoldingOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		if once := fold(s); fold(once) != once {
			t.Errorf("%q becomes %q, then %q", s, once, fold(once))
		}
	})
	for i, to := range simplified {
		if to != 0 && simplified[rune(to)-firstHan] != 0 {
			t.Errorf("%c becomes %c, which becomes another", firstHan+rune(i), rune(to))
		}
	}
	if n := slices.IndexFunc(simplified[:], func(to uint16) bool { return to != 0 }); n < 0 {
		t.Error("no traditional characters are known")
	}
}
