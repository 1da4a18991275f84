// Package wiretest checks documents of the filing interface against the
// ministry's schemas in tests. The schemas are not part of this repository:
// BEIAN_XSD_DIR names their folder, and BEIAN_REQUIRE_XSD=1 makes their absence
// a failure instead of a skip, for the gate.
package wiretest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// File names of the schemas, as the ministry publishes them.
const (
	UploadSchema   = "企业上报数据格式.xsd"
	DownloadSchema = "企业下载数据格式.xsd"
)

// Validate checks a document with xmllint. Without schemas or xmllint it skips
// the rest of the test or, where they are required, fails it.
func Validate(t *testing.T, schema string, document []byte) {
	t.Helper()
	stop := t.Skipf
	if os.Getenv("BEIAN_REQUIRE_XSD") == "1" {
		stop = t.Fatalf
	}
	dir := os.Getenv("BEIAN_XSD_DIR")
	if dir == "" {
		stop("schema check left out: BEIAN_XSD_DIR does not name the folder of the ministry's schemas")
	}
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		stop("schema check left out: there is no xmllint on the path")
	}
	file := filepath.Join(dir, schema)
	if _, err := os.Stat(file); err != nil {
		stop("schema check left out: %v", err)
	}
	c := exec.CommandContext(t.Context(), lint, "--noout", "--schema", file, "-")
	c.Stdin = bytes.NewReader(document)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
}
