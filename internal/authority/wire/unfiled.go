package wire

// UnfiledWebsites (未备案网站列表, WBAWZLB) lists websites without a filing on the
// provider's addresses; [UnfiledResults] answers it.
type UnfiledWebsites struct {
	// Records is 未备案网站信息 (Wbawz_xx), one or more.
	Records []UnfiledWebsite `xml:"Wbawz_xx" wire:"n=1.."`
	Other   []Raw            `xml:",any"`
}

// UnfiledWebsite (未备案网站信息, Wbawz_xx) is one of them.
type UnfiledWebsite struct {
	// AuthorityID is the authority's id of the entry (Id).
	AuthorityID int64 `xml:"Id" wire:"req,val=1.."`
	// Domain is 网站域名名称 (Wzym_mc), 1–128 characters.
	Domain string `xml:"Wzym_mc" wire:"req,len=1..128"`
	// Languages is 网站语言类别 (Yylb), optional.
	Languages *LanguageIDs `xml:"Yylb,omitempty"`
	// IP is 网站ip (IP), 1–4294967295, see [IPv4Text].
	IP int64 `xml:"IP" wire:"req,val=1..4294967295"`
	// SeenAt is 当前检测时间 (Dqjcsj), see [ParseTime], optional.
	SeenAt string `xml:"Dqjcsj,omitempty" wire:"len=10..22"`
	// Times is 未备案检测次数 (Jccs): how often it was found; 0 when absent.
	Times int64 `xml:"Jccs,omitempty" wire:"val=0.."`
	// Province is 所属省 (Sssh), optional.
	Province int64 `xml:"Sssh,omitempty" wire:"val=1.."`
	// FirstSeen is 首次检测时间 (Scjcsj), see [ParseTime], optional.
	FirstSeen string `xml:"Scjcsj,omitempty" wire:"len=10..22"`
	// Provider is 接入商ID (Jrs): a reporting unit, optional.
	Provider int64 `xml:"Jrs,omitempty" wire:"val=1.."`
	// Carrier is 运营商ID (Yys): a reporting unit.
	Carrier int64 `xml:"Yys" wire:"req,val=1.."`
	// Remark is 备注 (Bz), of any length, optional.
	Remark string `xml:"Bz,omitempty"`
	Other  []Raw  `xml:",any"`
}
