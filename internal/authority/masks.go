package authority

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/authority/wire"
)

// What an operator may see of a document without a reason. An element that is
// not listed here is masked, unknown ones among them.
var (
	// shown are ids, codes, dates, addresses of networks, domains and names of
	// websites: they tell nothing of a person.
	shown = nameSet(`Baxh Bbdw Bbdwid Bbdwlb Bbfs Bbisp Bbyhid Bbyhlx Bm Bs Cljg Clsx Ctbbdwid Ctjlid Ctlx Czlx Dqjcsj
		Dwfl Dwflid Dwhyfl Dwxz Fbdd Fjwjgs Fjyt Fl1 Fl2 Fpdw Fpdx Fpfs Fprq Fwnr_id Fzr_zjlx Gbdw Gly_shengid Gly_shiid Hcjg Hcsj
		Hsjg Hssj IP Id Ip Ipid IspId IspIpid IspJrid IspWzid IspYmid IspZtid Ispid Jccs Jfr_shengid Jfr_shiid Jgdm Jlid Jrfs Jrid
		Jrs Jxip Jyxkzbh Lx Ly_dwid Ly_dwlx Lydw Mc Nr Nrlx_id Pid Qqdwid Qsip Qsip1 Qsip2 Qzsph Rbsj Scbbsj Scjcsj Sfqzsp Sfymtz
		Sfyx Shengid Shengjc Shiid Shjg Shsj Sqdw Ssdxbs Ssdxlx Sssh Syfs Syurl Szs Tzlb Wblx Wgip Wz_Baxh Wzbah Wzid Wzmc Wzym_mc
		Xianid Yjjlid Yjlx Yjqsip Yjzzip Ym Ym_fwq Ym_zcs Ymid Ymlx Ysid Yxrq Yylb_id Yys Zcr_shengid Zcr_shiid Zcsj Zjjrz Zjlx
		Zjxgsj Zsxh Zsyxq Ztbah Ztid Ztmc Zxlb Zxly Zzip Zzip1 Zzip2`)
	// theirWords are words of the authority or to it, which tell what is wrong: shown,
	// but for what looks like a number or an address of a person.
	theirWords = nameSet("Dmms Shyj Tznr Cwxx Cwyy Hsyj Clyj")
	// secret are shown as nothing but three stars, also when revealed.
	secret = nameSet("ICPmm")
	// imaged hold pictures as base64.
	imaged = nameSet("Fjnr Spwj spwj")
)

func nameSet(list string) map[string]bool {
	out := map[string]bool{}
	for n := range strings.FieldsSeq(list) {
		out[n] = true
	}
	return out
}

var (
	numberLike  = regexp.MustCompile(`[0-9０-９][0-9０-９ －-]{5,}[0-9０-９Xx]`)
	addressLike = regexp.MustCompile(`[A-Za-z0-9._%+-]+[@＠][A-Za-z0-9.-]+`)
)

// mask hides the text of an element as far as its name demands.
func mask(element, text string) string {
	switch {
	case secret[element]:
		return stars(3)
	case imaged[element]:
		return pictureNote(len(text))
	case shown[element]:
		return text
	case theirWords[element]:
		return numberLike.ReplaceAllStringFunc(addressLike.ReplaceAllStringFunc(text, initial), initial)
	}
	return initial(text)
}

// initial keeps the first character of a text of three or more.
func initial(text string) string {
	n := utf8.RuneCountInString(text)
	if n <= 2 {
		return stars(n)
	}
	first, _ := utf8.DecodeRuneInString(text)
	return string(first) + stars(min(n-1, 8))
}

func stars(n int) string { return strings.Repeat("*", n) }

// pictureNote stands for a picture whose base64 has so many characters.
func pictureNote(characters int) string { return fmt.Sprintf("(%d)", characters*3/4) }

// elements30 has the names of all elements that the interface has, in small letters.
var elements30 = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{"djtb": true, "gbjg": true, "zdjg": true}
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || seen[t] {
			return
		}
		seen[t] = true
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("xml"), ",")
			for part := range strings.SplitSeq(name, ">") {
				out[strings.ToLower(part)] = true
			}
			walk(f.Type)
		}
	}
	walk(reflect.TypeFor[wire.UploadData]())
	walk(reflect.TypeFor[wire.DownloadData]())
	return out
})

// known reports whether the interface has an element of this name.
func known(element string) bool { return elements30()[strings.ToLower(element)] }
