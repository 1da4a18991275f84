package authority

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/imaging"
	"github.com/openbeian/beian/internal/seal"
)

// pictures are an order's materials as the authority takes them: JPEG, small.
type pictures struct {
	certificate []wire.Base64 // of the subject
	principal   []wire.Base64 // of the subject's principal
	websites    map[icp.WebsiteID][]wire.Base64
	approvals   map[icp.WebsiteID][]wire.Base64
}

// websitePrincipal gives the certificate of a website's principal, which is
// the subject's own where the two are the same person.
func (p *pictures) websitePrincipal(w *icp.Website) []wire.Base64 {
	if own := p.websites[w.ID]; len(own) > 0 || !w.SameAsSubject {
		return own
	}
	return p.principal
}

// pictures reads and shrinks the materials of an order. The faults are those of
// the materials; the error is one of the storage, and passes.
func (g *Gateway) pictures(ctx context.Context, o *icp.Order, key *seal.Key) (pictures, []DataError, error) {
	p := pictures{websites: map[icp.WebsiteID][]wire.Base64{}, approvals: map[icp.WebsiteID][]wire.Base64{}}
	var faults []DataError
	for i := range o.Materials {
		m := &o.Materials[i]
		purpose := purposeOf(m.Kind)
		if purpose == 0 || m.Website != "" && (o.Website(m.Website) == nil || o.Website(m.Website).LicenceNo != "") {
			continue
		}
		small, err := g.picture(ctx, m, key, wire.MaxAttachmentBytes(purpose))
		if unfit(err) {
			faults = append(faults, dataError(codeAttachment, materialPointer(o, m), ""))
			continue
		}
		if err != nil {
			return p, nil, fmt.Errorf("read material %s: %w", m.ID, err)
		}
		p.add(m, small)
	}
	if o.Data.Subject.IsIndividual() { // one certificate serves as both
		if len(p.certificate) == 0 {
			p.certificate = p.principal
		}
		if len(p.principal) == 0 {
			p.principal = p.certificate
		}
	}
	return p, faults, nil
}

// materialPointer names a material as package form does: with the website's
// index where it belongs to one.
func materialPointer(o *icp.Order, m *icp.Material) string {
	p := "/materials/" + string(m.Kind)
	for i := range o.Data.Websites {
		if o.Data.Websites[i].ID == m.Website {
			p += "/" + strconv.Itoa(i)
		}
	}
	return p
}

func (p *pictures) add(m *icp.Material, content wire.Base64) {
	switch m.Kind { //nolint:exhaustive // the others stay here, see purposeOf
	case icp.MaterialSubjectCertificate:
		p.certificate = append(p.certificate, content)
	case icp.MaterialPrincipalFront, icp.MaterialPrincipalBack:
		p.principal = append(p.principal, content)
	case icp.MaterialWebsitePrincipalFront, icp.MaterialWebsitePrincipalBack:
		p.websites[m.Website] = append(p.websites[m.Website], content)
	case icp.MaterialPreApproval:
		p.approvals[m.Website] = append(p.approvals[m.Website], content)
	}
}

// purposeOf gives the purpose of an attachment (Fjyt), which bounds its size; 0
// for what is not sent: papers that rules ask for are for the provider's review,
// and interface 3.0 has no purpose for them. Approvals travel inside the website,
// with the same bound.
func purposeOf(k icp.MaterialKind) int64 {
	switch k { //nolint:exhaustive // the others are not sent
	case icp.MaterialSubjectCertificate:
		return wire.PurposeSubjectCertificate
	case icp.MaterialPrincipalFront, icp.MaterialPrincipalBack:
		return wire.PurposeSubjectPrincipalCert
	case icp.MaterialWebsitePrincipalFront, icp.MaterialWebsitePrincipalBack, icp.MaterialPreApproval:
		return wire.PurposeWebsitePrincipalCert
	}
	return 0
}

// picture opens one material and makes it small.
func (g *Gateway) picture(ctx context.Context, m *icp.Material, key *seal.Key, limit int) (wire.Base64, error) {
	r, err := g.Blobs.Open(ctx, m.BlobKey)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }() // it was only read
	plain, err := key.OpenStream(r, []byte(m.BlobKey))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(plain)
	if err != nil {
		return nil, err
	}
	return imaging.JPEGWithin(data, limit)
}

// unfit tells a material that no second try will mend from a passing fault.
func unfit(err error) bool {
	return errors.Is(err, icp.ErrInvalid) || errors.Is(err, icp.ErrNotFound) || errors.Is(err, seal.ErrBroken)
}
