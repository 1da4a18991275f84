package web_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/openbeian/beian/web"
)

func TestConsoleHasAnIndexPageWithOrWithoutAssets(t *testing.T) {
	t.Parallel()
	page, err := fs.ReadFile(web.Console(), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	want := "make build"
	if web.Built {
		want = `<div id="app">`
	}
	if !strings.Contains(string(page), want) {
		t.Errorf("index.html has no %q", want)
	}
}
