package authority

import "github.com/openbeian/beian/internal/authority/wire"

// Words say in both languages what a code of the authority means.
type Words struct {
	Class  string // what to do about it; see wire.Class
	ZH, EN string
}

// ReplyWords gives the meaning of a reply's msg_code.
func ReplyWords(code int64) Words {
	c := wire.MethodCodeOf(code)
	return Words{Class: string(c.Class), ZH: c.ZH, EN: c.EN}
}

// ResultWords gives the meaning of a result's Jgdm.
func ResultWords(code int64) Words {
	c := wire.DataCodeOf(code)
	return Words{Class: string(c.Class), ZH: c.ZH, EN: c.EN}
}

// FaultName names a fault of a file for the message catalogue: the layer that
// cannot be opened, all unknown algorithms as one, or a code of a download's
// last error.
func FaultName(code string) string {
	switch wire.Layer(code) {
	case wire.LayerAlgorithmEncrypt, wire.LayerAlgorithmHash, wire.LayerAlgorithmCompress:
		return "algorithm"
	default:
		return code
	}
}
