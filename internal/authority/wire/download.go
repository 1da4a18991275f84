package wire

import (
	"encoding/xml"
	"reflect"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/icp"
)

// DownloadData (下载数据) is the root of a downloaded document. The schema says
// one of its parts; more than one is read all the same.
type DownloadData struct {
	XMLName xml.Name `xml:"DownloadData"`
	Version string   `xml:"version,attr,omitempty"`
	// ICP is ICP备案信息.
	ICP *DownloadICP `xml:"ICP,omitempty"`
	// IP is IP备案信息.
	IP *DownloadIP `xml:"IP,omitempty"`
	// Domains is 域名备案信息 (YM).
	Domains *DownloadDomains `xml:"YM,omitempty"`
	// BaseCodes is 系统基础代码数据 (JCDM).
	BaseCodes *BaseCodeData `xml:"JCDM,omitempty"`
	// Sync is 备案数据同步 (SJTB): everything of one kind.
	Sync  *FullSync `xml:"SJTB,omitempty"`
	Other []Raw     `xml:",any"`
	// Faults lists numbers that could not be read.
	Faults []icp.FieldError `xml:"-"`
}

// DownloadICP (ICP备案信息) holds what the authority tells about filings.
type DownloadICP struct {
	// Filed is ICP备案数据 (BASJ): complete filed records with licence numbers.
	Filed *FiledData `xml:"BASJ,omitempty"`
	// Cancelled is 注销数据 (ZXSJ).
	Cancelled *CancelledData `xml:"ZXSJ,omitempty"`
	// Blacklist is 黑名单列表 (HMDLB): what changed on it.
	Blacklist *Blacklist `xml:"HMDLB,omitempty"`
	// IllegalAccesses is 非法接入黑名单 (FFJRHMD).
	IllegalAccesses *IllegalAccesses `xml:"FFJRHMD,omitempty"`
	// Unfiled is 未备案网站列表 (WBAWZLB): websites to deal with and to answer.
	Unfiled *UnfiledWebsites `xml:"WBAWZLB,omitempty"`
	// Results is 备案结果 (BAJG): results of checks and reviews.
	Results *Results `xml:"BAJG,omitempty"`
	// CheckTasks is 核实任务 (HSRW): filings to check and to answer.
	CheckTasks *CheckTasks `xml:"HSRW,omitempty"`
	// Audit is 核查结果 (HCJG): what the authority found wrong.
	Audit *Audit `xml:"HCJG,omitempty"`
	// Notices is 相关通知 (XGTZ): what has to be put right.
	Notices *Notices `xml:"XGTZ,omitempty"`
	Other   []Raw    `xml:",any"`
}

// Parts names what a document brings, such as ICP/BAJG, JCDM/Jcdm_xx or SJTB/IP,
// unknown parts among them.
func (d *DownloadData) Parts() []string { return parts(reflect.ValueOf(d).Elem()) }

// Unknown gathers the elements at any depth that have no type here.
func (d *DownloadData) Unknown() []Unknown { return unknownIn(reflect.ValueOf(d), "", nil) }

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

// FormatDate writes a date as uploads have it: 2006-01-02, of Beijing.
func FormatDate(at time.Time) string { return at.In(beijing).Format(time.DateOnly) }

// FormatTime writes a time as downloads have it: 2006-01-02 15:04:05, Beijing.
func FormatTime(at time.Time) string { return at.In(beijing).Format("2006-01-02 15:04:05") }
