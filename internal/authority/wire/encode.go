package wire

import (
	"encoding/xml"
	"fmt"

	"github.com/openbeian/beian/internal/icp"
)

// Encode checks a document and gives its bytes in the profile's code page, with
// the profile's version. The result is valid under the ministry's upload
// schema. Faults come back as an icp.Invalid error with all fields at fault.
func (p Profile) Encode(d UploadData) ([]byte, error) {
	d.Version = p.Version
	if err := icp.InvalidFields(p.Check(&d)); err != nil {
		return nil, err
	}
	b, err := p.marshal(d)
	if err != nil {
		return nil, err
	}
	if len(b) > MaxUploadBytes {
		return nil, icp.E(icp.Invalid, "wire.file_too_large").With("max_mb", "50")
	}
	return b, nil
}

// EncodeDownload gives the bytes of a download document as an authority sends
// it; the simulator uses it. It does not check the schema, for authorities send
// what the schema does not have; see [Profile.CheckDownload].
func (p Profile) EncodeDownload(d DownloadData) ([]byte, error) { return p.marshal(d) }

func (p Profile) marshal(v any) ([]byte, error) {
	body, err := xml.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write xml: %w", err)
	}
	text := string(body)
	if p.CharacterReferences {
		text = p.CodePage.refer(text)
	}
	return p.CodePage.encode(`<?xml version="1.0" encoding="` + string(p.CodePage) + `"?>` + "\n" + text)
}
