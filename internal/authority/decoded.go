package authority

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/store"
)

// Decoded gives the document of an upload as indented text, personal data
// masked and pictures left out.
func (g *Gateway) Decoded(ctx context.Context, upload string) (string, error) {
	var u store.Upload
	err := g.Store.View(ctx, func(tx *store.Tx) (err error) {
		u, err = g.upload(ctx, tx, upload)
		return err
	})
	if err != nil {
		return "", err
	}
	sealed, err := g.keptUpload(ctx, u.BlobKey)
	if err != nil {
		return "", err
	}
	document, err := g.build.profile.Open(sealed)
	if err != nil {
		return "", fmt.Errorf("open upload: %w", err)
	}
	data, err := wire.DecodeUpload(document)
	if err != nil {
		return "", err
	}
	return masked(data)
}

// DecodedDownload does the same for a download. icp.NotNow with
// "authority.file_broken" when its envelope cannot be opened.
func (g *Gateway) DecodedDownload(ctx context.Context, download string) (string, error) {
	var d store.Download
	err := g.Store.View(ctx, func(tx *store.Tx) (err error) {
		d, err = g.download(ctx, tx, download)
		return err
	})
	if err != nil {
		return "", err
	}
	data, fault, err := g.open(ctx, &d)
	if err != nil {
		return "", err
	}
	if fault != "" {
		return "", icp.E(icp.NotNow, "authority.file_broken").With("fault", fault)
	}
	return masked(data)
}

// hidden are the elements with personal data or secrets, and imaged the ones
// with pictures. Names of organisations are hidden too: a person's filing bears
// the person's.
var (
	hidden = nameSet("Dwmc Tzr Xxdz Zjhm Zjzs Fzr_xm Fzr_dhhm Fzr_sjhm Fzr_dzyj Fzr_zjhm Msn Qq Fzr_lxfs1 Fzr_lxfs2 Fzr_yjdh " +
		"Fzr_jstx_zh Shrxm Shr_dhhm sjhm Hsrxm Sbrxm Sbrdh Sbrdzyj Lxrxm Lxrdh Lxrdzyj Ly_dwmc Dzyj Sjhm " +
		"Zcr_mc Zcr_zz Zcr_txdz Zcr_dzyj Zcr_dhhm Gly_mz Gly_zz Gly_dz Gly_dzyj Gly_dh Jfr_mz Jfr_zz Jfr_dz Jfr_dzyj Jfr_dh")
	secret = nameSet("ICPmm")
	imaged = nameSet("Fjnr Spwj spwj")
)

func nameSet(list string) map[string]bool {
	out := map[string]bool{}
	for n := range strings.FieldsSeq(list) {
		out[n] = true
	}
	return out
}

// masked writes a document as indented text for the screen.
func masked(document any) (string, error) {
	plain, err := xml.Marshal(document)
	if err != nil {
		return "", fmt.Errorf("write xml: %w", err)
	}
	var out bytes.Buffer
	e := xml.NewEncoder(&out)
	e.Indent("", "  ")
	d := xml.NewDecoder(bytes.NewReader(plain))
	var path []string
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("read xml: %w", err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		}
		if c, ok := t.(xml.CharData); ok && len(path) > 0 {
			t = xml.CharData(mask(path[len(path)-1], string(c)))
		}
		if err := e.EncodeToken(t); err != nil {
			return "", fmt.Errorf("write xml: %w", err)
		}
	}
	if err := e.Flush(); err != nil {
		return "", fmt.Errorf("write xml: %w", err)
	}
	return out.String(), nil
}

func mask(element, text string) string {
	n := utf8.RuneCountInString(text)
	switch {
	case secret[element]:
		return "***"
	case imaged[element]:
		return fmt.Sprintf("(%d)", n*3/4)
	case !hidden[element]:
		return text
	case n <= 2:
		return strings.Repeat("*", n)
	}
	first, _ := utf8.DecodeRuneInString(text)
	return string(first) + strings.Repeat("*", min(n-1, 8))
}
