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

// File names of the schemas, as the ministry publishes them. The reply of
// isp_verifybamm has none.
const (
	UploadSchema        = "企业上报数据格式.xsd"
	DownloadSchema      = "企业下载数据格式.xsd"
	UploadReplySchema   = "企业上报数据方法调用返回数据格式.xsd"
	DownloadReplySchema = "企业下载数据方法调用返回数据格式.xsd"
	AckReplySchema      = "企业数据下载确认方法调用返回数据格式.xsd"
	PreviousReplySchema = "企业最近上载数据查询方法调用返回数据格式.xsd"
	StatusReplySchema   = "是否备案查询方法调用返回数据格式.xsd"
)

// Validate checks a document with xmllint. Without schemas or xmllint it skips
// the rest of the test or, where they are required, fails it.
func Validate(t *testing.T, schema string, document []byte) {
	t.Helper()
	lint, file := tools(t, schema)
	validate(t, lint, file, document)
}

// ValidateReply checks the text that a method returned. The schemas of the
// replies want every message to have exactly 256 characters, which cannot be
// meant: it is taken for the greatest length.
func ValidateReply(t *testing.T, schema, text string) {
	t.Helper()
	lint, file := tools(t, schema)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sane := filepath.Join(t.TempDir(), "reply.xsd")
	exact, most := []byte(`<xs:length value="256"/>`), []byte(`<xs:maxLength value="256"/>`)
	if !bytes.Contains(b, exact) {
		t.Errorf("%s does not have the length that is read otherwise here", schema)
	}
	if err := os.WriteFile(sane, bytes.ReplaceAll(b, exact, most), 0o600); err != nil {
		t.Fatal(err)
	}
	validate(t, lint, sane, []byte(text))
}

// tools finds xmllint and a schema.
func tools(t *testing.T, schema string) (lint, file string) {
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
	file = filepath.Join(dir, schema)
	if _, err := os.Stat(file); err != nil {
		stop("schema check left out: %v", err)
	}
	return lint, file
}

func validate(t *testing.T, lint, file string, document []byte) {
	t.Helper()
	c := exec.CommandContext(t.Context(), lint, "--noout", "--schema", file, "-")
	c.Stdin = bytes.NewReader(document)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
}
