package rules

import (
	"slices"
	"unicode/utf8"
)

// dictionary finds the words of all packs in folded text by one automaton (Aho
// and Corasick's): a text is read once, however many lists there are.
type dictionary struct {
	words []word
	ids   map[string]int32 // by folded word
	lists int

	// The automaton; state 0 is the start. Characters that no word has are of
	// class 0 and lead to the start.
	states  []wordState
	classes []uint16        // of the characters up to 0xffff
	rare    map[rune]uint16 // of the others
	start   []int32         // the states after the first character, by class
}

// word is a folded word.
type word struct {
	text  string
	lists []int32 // those that have it
}

// wordState is the longest beginning of a word that the text read so far ends
// with.
type wordState struct {
	edges []wordEdge // sorted
	fail  int32      // the next shorter such beginning
	ends  int32      // the word that ends here; -1 for none
	// more is the next shorter one at which a word ends; 0 for none.
	more int32
}

type wordEdge struct {
	class uint16
	to    int32
}

// hit is a word in a text.
type hit struct {
	word int32
	how  uint8 // of the ways below
}

// Ways in which a text has a word.
const (
	inside    uint8 = 1 << iota // anywhere; a word of Latin letters stands alone
	beginning                   // at the start, letters may follow
	whole                       // the text is the word
)

func newDictionary() *dictionary {
	return &dictionary{ids: map[string]int32{}, states: []wordState{{ends: -1}}, classes: make([]uint16, 1<<16), rare: map[rune]uint16{}}
}

// list takes the words of a list in and gives what finds them.
func (d *dictionary) list(words []string) wordList {
	l := wordList{in: d, id: int32(d.lists), words: words, places: map[int32]int{}}
	d.lists++
	for i, w := range words {
		folded := fold(w)
		id, ok := d.ids[folded]
		if !ok {
			id = int32(len(d.words))
			d.ids[folded] = id
			d.words = append(d.words, word{text: folded})
			d.add(folded, id)
		}
		if _, twice := l.places[id]; !twice {
			l.places[id] = i
			d.words[id].lists = append(d.words[id].lists, l.id)
		}
	}
	return l
}

// add lays the path of a word.
func (d *dictionary) add(folded string, id int32) {
	at := int32(0)
	for _, r := range folded {
		class := d.class(r)
		if class == 0 {
			class = uint16(len(d.start))
			if class == 0 {
				d.start, class = append(d.start, 0), 1
			}
			d.start = append(d.start, 0)
			if r < 1<<16 {
				d.classes[r] = class
			} else {
				d.rare[r] = class
			}
		}
		next := d.edge(at, class)
		if next == 0 {
			next = int32(len(d.states))
			d.states = append(d.states, wordState{ends: -1})
			d.join(at, class, next)
		}
		at = next
	}
	d.states[at].ends = id
}

func (d *dictionary) class(r rune) uint16 {
	if r < 1<<16 {
		return d.classes[r]
	}
	return d.rare[r]
}

// edge gives the state that a class leads to; 0 for none.
func (d *dictionary) edge(from int32, class uint16) int32 {
	if from == 0 {
		return d.start[class]
	}
	for _, e := range d.states[from].edges {
		if e.class == class {
			return e.to
		}
		if e.class > class {
			break
		}
	}
	return 0
}

func (d *dictionary) join(from int32, class uint16, to int32) {
	if from == 0 {
		d.start[class] = to
		return
	}
	s := &d.states[from]
	i, _ := slices.BinarySearchFunc(s.edges, class, func(e wordEdge, c uint16) int { return int(e.class) - int(c) })
	s.edges = slices.Insert(s.edges, i, wordEdge{class, to})
}

// finish ties every state to the shorter ones, nearest to the start first. No
// word can be added after it.
func (d *dictionary) finish() {
	var queue []int32
	for _, to := range d.start {
		if to != 0 {
			queue = append(queue, to)
		}
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, e := range d.states[at].edges {
			short := d.step(d.states[at].fail, e.class)
			to := &d.states[e.to]
			to.fail = short
			to.more = short
			if d.states[short].ends < 0 {
				to.more = d.states[short].more
			}
			queue = append(queue, e.to)
		}
	}
}

// step gives the state after one more character.
func (d *dictionary) step(at int32, class uint16) int32 {
	for {
		if next := d.edge(at, class); next != 0 || at == 0 {
			return next
		}
		at = d.states[at].fail
	}
}

// find appends the words that folded text has to hits, each once. seen has a bit
// for each word and is clear before and after.
func (d *dictionary) find(text string, hits []hit, seen []uint64) []hit {
	from := len(hits)
	at := int32(0)
	for i, r := range text {
		class := d.class(r)
		if class == 0 {
			at = 0
			continue
		}
		if at = d.step(at, class); at == 0 {
			continue
		}
		end := i + utf8.RuneLen(r) // folded text has no broken bytes
		for s := at; s != 0; s = d.states[s].more {
			id := d.states[s].ends
			if id < 0 {
				continue
			}
			how := d.how(text, d.words[id].text, end)
			switch {
			case how == 0:
			case seen[id>>6]&(1<<(id&63)) == 0:
				seen[id>>6] |= 1 << (id & 63)
				hits = append(hits, hit{id, how})
			default:
				j := from + slices.IndexFunc(hits[from:], func(h hit) bool { return h.word == id })
				hits[j].how |= how
			}
		}
	}
	for _, h := range hits[from:] {
		seen[h.word>>6] = 0
	}
	return hits
}

// how tells in which ways text has a word that ends at a byte.
func (d *dictionary) how(text, word string, end int) uint8 {
	at := end - len(word)
	how := uint8(0)
	if (!letterAt(text, at-1) || !letterAt(word, 0)) && (!letterAt(text, end) || !letterAt(word, len(word)-1)) {
		how = inside
	}
	if at == 0 {
		how |= beginning
		if end == len(text) {
			how |= whole
		}
	}
	return how
}

// wordList is a list of words with their spelling in the pack.
type wordList struct {
	in     *dictionary
	id     int32
	words  []string
	places map[int32]int // in words, by id
}

// none reports whether the list was left out.
func (l *wordList) none() bool { return l.in == nil }

// first gives the first word of the list that the text has in one of the ways
// and that except, where there is one, has not inside.
func (l *wordList) first(t *text, how uint8, except *text) (string, bool) {
	if t.lists == nil || t.lists[l.id>>6]&(1<<(l.id&63)) == 0 {
		return "", false
	}
	found := len(l.words)
	for _, h := range t.hits {
		if i, ok := l.places[h.word]; ok && h.how&how != 0 && i < found && (except == nil || !except.has(h.word)) {
			found = i
		}
	}
	if found == len(l.words) {
		return "", false
	}
	return l.words[found], true
}

// has reports whether a text that was searched has a word inside.
func (t *text) has(id int32) bool {
	return slices.ContainsFunc(t.hits, func(h hit) bool { return h.word == id && h.how&inside != 0 })
}
