package wire

// UnfiledResults (未备案处理结果, WBACLJG) answers the list of [UnfiledWebsites].
type UnfiledResults struct {
	// Records is 处理信息 (Clxx), one or more.
	Records []UnfiledResult `xml:"Clxx" wire:"n=1.."`
}

// UnfiledResult (处理信息, Clxx) says what the provider did about one unfiled
// website. The order of the fields is the order the schema demands.
type UnfiledResult struct {
	// Domain is 未备案网站域名 (Ym), 4–128 characters.
	Domain string `xml:"Ym" wire:"req,len=4..128"`
	// IP is 未备案网站ip (IP), 1–4294967295, see [IPv4Number].
	IP int64 `xml:"IP" wire:"req,val=1..4294967295"`
	// Carrier is 运营商标识 (Yys): a reporting unit, ≥ 1.
	Carrier int64 `xml:"Yys" wire:"req,val=1.."`
	// Provider is 接入商标识 (Jrs): a reporting unit, ≥ 1.
	Provider int64 `xml:"Jrs" wire:"req,val=1.."`
	// Province is 所在省id (Shengid), ≥ 1.
	Province int64 `xml:"Shengid" wire:"req,val=1.."`
	// Result is the id of 处理结果 (Cljg) in the table of states, 1–999.
	Result int64 `xml:"Cljg" wire:"req,val=1..999"`
	// Opinion is 未备案处理意见 (Clyj), 1–255 characters.
	Opinion string `xml:"Clyj" wire:"req,len=1..255"`
	// Recorded is 入表时间 (Rbsj), YYYY-MM-DD, see [FormatDate].
	Recorded string `xml:"Rbsj" wire:"req,len=10..10,date"`
	// Deadline is 处理时限 (Clsx), YYYY-MM-DD.
	Deadline string `xml:"Clsx" wire:"req,len=10..10,date"`
	// Reporter is 上报人姓名 (Sbrxm), 1–128 characters, optional.
	Reporter string `xml:"Sbrxm,omitempty" wire:"len=1..128"`
	// Phone is 上报人电话 (Sbrdh), 11–128 characters, optional.
	Phone string `xml:"Sbrdh,omitempty" wire:"len=11..128"`
	// Email is 上报人电子邮件 (Sbrdzyj), 6–128 characters, optional.
	Email string `xml:"Sbrdzyj,omitempty" wire:"len=6..128,email"`
}
