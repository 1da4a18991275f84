package main

import (
	"bytes"
	"image/jpeg"
	"io"
	"testing"

	"github.com/openbeian/beian/e2e/drive"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/imaging"
	"github.com/openbeian/beian/internal/seal"
)

// These benchmarks are the pieces of a lifecycle that docs/performance.md
// tells the share of; all work on the same kind of picture as the driver.

func picture(b *testing.B) []byte {
	b.Helper()
	p, err := drive.Photo(pictureBytes, 1)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// BenchmarkDecode is what the standard library needs for one whole decode: the
// floor of every check that looks at pixels.
func BenchmarkDecode(b *testing.B) {
	p := picture(b)
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		if _, err := jpeg.Decode(bytes.NewReader(p)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkUploadChecks is what an upload does with its picture, whole and
// without the decode.
func BenchmarkUploadChecks(b *testing.B) {
	p := picture(b)
	for name, skip := range map[string]bool{"decode": false, "skip_decode": true} {
		b.Run(name, func(b *testing.B) {
			limits := imaging.DefaultLimits()
			limits.SkipDecode = skip
			for b.Loop() {
				if _, _, err := imaging.Normalize(p, limits); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkShrinkForAuthority is what the gateway does with each picture.
func BenchmarkShrinkForAuthority(b *testing.B) {
	p := picture(b)
	var size int
	for b.Loop() {
		out, err := imaging.JPEGWithin(p, wire.MaxAttachmentBytes(wire.PurposeSubjectCertificate))
		if err != nil {
			b.Fatal(err)
		}
		size = len(out)
	}
	b.ReportMetric(float64(size), "out_bytes")
}

// BenchmarkSeal seals a picture under an order's key, as an upload does.
func BenchmarkSeal(b *testing.B) {
	p := picture(b)
	key, err := newKey()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		w, err := key.SealStream(io.Discard, []byte("material-1"))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := w.Write(p); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func newKey() (*seal.Key, error) {
	box, err := seal.New()
	if err != nil {
		return nil, err
	}
	key, _, err := box.NewKey()
	return key, err
}
