package imaging

import (
	"strconv"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"github.com/openbeian/beian/internal/icp"
)

// sniff tells the format by content; names and declared types do not count.
func sniff(data []byte) (Format, error) {
	if len(data) == 0 {
		return "", refuse("empty")
	}
	for m := mimetype.Detect(data); m != nil; m = m.Parent() {
		switch mime, _, _ := strings.Cut(m.String(), ";"); mime {
		case "image/jpeg":
			return JPEG, nil
		case "image/png":
			return PNG, nil
		case "image/gif":
			return GIF, nil
		default:
			if kind, ok := refusedKind(mime); ok {
				return "", refuse("type." + kind)
			}
		}
	}
	return "", refuse("type")
}

// refusedKinds are what people upload by mistake, each with a remedy of its own.
var refusedKinds = map[string]string{
	"application/pdf":               "pdf",
	"image/heic":                    "heic",
	"image/heic-sequence":           "heic",
	"image/heif":                    "heic",
	"image/heif-sequence":           "heic",
	"image/webp":                    "webp",
	"image/avif":                    "avif",
	"image/bmp":                     "bmp",
	"image/tiff":                    "tiff",
	"image/svg+xml":                 "svg",
	"image/vnd.adobe.photoshop":     "psd",
	"application/zip":               "archive",
	"application/vnd.rar":           "archive",
	"application/x-7z-compressed":   "archive",
	"application/gzip":              "archive",
	"application/x-ole-storage":     "document",
	"application/msword":            "document",
	"application/vnd.ms-excel":      "document",
	"application/rtf":               "document",
	"text/rtf":                      "document",
	"text/html":                     "web_page",
	"application/vnd.ms-powerpoint": "document",
}

func refusedKind(mime string) (string, bool) {
	if kind, ok := refusedKinds[mime]; ok {
		return kind, true
	}
	switch {
	case strings.HasPrefix(mime, "application/vnd.openxmlformats-officedocument"),
		strings.HasPrefix(mime, "application/vnd.oasis.opendocument"):
		return "document", true
	case strings.HasPrefix(mime, "video/"):
		return "video", true
	}
	return "", false
}

func (p *picture) checkPixels(limits Limits) error {
	w, h := p.info.Width, p.info.Height
	params := func(e *icp.Error, limit int) error {
		return e.With("width", strconv.Itoa(w)).With("height", strconv.Itoa(h)).With("limit", strconv.Itoa(limit))
	}
	switch {
	case w <= 0 || h <= 0:
		return broken(p.info.Format, nil)
	case w > limits.MaxSide || h > limits.MaxSide:
		return params(refuse("side"), limits.MaxSide)
	case int64(w)*int64(h) > int64(limits.MaxPixels):
		return params(refuse("pixels"), limits.MaxPixels/1_000_000)
	}
	if max(w, h) < limits.MinSide {
		p.info.Warnings = append(p.info.Warnings, icp.FieldError{Code: "material.file.small_picture", Params: map[string]string{
			"width": strconv.Itoa(w), "height": strconv.Itoa(h), "limit": strconv.Itoa(limits.MinSide),
		}})
	}
	return nil
}

func refuse(code string) *icp.Error { return icp.E(icp.Invalid, "material.file."+code) }

func broken(format Format, cause error) error {
	return refuse("broken").With("type", strings.ToUpper(string(format))).Because(cause)
}

// sizeText gives a size as people read it: 1024 bytes are a KB here, as on
// every form that asks for one.
func sizeText(bytes int64) string {
	const kb, mb = 1 << 10, 1 << 20
	switch {
	case bytes < kb:
		return strconv.FormatInt(bytes, 10) + " B"
	case bytes < mb:
		return strconv.FormatInt(bytes/kb, 10) + " KB"
	}
	return strings.TrimSuffix(strconv.FormatFloat(float64(bytes)/mb, 'f', 1, 64), ".0") + " MB"
}
