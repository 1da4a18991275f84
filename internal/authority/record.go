package authority

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// Kinds of our integer ids at the authority.
const (
	objectWebsite = "website"
	objectDomain  = "domain"
	objectAccess  = "access"
	objectIP      = "ip"
)

// websiteObjects are the kinds that each new website needs.
var websiteObjects = []string{objectWebsite, objectDomain, objectAccess, objectIP}

// siteIDs are our ids of one website in one request. A request takes new ones:
// the specification wants a new access id each time, and a late result of an
// earlier request must not be taken for one of this.
type siteIDs struct{ website, domain, access, ip int64 }

// Data codes that we give ourselves when no file can be made of an order.
const (
	codeInvalidIP   = 1006
	codeSchema      = 5001
	codeCharacters  = 5008
	codeAttachment  = 5010
	codeWholeReject = 1002
)

// request is an order about to be turned into a record.
type request struct {
	order    *icp.Order
	ids      map[icp.WebsiteID]siteIDs
	regions  map[icp.WebsiteID]string // of the servers
	pictures pictures
}

// newWebsites gives the indexes of the websites that have no licence number yet.
func newWebsites(o *icp.Order) []int {
	var out []int
	for i := range o.Data.Websites {
		if o.Data.Websites[i].LicenceNo == "" {
			out = append(out, i)
		}
	}
	return out
}

// subjectLicence is the licence number of an order's subject, in one spelling.
func subjectLicence(o *icp.Order) string {
	return icp.NormalizeLicenceNo(cmp.Or(o.Data.Filing.LicenceNo, o.Data.SubjectLicenceNo))
}

// builder turns orders into records of 新增网站 (XZWZ).
type builder struct {
	profile wire.Profile
	tables  *refdata.Tables
	channel *Channel
}

// record gives the record of an order, or the reasons why there can be none.
func (b *builder) record(r *request) (wire.AddWebsite, []DataError) {
	o := r.order
	licence := subjectLicence(o)
	out := wire.AddWebsite{Subject: wire.SubjectRef{Licence: licence}, FilingPasswordHash: o.Data.Filing.PasswordDigest}
	if b.profile.UpperHex {
		out.FilingPasswordHash = strings.ToUpper(out.FilingPasswordHash)
	}
	out.Attachments = subjectAttachments(licence, &r.pictures)
	var faults []DataError
	sites := newWebsites(o)
	for _, i := range sites {
		w := &o.Data.Websites[i]
		site, ok := b.website(w, r)
		if !ok {
			faults = append(faults, dataError(codeInvalidIP, sitePointer(i)+"/resource", ""))
			continue
		}
		out.Websites = append(out.Websites, site)
		out.Attachments = append(out.Attachments, websiteAttachments(site.ID, r.pictures.websitePrincipal(w))...)
	}
	if len(faults) > 0 {
		return wire.AddWebsite{}, faults
	}
	return out, b.check(&out, sites)
}

func (b *builder) website(w *icp.Website, r *request) (wire.Website, bool) {
	ids := r.ids[w.ID]
	ip, err := wire.IPv4Number(w.Resource.IP)
	if err != nil {
		return wire.Website{}, false
	}
	out := wire.Website{ID: ids.website, Name: w.Name, Approvals: b.approvals(w, r.pictures.approvals[w.ID]),
		Services: wire.ServiceIDs{IDs: []int64{int64(w.ServiceContent)}},
		Domains:  []wire.Domain{{ID: ids.domain, Name: w.Domain}},
		Accesses: []wire.Access{{ID: ids.access, Places: wire.PlaceIDs{IDs: []int64{b.place(r.regions[w.ID])}},
			Modes: wire.ModeIDs{IDs: []int64{b.mode()}}, IPs: []wire.IPRange{{ID: ids.ip, First: ip, Last: ip}}}},
		Principal: principal(&w.Principal), HomePage: w.HomeURL, Remark: w.Remark}
	for _, l := range w.Languages {
		out.Languages.IDs = append(out.Languages.IDs, int64(l))
	}
	return out, true
}

// place gives the id of the place of a server (Fbdd): as the channel names its
// regions, else by the region's code, else the channel's own place.
func (b *builder) place(region string) int64 {
	if id, ok := b.channel.Places[region]; ok {
		return int64(id)
	}
	if l, ok := b.tables.ServerLocationOf(region); ok {
		return int64(l.ID)
	}
	if b.channel.Place == 0 {
		if l, ok := b.tables.ServerLocationOf("110000"); ok {
			return int64(l.ID)
		}
	}
	return int64(b.channel.Place)
}

// mode gives the id of the way of access (Jrfs).
func (b *builder) mode() int64 {
	if b.channel.AccessMode == 0 {
		if m, ok := b.tables.AccessModeNamed("云接入"); ok {
			return int64(m.ID)
		}
	}
	return int64(b.channel.AccessMode)
}

// approvals lists the prior approvals. Pictures are not kept apart by
// approval, so each approval gets all of the website's.
func (b *builder) approvals(w *icp.Website, scans []wire.Base64) *wire.Approvals {
	var out wire.Approvals
	for _, a := range w.PreApprovals {
		if t, ok := b.tables.PreApproval(a.Type); ok && t.None {
			continue
		}
		out.Items = append(out.Items, wire.Approval{Type: int64(a.Type), Number: a.Number, Scans: scans})
	}
	if len(out.Items) == 0 {
		return nil
	}
	return &out
}

func principal(p *icp.Principal) wire.Principal {
	return wire.Principal{Name: p.Name, OfficePhone: p.OfficePhone, Mobile: p.Mobile, Email: p.Email,
		CertificateType: int64(p.CertificateType), CertificateNumber: p.CertificateNumber}
}

func subjectAttachments(licence string, p *pictures) []wire.Attachment {
	owner := wire.AttachmentOwner{Type: wire.OwnerSubject, Ref: wire.RecordRef{Licence: licence}}
	out := attachments(wire.PurposeSubjectCertificate, owner, p.certificate)
	return append(out, attachments(wire.PurposeSubjectPrincipalCert, owner, p.principal)...)
}

func websiteAttachments(website int64, scans []wire.Base64) []wire.Attachment {
	return attachments(wire.PurposeWebsitePrincipalCert,
		wire.AttachmentOwner{Type: wire.OwnerWebsite, Ref: wire.RecordRef{RecordID: website}}, scans)
}

func attachments(purpose int64, owner wire.AttachmentOwner, scans []wire.Base64) []wire.Attachment {
	var out []wire.Attachment
	for _, content := range scans {
		out = append(out, wire.Attachment{Info: wire.AttachmentInfo{Format: wire.FormatJPEG, Purpose: purpose, Content: content, Owner: owner}})
	}
	return out
}

// check validates one record by itself, so that its faults go back to its own
// order and never hold up a file.
func (b *builder) check(a *wire.AddWebsite, sites []int) []DataError {
	d := document(b.channel.ProviderID(), []wire.AddWebsite{*a})
	var out []DataError
	for _, f := range b.profile.Check(&d) {
		code := codeSchema
		switch {
		case f.Code == "wire.not_encodable" || f.Code == "wire.illegal_character":
			code = codeCharacters
		case strings.Contains(f.Pointer, "/Fj/") || strings.Contains(f.Pointer, "/Spwj"):
			code = codeAttachment
		}
		out = append(out, dataError(code, elementPointer(f.Pointer, sites), cmp.Or(f.Params["codepoint"], f.Code)))
	}
	return out
}

// document wraps records as an upload.
func document(provider int64, records []wire.AddWebsite) wire.UploadData {
	return wire.UploadData{ICP: &wire.UploadICP{AddWebsites: &wire.AddWebsites{Records: records}, ProviderID: provider}}
}

// dataError words a code; more is a detail for staff, such as the code point of
// a character.
func dataError(code int, pointer, more string) DataError {
	text := wire.DataCodeOf(int64(code)).ZH
	if more != "" {
		text += "（" + more + "）"
	}
	return DataError{Code: code, Pointer: pointer, Text: text}
}

func sitePointer(i int) string { return "/websites/" + strconv.Itoa(i) }
