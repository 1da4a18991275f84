package rulebook

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/openbeian/beian/internal/refdata"
	"github.com/openbeian/beian/internal/rules"
)

// The parts of an edition: folders of its files.
const (
	builtinPart   = "builtin"
	operatorPart  = "operator"
	referencePart = "reference"
)

// Bounds of what an operator's folder may hold, so that a wrong path does not
// read a whole disk into the database.
const (
	maxPacks    = 500
	maxPackSize = 1 << 20
	maxEdition  = 64 << 20 // unpacked
)

// files are the texts of an edition by path, such as operator/mine.yaml.
type files map[string]string

// part gives the files of one part, without its name.
func (f files) part(name string) map[string][]byte {
	out := map[string][]byte{}
	for p, text := range f {
		if rest, ok := strings.CutPrefix(p, name+"/"); ok {
			out[rest] = []byte(text)
		}
	}
	return out
}

// with gives a copy whose part is that of other.
func (f files) with(part string, other files) files {
	out := files{}
	for p, text := range f {
		if !strings.HasPrefix(p, part+"/") {
			out[p] = text
		}
	}
	for p, text := range other {
		if strings.HasPrefix(p, part+"/") {
			out[p] = text
		}
	}
	return out
}

// pack writes an edition as a ZIP archive.
func (f files) pack() ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		entry, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(entry, f[name])
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack edition: %w", err)
	}
	return out.Bytes(), nil
}

// unpack is the inverse of pack.
func unpack(archive []byte) (files, error) {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("unpack edition: %w", err)
	}
	out, left := files{}, int64(maxEdition)
	for _, entry := range r.File {
		text, err := read(entry, left)
		if err != nil {
			return nil, fmt.Errorf("unpack %s: %w", entry.Name, err)
		}
		left -= int64(len(text))
		out[entry.Name] = text
	}
	return out, nil
}

func read(entry *zip.File, most int64) (string, error) {
	r, err := entry.Open()
	if err != nil {
		return "", err
	}
	defer func() { _ = r.Close() }() // read only
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if int64(len(text)) > most {
		return "", errors.New("the edition is too large")
	}
	return string(text), err
}

// programFiles are the packs of this program.
func programFiles() (files, error) {
	out := files{}
	err := walk(rules.Packs(), func(name string, text []byte) error {
		out[path.Join(builtinPart, name)] = string(text)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the program's packs: %w", err)
	}
	return out, nil
}

// folderFiles are the packs of an operator's folder.
func folderFiles(folder string) (files, error) {
	out := files{}
	info, err := os.Stat(folder)
	if err != nil {
		return nil, fmt.Errorf("read rules folder: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("read rules folder: %s is no folder", folder)
	}
	err = walk(os.DirFS(folder), func(name string, text []byte) error {
		switch {
		case len(out) == maxPacks:
			return fmt.Errorf("more than %d packs", maxPacks)
		case len(text) > maxPackSize:
			return fmt.Errorf("%s is larger than %d bytes", name, maxPackSize)
		}
		out[path.Join(operatorPart, name)] = string(text)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read rules folder: %w", err)
	}
	return out, nil
}

// walk reads the packs under a root as package rules finds them; what is hidden
// (a folder's .git, an editor's copy) is left out.
func walk(root fs.FS, each func(name string, text []byte) error) error {
	return fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if hidden := strings.HasPrefix(entry.Name(), ".") && name != "."; hidden {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".yaml") {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		return each(name, text)
	})
}

var editionLine = regexp.MustCompile(`(?m)^edition:\s*"?(\d{4}-\d{2}-\d{2})`)

// day is the latest edition of the packs of a part, found without loading them:
// an older program must be able to tell that packs are newer than its own.
func (f files) day(part string) string {
	latest := ""
	for name, text := range f {
		if m := editionLine.FindStringSubmatch(text); m != nil && strings.HasPrefix(name, part+"/") {
			latest = max(latest, m[1])
		}
	}
	return latest
}

// loaded is an edition ready to judge.
type loaded struct {
	version string
	files   files
	archive []byte // the files packed
	set     *rules.Set
	tables  *refdata.Tables
}

// programLoaded is the edition of a program without anything of the operator's,
// which most installations have: compiled once.
var programLoaded = sync.OnceValues(func() (*loaded, error) {
	f, err := programFiles()
	if err != nil {
		return nil, err
	}
	return compile(f)
})

// load compiles an edition. It checks no examples.
func load(f files) (*loaded, error) {
	if plain, err := programLoaded(); err == nil && same(plain.files, f) {
		return plain, nil
	}
	return compile(f)
}

func compile(f files) (*loaded, error) {
	out := &loaded{files: f, tables: refdata.Builtin()}
	reference, err := f.part(referencePart), error(nil)
	if len(reference) > 0 {
		if out.tables, err = refdata.LoadFiles(reference); err != nil {
			return nil, err
		}
	}
	if out.archive, err = f.pack(); err != nil {
		return nil, err
	}
	all, err := zip.NewReader(bytes.NewReader(out.archive), int64(len(out.archive)))
	if err != nil {
		return nil, fmt.Errorf("read edition: %w", err)
	}
	var roots []fs.FS
	for _, part := range []string{builtinPart, operatorPart} {
		if len(f.part(part)) == 0 {
			continue
		}
		root, err := fs.Sub(all, part)
		if err != nil {
			return nil, fmt.Errorf("read edition: %w", err)
		}
		roots = append(roots, root)
	}
	if out.set, err = rules.Load(out.tables, roots...); err != nil {
		return nil, err
	}
	out.version = out.set.Version() + digest(reference)
	return out, nil
}

// digest tells editions apart whose packs are the same; "" for no files.
func digest(reference map[string][]byte) string {
	if len(reference) == 0 {
		return ""
	}
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(reference)) {
		_, _ = fmt.Fprintf(h, "%s\n%d\n%s", name, len(reference[name]), reference[name])
	}
	return "." + hex.EncodeToString(h.Sum(nil))[:8]
}
