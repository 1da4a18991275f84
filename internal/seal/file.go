package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// ErrExposed says that a key file is open to others than its owner.
var ErrExposed = errors.New("key file is open to other users; run: chmod 600")

const (
	keyFileFormat = 1
	// keyFileLimit bounds what is read of a key file, in bytes: thousands of rotations.
	keyFileLimit = 1 << 20
)

// keyFile is the JSON text of a key file. The keysets are Tink's own JSON form.
type keyFile struct {
	Format int             `json:"format"`
	Note   string          `json:"note"`
	Wrap   json.RawMessage `json:"wrap"`
	Index  json.RawMessage `json:"index"`
}

// Create makes a new key file with permissions 0600 and opens it. It never
// overwrites: when path exists the error is fs.ErrExist. A crash leaves either
// no key file or a whole one.
func Create(path string) (*Box, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, fmt.Errorf("create key file %s: %w", path, fs.ErrExist)
	}
	keys, err := generate()
	if err != nil {
		return nil, err
	}
	temp, err := writeTemp(path, keys)
	if err != nil {
		return nil, fmt.Errorf("create key file: %w", err)
	}
	defer func() { _ = os.Remove(temp) }()
	// A link, unlike a rename, fails when another process was faster.
	if err := os.Link(temp, path); err != nil {
		return nil, fmt.Errorf("create key file: %w", err)
	}
	if err := syncFolder(path); err != nil {
		return nil, err
	}
	return boxOf(keys), nil
}

// Open reads a key file. The error is fs.ErrNotExist when there is none and
// ErrExposed when its permissions let the group or others at it.
func Open(path string) (*Box, error) {
	keys, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return boxOf(keys), nil
}

// Reload takes over the key file's present keys, after another process rotated
// it. On an error the box keeps the keys it has.
func (b *Box) Reload(path string) error {
	keys, err := readFile(path)
	if err != nil {
		return err
	}
	b.keys.Store(keys)
	return nil
}

// Rotate adds a new primary key to the key file and uses it from now on; the
// older keys stay, for reading. path must be the file of this box. The other
// nodes need the new file (and Reload) before they meet what the new key seals,
// so give it to them at once. A crash leaves the old file or the new one, and
// whatever was sealed meanwhile opens with both.
func (b *Box) Rotate(path string) error {
	onFile, err := readFile(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(boxOf(onFile).Index("", ""), b.Index("", "")) {
		return fmt.Errorf("rotate key file %s: it belongs to another box", path)
	}
	manager := keyset.NewManagerFromHandle(onFile.wrap)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return fmt.Errorf("add wrapping key: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return fmt.Errorf("make new wrapping key primary: %w", err)
	}
	wrap, err := manager.Handle()
	if err != nil {
		return fmt.Errorf("take new wrapping keys: %w", err)
	}
	keys, err := keysOf(wrap, onFile.index)
	if err != nil {
		return err
	}
	temp, err := writeTemp(path, keys)
	if err != nil {
		return fmt.Errorf("rotate key file: %w", err)
	}
	defer func() { _ = os.Remove(temp) }()
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("rotate key file: %w", err)
	}
	if err := syncFolder(path); err != nil {
		return err
	}
	// Only now: nothing may be sealed under a key that is not yet on disk.
	b.keys.Store(keys)
	return nil
}

func readFile(path string) (*boxKeys, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open key file: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("stat key file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("key file %s is not a regular file", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("%w %s (it has %#o)", ErrExposed, path, mode)
	}
	text, err := io.ReadAll(io.LimitReader(f, keyFileLimit))
	if err != nil {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	keys, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return keys, nil
}

// parse reads a key file's text. Its errors quote nothing of it.
func parse(text []byte) (*boxKeys, error) {
	var file keyFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, errors.New("not a key file: the text is not JSON or was cut short")
	}
	if file.Format != keyFileFormat {
		return nil, fmt.Errorf("format %d is unknown; this version reads %d", file.Format, keyFileFormat)
	}
	wrap, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(file.Wrap)))
	if err != nil {
		return nil, errors.New("the wrapping keys cannot be read")
	}
	index, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(file.Index)))
	if err != nil {
		return nil, errors.New("the index key cannot be read")
	}
	return keysOf(wrap, index)
}

func (k *boxKeys) text() ([]byte, error) {
	var wrap, index bytes.Buffer
	if err := insecurecleartextkeyset.Write(k.wrap, keyset.NewJSONWriter(&wrap)); err != nil {
		return nil, fmt.Errorf("write wrapping keys: %w", err)
	}
	if err := insecurecleartextkeyset.Write(k.index, keyset.NewJSONWriter(&index)); err != nil {
		return nil, fmt.Errorf("write index key: %w", err)
	}
	text, err := json.MarshalIndent(keyFile{
		Format: keyFileFormat,
		Note:   "Keep a copy in a safe place, apart from the database. Without this file the personal data are lost.",
		Wrap:   wrap.Bytes(),
		Index:  index.Bytes(),
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write key file: %w", err)
	}
	return append(text, '\n'), nil
}

// writeTemp writes the keys to a new file beside path, durably, and names it.
// os.CreateTemp gives it permissions 0600.
func writeTemp(path string, keys *boxKeys) (name string, err error) {
	text, err := keys.text()
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*.tmp")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// syncFolder makes the new name itself durable.
func syncFolder(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("open folder of key file: %w", err)
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync folder of key file: %w", err)
	}
	return nil
}
