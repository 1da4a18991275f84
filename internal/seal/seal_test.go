package seal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func newBox(t testing.TB) *Box {
	t.Helper()
	b, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newKey(t testing.TB) *Key {
	t.Helper()
	k, _, err := newBox(t).NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sealer is what Key and Box have in common.
type sealer interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

func TestSealedValueOpensOnlyUnchangedAndInItsPlace(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]sealer{"key": newKey(t), "box": newBox(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plain, place := []byte("张三 110101199003070011"), []byte("order 1 subject")
			sealed, err := s.Seal(plain, place)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(sealed, []byte("张三")) {
				t.Fatal("the plain text shows")
			}
			got, err := s.Open(sealed, place)
			if err != nil || !bytes.Equal(got, plain) {
				t.Fatalf("open = %q, %v", got, err)
			}
			if _, err := s.Open(sealed, []byte("order 2 subject")); !errors.Is(err, ErrBroken) {
				t.Errorf("another context: %v, want ErrBroken", err)
			}
			for i := range sealed {
				bad := bytes.Clone(sealed)
				bad[i] ^= 1
				if _, err := s.Open(bad, place); !errors.Is(err, ErrBroken) {
					t.Fatalf("byte %d changed: %v, want ErrBroken", i, err)
				}
				if _, err := s.Open(sealed[:i], place); !errors.Is(err, ErrBroken) {
					t.Fatalf("cut at %d: %v, want ErrBroken", i, err)
				}
			}
			again, err := s.Seal(plain, place)
			if err != nil || bytes.Equal(again, sealed) {
				t.Errorf("the same value sealed twice must differ (%v)", err)
			}
		})
	}
}

func TestOtherKeysOpenNothing(t *testing.T) {
	t.Parallel()
	box := newBox(t)
	k1, w1, err := box.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	k2, _, err := box.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := k1.Seal([]byte("x"), nil)
	if _, err := k2.Open(sealed, nil); !errors.Is(err, ErrBroken) {
		t.Errorf("another data key: %v", err)
	}
	if _, err := newBox(t).Unwrap(w1); !errors.Is(err, ErrBroken) {
		t.Errorf("another box: %v", err)
	}
	back, err := box.Unwrap(w1)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := back.Open(sealed, nil); err != nil || string(got) != "x" {
		t.Errorf("unwrapped key opens %q, %v", got, err)
	}
	// A wrapped key must not pass for a field, even with its format byte changed.
	field := bytes.Clone(w1)
	field[0] = formatField
	if _, err := box.Open(field, nil); !errors.Is(err, ErrBroken) {
		t.Errorf("wrapped key opened as a field: %v", err)
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	k := newKey(t)
	place := []byte("material 7")
	for _, size := range []int{0, 1, streamSegment - 100, streamSegment, 3*streamSegment + 17} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			plain := bytes.Repeat([]byte("图"), size/3+1)[:size]
			sealed := sealStream(t, k, plain, place)
			r, err := k.OpenStream(iotest.HalfReader(bytes.NewReader(sealed)), place)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain) {
				t.Fatalf("read %d bytes, %v; want %d", len(got), err, size)
			}
			if err := readStream(k, sealed, []byte("material 8")); !errors.Is(err, ErrBroken) {
				t.Errorf("another context: %v", err)
			}
			if err := readStream(newKey(t), sealed, place); !errors.Is(err, ErrBroken) {
				t.Errorf("another key: %v", err)
			}
			for _, at := range []int{0, 1, 20, len(sealed) / 2, len(sealed) - 1} {
				bad := bytes.Clone(sealed)
				bad[at] ^= 0x40
				if err := readStream(k, bad, place); !errors.Is(err, ErrBroken) {
					t.Errorf("byte %d changed: %v", at, err)
				}
				if err := readStream(k, sealed[:at], place); !errors.Is(err, ErrBroken) {
					t.Errorf("cut at %d: %v", at, err)
				}
			}
			if err := readStream(k, append(bytes.Clone(sealed), 'x'), place); !errors.Is(err, ErrBroken) {
				t.Errorf("a byte added: %v", err)
			}
		})
	}
}

func TestStreamCutAtASegmentIsBroken(t *testing.T) {
	t.Parallel()
	k := newKey(t)
	sealed := sealStream(t, k, make([]byte, 4*streamSegment), nil)
	if err := readStream(k, sealed[:1+2*streamSegment], nil); !errors.Is(err, ErrBroken) {
		t.Errorf("cut between segments: %v, want ErrBroken", err)
	}
}

func TestStreamPassesOnErrorsOfTheSource(t *testing.T) {
	t.Parallel()
	k := newKey(t)
	sealed := sealStream(t, k, make([]byte, 3*streamSegment), nil)
	disk := errors.New("disk is gone")
	for _, at := range []int{0, 30, 2 * streamSegment} {
		r, err := k.OpenStream(io.MultiReader(bytes.NewReader(sealed[:at]), iotest.ErrReader(disk)), nil)
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		if !errors.Is(err, disk) || errors.Is(err, ErrBroken) {
			t.Errorf("source fails at %d: %v, want its own error", at, err)
		}
	}
}

func sealStream(t testing.TB, k *Key, plain, context []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := k.SealStream(&out, context)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readStream(k *Key, sealed, context []byte) error {
	r, err := k.OpenStream(bytes.NewReader(sealed), context)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return err
}

func TestIndexIsStableAndApartByKind(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	one := b.Index("phone", "13800138000")
	if len(one) != indexSize {
		t.Fatalf("%d bytes, want %d", len(one), indexSize)
	}
	if !bytes.Equal(one, b.Index("phone", "13800138000")) {
		t.Error("the same value gives another index")
	}
	if bytes.Equal(one, b.Index("phone", "13800138001")) {
		t.Error("another value gives the same index")
	}
	if bytes.Equal(b.Index("a", "bc"), b.Index("ab", "c")) {
		t.Error("kind and value run into each other")
	}
	if bytes.Equal(one, newBox(t).Index("phone", "13800138000")) {
		t.Error("another box gives the same index")
	}
}

func TestKeyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "beian.key")
	if _, err := Open(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("open without a file: %v", err)
	}
	made, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("permissions %#o, want 0600", info.Mode().Perm())
	}
	before, _ := os.ReadFile(path)
	if _, err := Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("create over a file: %v, want fs.ErrExist", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the key file was overwritten")
	}
	read, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := made.Seal([]byte("x"), nil)
	if got, err := read.Open(sealed, nil); err != nil || string(got) != "x" {
		t.Errorf("the file's box opens %q, %v", got, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".key-*")); len(left) != 0 {
		t.Errorf("temporary files are left: %v", left)
	}
}

func TestKeyFileOpenToOthersIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "k")
	if _, err := Create(path); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o660, 0o601} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); !errors.Is(err, ErrExposed) {
			t.Errorf("mode %#o: %v, want ErrExposed", mode, err)
		}
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err != nil {
		t.Errorf("mode 0400: %v", err)
	}
}

func TestRotationKeepsOldDataReadable(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "k")
	box, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Open(path) // another node
	if err != nil {
		t.Fatal(err)
	}
	key, wrapped, _ := box.NewKey()
	data, _ := key.Seal([]byte("old data"), nil)
	field, _ := box.Seal([]byte("old field"), nil)
	index := box.Index("k", "v")

	if same, changed, err := box.Rewrap(wrapped); err != nil || changed || !bytes.Equal(same, wrapped) {
		t.Errorf("rewrap before rotation: changed %v, %v", changed, err)
	}
	if err := box.Rotate(path); err != nil {
		t.Fatal(err)
	}
	if got, err := box.Open(field, nil); err != nil || string(got) != "old field" {
		t.Errorf("old field after rotation: %q, %v", got, err)
	}
	if !bytes.Equal(index, box.Index("k", "v")) {
		t.Error("rotation changed the blind index")
	}
	renewed, changed, err := box.Rewrap(wrapped)
	if err != nil || !changed {
		t.Fatalf("rewrap after rotation: changed %v, %v", changed, err)
	}
	if _, err := other.Unwrap(renewed); !errors.Is(err, ErrBroken) {
		t.Errorf("a node with the old file unwrapped the new key: %v", err)
	}
	if err := other.Reload(path); err != nil {
		t.Fatal(err)
	}
	again, err := other.Unwrap(renewed)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(data, nil); err != nil || string(got) != "old data" {
		t.Errorf("old data under the rewrapped key: %q, %v", got, err)
	}
}

func TestRotateRefusesAnotherBoxsFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "k")
	if _, err := Create(path); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	if err := newBox(t).Rotate(path); err == nil {
		t.Fatal("rotated a file that is not its own")
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
}

func TestBrokenKeyFilesAreRefusedWithoutQuotingThem(t *testing.T) {
	t.Parallel()
	keys, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	good, err := keys.text()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":            "",
		"cut short":        string(good[:len(good)/2]),
		"later format":     `{"format":2}`,
		"no keys":          `{"format":1}`,
		"secret not ours":  "TOPSECRET",
		"keysets are text": `{"format":1,"wrap":"TOPSECRET","index":"TOPSECRET"}`,
	} {
		if _, err := parse([]byte(text)); err == nil || strings.Contains(err.Error(), "TOPSECRET") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPrintingShowsNoKey(t *testing.T) {
	t.Parallel()
	for _, v := range []any{newBox(t), newKey(t)} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if got := fmt.Sprintf(verb, v); got != "seal.Box" && got != "seal.Key" {
				t.Errorf("%s shows %q", verb, got)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	k, b := newKey(f), newBox(f)
	good, _ := k.Seal([]byte("plain"), nil)
	field, _ := b.Seal([]byte("plain"), nil)
	f.Add(good)
	f.Add(field)
	f.Add([]byte{formatWrapped})
	f.Add(sealStream(f, k, []byte("plain"), nil))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if got, err := k.Open(sealed, nil); err == nil && (!bytes.Equal(sealed, good) || string(got) != "plain") {
			t.Errorf("forged value opens as %q", got)
		}
		if _, err := b.Open(sealed, nil); err == nil && !bytes.Equal(sealed, field) {
			t.Error("forged field opens")
		}
		if _, err := b.Unwrap(sealed); err == nil {
			t.Error("forged data key unwraps")
		}
		_ = readStream(k, sealed, nil) // must end, without a panic
	})
}

func BenchmarkNewKeyAndSeal4K(b *testing.B) {
	box, plain, place := newBox(b), make([]byte, 4096), []byte("order 1")
	b.ReportAllocs()
	for b.Loop() {
		k, _, err := box.NewKey()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := k.Seal(plain, place); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnwrapAndOpen4K(b *testing.B) {
	box := newBox(b)
	k, w, _ := box.NewKey()
	sealed, _ := k.Seal(make([]byte, 4096), nil)
	b.ReportAllocs()
	for b.Loop() {
		k, err := box.Unwrap(w)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := k.Open(sealed, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStream200K(b *testing.B) {
	k, plain := newKey(b), make([]byte, 200<<10)
	b.ReportAllocs()
	for b.Loop() {
		w, err := k.SealStream(io.Discard, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := w.Write(plain); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
