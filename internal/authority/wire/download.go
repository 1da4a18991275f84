package wire

import (
	"encoding/xml"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// DownloadData (下载数据) is the root of a downloaded document. The schema says
// one of its parts; more than one is read all the same.
type DownloadData struct {
	XMLName xml.Name     `xml:"DownloadData"`
	Version string       `xml:"version,attr,omitempty"`
	ICP     *DownloadICP `xml:"ICP"`
	// BaseCodes is 系统基础代码数据.
	BaseCodes *BaseCodeData `xml:"JCDM"`
	// Other keeps IP, YM and SJTB (full synchronisation), which have no type
	// here yet.
	Other []Raw `xml:",any"`
	// Faults lists numbers that could not be read.
	Faults []icp.FieldError `xml:"-"`
}

// DownloadICP (ICP备案信息) holds what the authority tells about filings.
type DownloadICP struct {
	// Filed is ICP备案数据 (BASJ): complete filed records with licence numbers.
	Filed *FiledData `xml:"BASJ,omitempty"`
	// Results is 备案结果 (BAJG): results of checks and reviews.
	Results *Results `xml:"BAJG,omitempty"`
	// Other keeps parts without a type here: ZXSJ cancelled, HMDLB blacklist,
	// FFJRHMD illegal access, WBAWZLB unfiled sites, HSRW verification tasks,
	// HCJG audits, XGTZ rectification notices.
	Other []Raw `xml:",any"`
}

// beijing is the zone of all times in the interface.
var beijing = time.FixedZone("CST", 8*60*60)

var timeLayouts = []string{"2006-01-02 15:04:05", "2006-01-02", "2006-01-02T15:04:05", "2006/01/02 15:04:05", "2006/01/02", "2006-1-2 15:4:5", "2006-1-2"}

// ParseTime reads a time of a download (Beijing time; a text of 10–22
// characters, with or without time of day and fraction). ok is false when the
// text is no time.
func ParseTime(s string) (at time.Time, ok bool) {
	for _, layout := range timeLayouts {
		if t, err := time.ParseInLocation(layout, strings.TrimSpace(s), beijing); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// FormatTime writes a time as downloads have it: 2006-01-02 15:04:05, Beijing.
func FormatTime(at time.Time) string { return at.In(beijing).Format("2006-01-02 15:04:05") }
