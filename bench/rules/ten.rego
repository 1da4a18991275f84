# The rules of ten.yaml. input has websites and persons with their pointers,
# today and in_three_months as days.
package ten

sensitive := `赌博|博彩|赌场|六合彩|色情|情色|枪支|毒品|假币|代孕|翻墙|国家|中国|中央|人民|政府|国务院|公安`

approved := `新闻|论坛|社区|出版|书屋|药品|医疗|网约车|直播|视频|影视|音乐|游戏|金融|贷款|理财`

findings contains sprintf("ten.sensitive /websites/%d/name", [i]) if {
	some i, site in input.websites
	regex.match(sensitive, site.name)
}

findings contains sprintf("ten.short /websites/%d/name", [i]) if {
	some i, site in input.websites
	site.name != ""
	not regex.match(`(?s)([\p{L}\p{Nd}].*?){3}`, site.name)
}

findings contains sprintf("ten.twice /websites/%d/name", [i]) if {
	some i, site in input.websites
	site.name != ""
	some j, other in input.websites
	j < i
	other.name == site.name
}

findings contains sprintf("ten.approval /websites/%d/name", [i]) if {
	some i, site in input.websites
	regex.match(approved, site.name)
	count([a | some a in site.pre_approvals; a >= 1; a <= 4]) == 0
}

findings contains sprintf("ten.home /websites/%d/home_url", [i]) if {
	some i, site in input.websites
	site.home_url != ""
	host := split(site.home_url, "/")[0]
	host != site.domain
	not endswith(host, concat("", [".", site.domain]))
}

findings contains sprintf("ten.term /websites/%d/domain", [i]) if {
	some i, site in input.websites
	site.domain_expires < input.in_three_months
}

findings contains "ten.websites /websites" if count(input.websites) > 9

findings contains concat("", ["ten.age ", person.at, "/certificate_number"]) if {
	some person in input.persons
	born := to_number(substring(person.certificate_number, 6, 8))
	input.day >= born
	input.day - born < 180000
}

findings contains concat("", ["ten.certificate ", person.at, "/certificate_until"]) if {
	some person in input.persons
	person.certificate_until != "long_term"
	person.certificate_until >= input.today
	person.certificate_until < input.in_three_months
}

findings contains concat("", ["ten.mobile ", person.at, "/mobile"]) if {
	some i, person in input.persons
	some j, other in input.persons
	j < i
	other.mobile == person.mobile
	other.certificate_number != person.certificate_number
}
