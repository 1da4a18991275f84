package sim

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
)

const certResidentID = 2 // 证件类型: 居民身份证

var (
	nameForm   = regexp.MustCompile(`^\pL[\pL\pM .·'-]*$`)
	mobileForm = regexp.MustCompile(`^1\d{10}$`)
	phoneForm  = regexp.MustCompile(`^(\+?\d{2,4}-)*\d{7,15}(-\d{1,6})?$`)
	emailForm  = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	qqForm     = regexp.MustCompile(`^[1-9]\d{4,}$`)
	residentID = regexp.MustCompile(`^\d{17}[\dX]$`)
)

// checkPrincipal gives the data codes of a website's principal.
func (s *Server) checkPrincipal(p *wire.Principal, ofUnit bool) []int64 {
	var codes []int64
	add := func(bad bool, code int64) {
		if bad {
			codes = append(codes, code)
		}
	}
	add(!nameForm.MatchString(p.Name), dataContact)
	add(ofUnit && p.OfficePhone == "", dataNoOfficePhone)
	add(p.OfficePhone != "" && !every(p.OfficePhone, phoneForm), dataOfficePhone)
	add(!every(p.Mobile, mobileForm), dataMobile)
	add(!every(p.Email, emailForm), dataEmail)
	add(p.MSN != "" && !every(p.MSN, emailForm), dataMSN)
	add(p.QQ != "" && !every(p.QQ, qqForm), dataQQ)
	add(p.CertificateType != 0 && !s.hasCode("Zjlx_dms", p.CertificateType), dataCertificate)
	add(p.CertificateType == certResidentID && !validResidentID(p.CertificateNumber), dataResidentID)
	return codes
}

func every(list string, form *regexp.Regexp) bool {
	for one := range strings.SplitSeq(list, ";") {
		if !form.MatchString(strings.TrimSpace(one)) {
			return false
		}
	}
	return true
}

// validResidentID checks form and check digit (GB 11643). It is written anew
// here, so that the simulator finds what the platform's own check lets through.
func validResidentID(id string) bool {
	if !residentID.MatchString(id) {
		return false
	}
	sum, weight := 0, 1 // weights are powers of two modulo 11, from the right
	for i := 16; i >= 0; i-- {
		weight = weight * 2 % 11
		digit, err := strconv.Atoi(id[i : i+1])
		if err != nil {
			return false
		}
		sum += digit * weight
	}
	return id[17] == "10X98765432"[sum%11]
}

// ownerFits reports whether a purpose belongs to a record of the given kind.
func ownerFits(i wire.AttachmentInfo) bool {
	ofWebsite := i.Purpose == wire.PurposeVerificationSheet || i.Purpose == wire.PurposeWebsitePrincipalCert || i.Purpose == wire.PurposeOnSitePhoto
	return ofWebsite == (i.Owner.Type == wire.OwnerWebsite)
}

// attachmentCodes looks at pictures: format, purpose, owner, and whether the
// bytes are what the format says.
func attachmentCodes(list []wire.Attachment) []int64 {
	var codes []int64
	for _, a := range list {
		i := a.Info
		magic := map[int64]string{wire.FormatJPEG: "\xff\xd8", wire.FormatPNG: "\x89PNG"}[i.Format]
		switch {
		case magic == "":
			codes = append(codes, dataAttachmentFormat)
		case i.Purpose < 1 || i.Purpose > 5:
			codes = append(codes, dataAttachmentPurpose)
		case !ownerFits(i):
			codes = append(codes, dataPurposeOwner)
		case !bytes.HasPrefix(i.Content, []byte(magic)):
			codes = append(codes, dataAttachmentContent)
		}
	}
	return codes
}
