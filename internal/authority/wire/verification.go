package wire

// Verifications (单独提交真实性核验材料电子件, XZHYD) sends pictures by themselves,
// for what is filed already.
type Verifications struct {
	// Records is 附件 (Fjxx), one or more. The owner is named by the authority's id
	// or a licence number.
	Records []AttachmentInfo `xml:"Fjxx" wire:"n=1.."`
}
