// Package wiretest checks documents of the filing interface against the
// ministry's schemas in tests. The schemas are not part of this repository:
// BEIAN_XSD_DIR names their folder, and BEIAN_REQUIRE_XSD=1 makes their absence
// a failure instead of a skip, for the gate.
package wiretest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
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

// Schema gives the path of a schema. Without it the rest of the test is skipped
// or, where schemas are required, fails.
func Schema(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("BEIAN_XSD_DIR")
	if dir == "" {
		leaveOut(t, "BEIAN_XSD_DIR does not name the folder of the ministry's schemas")
	}
	file := filepath.Join(dir, name)
	if _, err := os.Stat(file); err != nil {
		leaveOut(t, err.Error())
	}
	return file
}

func leaveOut(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("BEIAN_REQUIRE_XSD") == "1" {
		t.Fatalf("schema check left out: %s", why)
	}
	t.Skipf("schema check left out: %s", why)
}

func xmllint(t *testing.T) string {
	t.Helper()
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		leaveOut(t, "there is no xmllint on the path")
	}
	return lint
}

// Validate checks a document with xmllint. Without schemas or xmllint it skips
// the rest of the test or, where they are required, fails it.
func Validate(t *testing.T, schema string, document []byte) {
	t.Helper()
	validate(t, Schema(t, schema), document)
}

// ValidateReply checks the text that a method returned. The schemas of the
// replies want every message to have exactly 256 characters, which cannot be
// meant: it is taken for the greatest length.
func ValidateReply(t *testing.T, schema, text string) {
	t.Helper()
	b, err := os.ReadFile(Schema(t, schema))
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
	validate(t, sane, []byte(text))
}

func validate(t *testing.T, file string, document []byte) {
	t.Helper()
	c := exec.CommandContext(t.Context(), xmllint(t), "--noout", "--schema", file, "-")
	c.Stdin = bytes.NewReader(document)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
}

var verdict = regexp.MustCompile(`(?m)^(\d+)\.xml (validates|fails to validate)$`)

// Verdicts tells of each document whether it is valid, with one xmllint for all.
func Verdicts(t *testing.T, schema string, documents [][]byte) []bool {
	t.Helper()
	file, lint := Schema(t, schema), xmllint(t)
	dir, args := t.TempDir(), []string{"--noout", "--schema", file}
	for i, d := range documents {
		name := fmt.Sprintf("%d.xml", i)
		if err := os.WriteFile(filepath.Join(dir, name), d, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	c := exec.CommandContext(t.Context(), lint, args...)
	c.Dir = dir
	out, _ := c.CombinedOutput() // it fails when one document does
	valid, seen := make([]bool, len(documents)), 0
	for _, m := range verdict.FindAllSubmatch(out, -1) {
		i, err := strconv.Atoi(string(m[1]))
		if err != nil || i >= len(valid) {
			t.Fatalf("xmllint speaks of document %s", m[1])
		}
		valid[i] = string(m[2]) == "validates"
		seen++
	}
	if seen != len(documents) {
		t.Fatalf("xmllint judged %d of %d documents:\n%.2000s", seen, len(documents), out)
	}
	return valid
}
