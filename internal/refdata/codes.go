package refdata

import "slices"

// Coded is what the rows of tables with a numeric id have in common.
type Coded struct {
	ID int `json:"id"`
	Text
	// Provisional says that the id is ours for now, because no published list
	// shows the authority's; it must not go to a real authority.
	Provisional bool `json:"provisional,omitempty"`
	Validity
}

func (c Coded) coded() Coded { return c }

// Nature is a kind of subject (主办单位性质, Dwxz).
type Nature struct {
	Coded
	// Person says that the subject is a natural person, not an organisation.
	Person bool `json:"person,omitempty"`
}

// CertificateType is a kind of certificate (证件类型, Zjlx).
type CertificateType struct {
	Coded
	// Natures lists the ids of the natures that may file with it.
	Natures []int `json:"natures"`
	// Principal says that a person in charge (负责人) may use it.
	Principal bool `json:"principal,omitempty"`
	// Legacy says that it is no longer issued: good for filings that exist.
	Legacy bool `json:"legacy,omitempty"`
	// Inferred says that no list confirms Natures.
	Inferred bool `json:"inferred,omitempty"`
}

// ServiceContent is what a website offers (服务内容, Fwnr_id).
type ServiceContent struct {
	Coded
	// Ysid is the authority's bit for sets; unrelated to ID.
	Ysid int64 `json:"ysid"`
	// Parent is the id of the row above in a list of two levels; 0 at the top.
	Parent int `json:"parent,omitempty"`
	// Person says that bureaux accept it of natural persons.
	Person bool `json:"person,omitempty"`
	// Usual says that most organisations choose it.
	Usual bool `json:"usual,omitempty"`
	// NeedsRemark says that the website's remark must explain the choice.
	NeedsRemark bool `json:"remark,omitempty"`
}

// PreApproval is a content that needs an approval by another authority first
// (前置或专项审批内容类型, Nrlx_id).
type PreApproval struct {
	Coded
	// Ysid is the authority's bit for sets; unrelated to ID.
	Ysid int64 `json:"ysid"`
	// Authority decides on the approval; Document is what it issues, empty
	// where there is none of a fixed name.
	Authority Text `json:"authority,omitzero"`
	Document  Text `json:"document,omitzero"`
	// DocumentRequired says that number and picture of the document are required.
	DocumentRequired bool `json:"document_required,omitempty"`
	// Abolished says that only some provinces still ask for it.
	Abolished bool `json:"abolished,omitempty"`
	// None marks the explicit answer that nothing applies.
	None bool `json:"none,omitempty"`
	// Keywords are words in a name or business scope by which bureaux ask for
	// the approval; ProvinceKeywords are further ones by region code.
	Keywords         []string            `json:"keywords,omitempty"`
	ProvinceKeywords map[string][]string `json:"province_keywords,omitempty"`
}

// Triggers gives the words by which the bureau of a province, by any region
// code in it or "" for none, asks for the approval.
func (a PreApproval) Triggers(region string) []string {
	out := slices.Clone(a.Keywords)
	for code, words := range a.ProvinceKeywords {
		if len(region) >= 2 && len(code) >= 2 && code[:2] == region[:2] {
			out = append(out, words...)
		}
	}
	return out
}

// AccessMode is how a website is connected (接入方式, Jrfs).
type AccessMode struct {
	Coded
	Ysid int64 `json:"ysid"` // the authority's bit for sets
}

// ServerLocation is where a server stands (服务器放置地, Fbdd).
type ServerLocation struct {
	Coded
	Ysid     int64  `json:"ysid"`     // the authority's bit for sets
	Letters  string `json:"letters"`  // such as BJ
	Province string `json:"province"` // region code, such as 110000
	// Inferred says that no list confirms Ysid.
	Inferred bool `json:"inferred,omitempty"`
}

// AttachmentFormat is a file format of attachments (附件格式, Fjwjgs).
type AttachmentFormat struct {
	Coded
	MediaType string `json:"media_type"`
}

// codeTable is a table with numeric ids in the order of its file.
type codeTable[R interface{ coded() Coded }] struct {
	rows  []R
	index map[int]int
}

func (t codeTable[R]) find(id int) (R, bool) {
	i, ok := t.index[id]
	if !ok {
		var none R
		return none, false
	}
	return t.rows[i], true
}

// list gives the rows that hold on day and that keep wants (nil: all).
func (t codeTable[R]) list(day string, keep func(R) bool) []R {
	out := make([]R, 0, len(t.rows))
	for _, r := range t.rows {
		if r.coded().holds(day) && (keep == nil || keep(r)) {
			out = append(out, r)
		}
	}
	return out
}
