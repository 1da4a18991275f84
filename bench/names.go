package main

import (
	"fmt"

	"github.com/openbeian/beian/e2e/drive"
	"github.com/openbeian/beian/internal/icp"
)

// pictureBytes is the least size of an uploaded picture: 200 KiB, the least
// that providers take.
const pictureBytes = 200 << 10

// photos are the three pictures of a lifecycle.
func photos() ([][]byte, error) {
	var out [][]byte
	for seed := range uint64(3) {
		p, err := drive.Photo(pictureBytes, seed+1)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// unitName invents the name of the i-th unit.
func unitName(i int) string {
	syllables := []rune("云山水木林海天星河川石泉松竹梅兰风雨雪霜春夏秋冬江湖溪岭峰谷原野")
	n := len(syllables)
	return fmt.Sprintf("北京%c%c%c科技有限公司", syllables[i%n], syllables[i/n%n], syllables[i/n/n%n])
}

// creditCode gives the i-th of the invented unified social credit codes whose
// check characters are right (GB 32100-2015).
func creditCode(i int) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	for _, inner := range "0123456789X" {
		for _, outer := range alphabet {
			code := fmt.Sprintf("91110108MA%06d%c%c", i, inner, outer)
			if fault, warn := icp.CheckCreditCode(code); fault == "" && !warn {
				return code
			}
		}
	}
	// Some bodies have no fitting pair of check characters: take the next free one.
	return creditCode(i + 500_000)
}
