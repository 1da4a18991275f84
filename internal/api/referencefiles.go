package api

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/access"
	"github.com/openbeian/beian/internal/icp"
	"github.com/openbeian/beian/internal/refdata"
)

// ReferenceFileView is a file of reference data in force.
type ReferenceFileView struct {
	Name        string `json:"name" example:"service_contents.json"`
	Title       string `json:"title" doc:"What the file has" example:"Service contents"`
	Source      string `json:"source"`
	AsOf        string `json:"as_of" doc:"The day whose state the file shows" example:"2026-11-24"`
	Licence     string `json:"licence,omitempty"`
	Note        string `json:"note,omitempty"`
	Origin      string `json:"origin" enum:"builtin,operator,authority"`
	Rows        int    `json:"rows"`
	Provisional int    `json:"provisional" doc:"Rows whose id is the product's own, until the authority's base codes come"`
	LastDay     string `json:"last_day,omitempty" doc:"Of the work-day calendar: the last day whose holidays are known"`
}

// ReferenceWarning says that a file is running out of date.
type ReferenceWarning struct {
	Code string `json:"code" example:"reference.calendar_ends"`
	File string `json:"file"`
	Day  string `json:"day" doc:"The calendar's last day, or the day whose state the list shows"`
	Days int    `json:"days" doc:"Days until then, or since"`
	Text string `json:"text"`
}

func registerReferenceFiles(api huma.API, d *Deps) {
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/reference/files" + path, Tags: []string{"Reference files"}, Summary: summary}
	}
	huma.Register(api, op("list-reference-files", http.MethodGet, "", "The files of reference data in force, and what is running out of date"), d.listReferenceFiles)
	one := op("get-reference-file", http.MethodGet, "/{name}", "A file of reference data as it is in force")
	one.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}, "text/csv": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	huma.Register(api, one, d.getReferenceFile)
	put := op("put-reference-file", http.MethodPut, "/{name}", "Put a file of one's own in place of the one in force, on all nodes")
	put.Description = "The file is checked first, with all others and with the rules; a fault names its row. With dry_run nothing changes."
	put.MaxBodyBytes, put.BodyReadTimeout = 8<<20, uploadTime
	put.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	huma.Register(api, put, d.putReferenceFile)
	huma.Register(api, op("reset-reference-file", http.MethodDelete, "/{name}", "Go back to the file that comes with the product"), d.resetReferenceFile)
}

type referenceFilesOut struct {
	Body struct {
		Items    []ReferenceFileView `json:"items"`
		Warnings []ReferenceWarning  `json:"warnings"`
	}
}

func (d *Deps) listReferenceFiles(ctx context.Context, _ *struct{}) (*referenceFilesOut, error) {
	if _, err := requireStaff(ctx, access.ReferenceManage); err != nil {
		return nil, err
	}
	text, tables := d.texts(ctx), d.Cases.Tables
	out := &referenceFilesOut{}
	out.Body.Items, out.Body.Warnings = []ReferenceFileView{}, []ReferenceWarning{}
	for _, f := range tables.Files() {
		out.Body.Items = append(out.Body.Items, referenceFileView(tables, f, text))
	}
	for _, w := range tables.Warnings(d.Clock.Now()) {
		out.Body.Warnings = append(out.Body.Warnings, ReferenceWarning{Code: w.Code, File: w.File, Day: w.Day, Days: w.Days,
			Text: text(w.Code, map[string]string{"file": text("reference.file."+tableOf(w.File), nil), "day": w.Day, "days": strconv.Itoa(w.Days)})})
	}
	return out, nil
}

func referenceFileView(tables *refdata.Tables, f refdata.File, text texts) ReferenceFileView {
	view := ReferenceFileView{Name: f.Name, Title: text("reference.file."+tableOf(f.Name), nil), Source: f.Source, AsOf: f.AsOf, Licence: f.Licence,
		Note: f.Note, Origin: string(f.Origin), Rows: f.Rows, Provisional: f.Provisional}
	if f.Table == "workdays" {
		view.LastDay = tables.Calendar().Until().Format("2006-01-02")
	}
	return view
}

// tableOf is the name of a file without its ending.
func tableOf(file string) string {
	table, _, _ := strings.Cut(file, ".")
	return table
}

// ReferenceFilePath names a file of reference data in a path.
type ReferenceFilePath struct {
	Name string `path:"name" maxLength:"60" doc:"Name of the file" example:"service_contents.json"`
}

type referenceFileOut struct {
	ContentType  string `header:"Content-Type"`
	Disposition  string `header:"Content-Disposition"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

func (d *Deps) getReferenceFile(ctx context.Context, in *ReferenceFilePath) (*referenceFileOut, error) {
	if _, err := requireStaff(ctx, access.ReferenceManage); err != nil {
		return nil, err
	}
	data, ok := d.Cases.Tables.FileText(in.Name)
	if !ok {
		return nil, icp.ErrNotFound
	}
	kind := "application/json"
	if strings.HasSuffix(in.Name, ".csv") {
		kind = "text/csv; charset=utf-8"
	}
	return &referenceFileOut{ContentType: kind, Disposition: mime.FormatMediaType("attachment", map[string]string{"filename": in.Name}),
		CacheControl: "private, no-store", Body: data}, nil
}

type putReferenceFileIn struct {
	ReferenceFilePath
	DryRun  bool   `query:"dry_run" doc:"Only check"`
	Note    string `query:"note" maxLength:"200" doc:"What changes, for those who read the list of editions"`
	RawBody []byte
}

type putReferenceFileOut struct{ Body ReferenceFileView }

func (d *Deps) putReferenceFile(ctx context.Context, in *putReferenceFileIn) (*putReferenceFileOut, error) {
	actor, err := d.referenceManager(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	next, f, err := checkedReferenceFile(d.Cases.Tables, in.Name, in.RawBody)
	if err != nil {
		return nil, err
	}
	if !in.DryRun {
		note := in.Note
		if note == "" {
			note = f.Source
		}
		if err := d.Rules.SetReferences(ctx, actor, map[string][]byte{in.Name: in.RawBody}, note); err != nil {
			return nil, err
		}
	}
	return &putReferenceFileOut{Body: referenceFileView(next, f, d.texts(ctx))}, nil
}

func (d *Deps) resetReferenceFile(ctx context.Context, in *ReferenceFilePath) (*struct{}, error) {
	actor, err := d.referenceManager(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	if _, err := d.Cases.Tables.With(map[string][]byte{in.Name: nil}); err != nil {
		return nil, ReferenceFault(err)
	}
	return nil, d.Rules.SetReferences(ctx, actor, map[string][]byte{in.Name: nil}, d.texts(ctx)("reference.was_reset", nil))
}

// referenceManager lets staff with the permission in who name a file that there is.
func (d *Deps) referenceManager(ctx context.Context, name string) (icp.Actor, error) {
	actor, err := requireStaff(ctx, access.ReferenceManage)
	if err != nil {
		return actor, err
	}
	if _, ok := d.Cases.Tables.FileText(name); !ok {
		return actor, icp.ErrNotFound
	}
	return actor, nil
}

// checkedReferenceFile gives the tables with an operator's file, and what the
// file tells of itself.
func checkedReferenceFile(tables *refdata.Tables, name string, text []byte) (*refdata.Tables, refdata.File, error) {
	next, err := tables.With(map[string][]byte{name: text})
	if err != nil {
		return nil, refdata.File{}, ReferenceFault(err)
	}
	for _, f := range next.Files() {
		if f.Name != name {
			continue
		}
		if f.Origin == refdata.FromAuthority {
			return nil, f, icp.E(icp.Invalid, "reference.origin").With("file", name)
		}
		return next, f, nil
	}
	return nil, refdata.File{}, icp.ErrNotFound
}

// ReferenceFault words a fault of a file of reference data: "reference.broken",
// "reference.broken_row" or "reference.broken_line" with the variables file, at
// and fault.
func ReferenceFault(err error) error {
	var fault *refdata.FileError
	if !errors.As(err, &fault) {
		return err
	}
	code, at := "reference.broken", 0
	switch {
	case fault.Row > 0:
		code, at = "reference.broken_row", fault.Row
	case fault.Line > 0:
		code, at = "reference.broken_line", fault.Line
	}
	params := map[string]string{"file": fault.File, "at": strconv.Itoa(at), "fault": fault.Err.Error()}
	e := &icp.Error{Kind: icp.Invalid, Code: code, Params: params, Err: err}
	if fault.Row > 0 {
		e.Fields = []icp.FieldError{{Pointer: "/rows/" + strconv.Itoa(fault.Row-1), Code: code, Params: params}}
	}
	return e
}
