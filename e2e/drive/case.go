package drive

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
)

// Order is what a driver needs to know of an order.
type Order struct {
	ID       string `json:"id"`
	State    string `json:"state"`
	Version  int64  `json:"version"`
	Round    int    `json:"round"`
	Websites []struct {
		ID        string `json:"id"`
		Domain    string `json:"domain"`
		LicenceNo string `json:"licence_no"`
	} `json:"websites"`
	Subject struct {
		Name              string `json:"name"`
		CertificateNumber string `json:"certificate_number"`
		CertificateType   int    `json:"certificate_type"`
		Nature            int    `json:"nature"`
	} `json:"subject"`
	Materials []struct {
		ID   string `json:"id"`
		Hash string `json:"hash"`
	} `json:"materials"`
	Findings []struct {
		Pointer  string `json:"pointer"`
		Severity string `json:"severity"`
		Code     string `json:"code"`
		Message  string `json:"message"`
	} `json:"findings"`
}

// Create begins an order for a checked domain on a server.
func (c *Client) Create(ctx context.Context, key, check, server string) (Order, error) {
	var o Order
	c.Version = ""
	err := c.Do(ctx, http.MethodPost, "/orders", map[string]any{"domain_check": check,
		"resource": map[string]string{"kind": "server", "server": server}}, &o, "Idempotency-Key", key)
	return o, err
}

// FillSubject saves complete answers about an invented unit in Beijing.
func (c *Client) FillSubject(ctx context.Context, o *Order) error {
	return c.Do(ctx, http.MethodPut, "/orders/"+o.ID+"/subject", map[string]any{
		"region": "110108", "nature": o.Subject.Nature, "certificate_type": o.Subject.CertificateType,
		"certificate_number": o.Subject.CertificateNumber, "name": o.Subject.Name, "investor": o.Subject.Name,
		"certificate_address": "北京市海淀区学院路 1 号 3 号楼 2 层 201 室", "address": "学院路 1 号 3 号楼 2 层 201 室",
		"principal": map[string]any{"name": "周明远", "role": "legal_representative", "certificate_type": 2, "certificate_number": "11010519491231002X",
			"certificate_until": "2036-01-01", "mobile": "13800138000", "office_phone": "010-87654321",
			"emergency_phone": "13900139000", "email": "zhou@example.com"},
		"remark": "主体信息与原备案一致，法定代表人为主体负责人，联系电话工作时间可接听。"}, o)
}

// ProveFiling checks the filing that the subject holds elsewhere.
func (c *Client) ProveFiling(ctx context.Context, o *Order, licenceNo, password string) error {
	return c.Do(ctx, http.MethodPut, "/orders/"+o.ID+"/filing", map[string]string{"licence_no": licenceNo, "password": password}, o)
}

// FillWebsite saves complete answers about the first website.
func (c *Client) FillWebsite(ctx context.Context, o *Order, content int) error {
	return c.Do(ctx, http.MethodPut, "/orders/"+o.ID+"/websites/"+o.Websites[0].ID, map[string]any{
		"name": o.Subject.Name, "service_content": content, "languages": []int{1}, "pre_approvals": []any{}, "same_as_subject": true,
		"principal": map[string]any{}, "remark": "公司官网，展示产品与服务、技术文档和联系方式，不涉及前置审批内容。"}, o)
}

// Upload sends a picture of a kind.
func (c *Client) Upload(ctx context.Context, id, kind string, picture []byte) (Order, error) {
	var out struct {
		Order Order `json:"order"`
	}
	err := c.Do(ctx, http.MethodPost, Query("/orders/"+id+"/materials", "kind", kind, "name", kind+".jpg"), picture, &out)
	return out.Order, err
}

// Consents lists the consent texts in force as a submission names them.
func (c *Client) Consents(ctx context.Context) ([]map[string]any, error) {
	var site struct {
		Consents []struct {
			Text    string `json:"text"`
			Edition int    `json:"edition"`
		} `json:"consents"`
	}
	if err := c.Do(ctx, http.MethodGet, "/site", nil, &site); err != nil {
		return nil, err
	}
	var out []map[string]any
	for _, t := range site.Consents {
		out = append(out, map[string]any{"text": t.Text, "edition": t.Edition})
	}
	return out, nil
}

// Submit hands the order to review.
func (c *Client) Submit(ctx context.Context, o *Order, key string, consents []map[string]any) error {
	return c.Do(ctx, http.MethodPost, "/orders/"+o.ID+"/submission", map[string]any{"consents": consents}, o, "Idempotency-Key", key)
}

// Act posts a reviewer's or applicant's act without a body.
func (c *Client) Act(ctx context.Context, id, act string, in any) (Order, error) {
	var o Order
	if in == nil {
		in = map[string]any{}
	}
	return o, c.Do(ctx, http.MethodPost, "/orders/"+id+"/"+act, in, &o)
}

// Read reads an order.
func (c *Client) Read(ctx context.Context, id string) (Order, error) {
	var o Order
	return o, c.Do(ctx, http.MethodGet, "/orders/"+id, nil, &o)
}

// Photo makes a JPEG of about the size in bytes that looks to a decoder like a
// photo of a certificate: soft background, some texture, lines of text. The
// same seed gives the same picture.
func Photo(size int, seed uint64) ([]byte, error) {
	const w, h = 1280, 900
	r := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // a picture, not a secret
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			n := uint8(r.UintN(24))
			c := color.RGBA{R: 200 + n, G: 190 + n, B: uint8(150+x*40/w) + n, A: 255}
			if y%60 < 26 && x > 80 && x < w-80 && (x/9+y/13)%3 != 0 && r.UintN(3) > 0 {
				c = color.RGBA{R: 40 + n, G: 40 + n, B: 60 + n, A: 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var best []byte
	for low, high := 1, 100; low <= high; {
		q := (low + high) / 2
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: q}); err != nil {
			return nil, err
		}
		if b.Len() >= size {
			best, high = b.Bytes(), q-1
		} else {
			low = q + 1
		}
	}
	if best == nil {
		return nil, fmt.Errorf("no quality gives %d bytes", size)
	}
	return best, nil
}
