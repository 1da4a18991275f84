package api

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openbeian/beian/internal/casework"
	"github.com/openbeian/beian/internal/icp"
)

// uploadTime is how long a file may take to arrive: people send photos of 8 MB
// over slow mobile networks.
const uploadTime = 2 * time.Minute

func registerMaterials(api huma.API, d *Deps) {
	const tag = "Materials"
	huma.Register(api, huma.Operation{OperationID: "add-material", Method: http.MethodPost, Path: "/orders/{id}/materials", Tags: []string{tag},
		Summary: "Upload a picture", DefaultStatus: http.StatusCreated, MaxBodyBytes: d.Cases.Pictures.MaxBytes + 1, BodyReadTimeout: uploadTime,
		Description: "The body is the file itself: JPEG, PNG or GIF by content. It is checked, turned upright, freed of its metadata and sealed. A file that cannot be used is refused with the reason and changes nothing.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"image/jpeg": binaryBody(), "image/png": binaryBody(), "image/gif": binaryBody(), "application/octet-stream": binaryBody()}},
	}, d.addMaterial)
	huma.Register(api, huma.Operation{OperationID: "get-material", Method: http.MethodGet, Path: "/orders/{id}/materials/{material}", Tags: []string{tag},
		Summary: "Read an uploaded picture", Responses: map[string]*huma.Response{"200": {Description: "The picture",
			Content: map[string]*huma.MediaType{"image/*": binaryBody()}}}}, d.getMaterial)
	huma.Register(api, huma.Operation{OperationID: "remove-material", Method: http.MethodDelete, Path: "/orders/{id}/materials/{material}", Tags: []string{tag},
		Summary: "Remove an uploaded picture", DefaultStatus: http.StatusOK}, d.removeMaterial)
}

func binaryBody() *huma.MediaType {
	return &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
}

type addMaterialIn struct {
	OrderPath
	Idempotent
	Kind     icp.MaterialKind `query:"kind" required:"true" enum:"subject_certificate,principal_front,principal_back,website_principal_front,website_principal_back,pre_approval,other,residence_proof,study_work_proof,guardian_proof,subject_letter,website_letter,domain_certificate,domain_real_name,domain_letter,rename_letter,construction_plan,pledge,training_pledge,party_confirmation,unit_statement,holding_photo,trade_licence,name_approval,responsibility_notice"`
	Website  icp.WebsiteID    `query:"website" doc:"For materials of a website"`
	Replaces icp.MaterialID   `query:"replaces" doc:"The material whose place it takes"`
	FileName string           `query:"name" maxLength:"255" doc:"The file's name, shown beside the picture"`
	RawBody  []byte
}

// addMaterialOut answers with the material and the case as it is now.
type addMaterialOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Material MaterialView `json:"material"`
		Order    OrderView    `json:"order"`
	}
}

func (d *Deps) addMaterial(ctx context.Context, in *addMaterialIn) (*addMaterialOut, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	o, m, err := d.Cases.AddMaterial(ctx, actor, in.ID, casework.NewMaterial{Kind: in.Kind, Website: in.Website, Replaces: in.Replaces,
		FileName: in.FileName, Bytes: in.RawBody, IdempotencyKey: in.IdempotencyKey})
	if err != nil {
		return nil, atPointer(err, "/file")
	}
	out := &addMaterialOut{ETag: etag(o.Version)}
	out.Body.Material = d.words(ctx, o).material(m)
	out.Body.Order, err = d.view(ctx, o, actor)
	return out, err
}

// MaterialPath names a material of an order in a path.
type MaterialPath struct {
	OrderPath
	Material icp.MaterialID `path:"material" doc:"Material id"`
}

func (d *Deps) getMaterial(ctx context.Context, in *MaterialPath) (*huma.StreamResponse, error) {
	actor, err := d.caseReader(ctx)
	if err != nil {
		return nil, err
	}
	m, content, err := d.Cases.OpenMaterial(ctx, actor, in.ID, in.Material)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		defer func() { _ = content.Close() }()
		out.SetHeader("Content-Type", m.MediaType)
		out.SetHeader("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": url.PathEscape(m.FileName)}))
		out.SetHeader("Cache-Control", "private, no-store")
		if _, err := io.Copy(out.BodyWriter(), content); err != nil {
			d.Log.WarnContext(ctx, "material not sent whole", "order", in.ID, "material", m.ID, "error", err)
		}
	}}, nil
}

func (d *Deps) removeMaterial(ctx context.Context, in *MaterialPath) (*orderOut, error) {
	actor, err := actorFrom(ctx)
	if err != nil {
		return nil, err
	}
	o, err := d.Cases.RemoveMaterial(ctx, actor, in.ID, in.Material)
	return d.orderAnswer(ctx, actor, o, err)
}

// atPointer gives an Invalid error without fields the field that it is about.
func atPointer(err error, pointer string) error {
	var e *icp.Error
	if errors.As(err, &e) && e.Kind == icp.Invalid && len(e.Fields) == 0 {
		return &icp.Error{Kind: icp.Invalid, Code: e.Code, Params: e.Params, Err: e.Err,
			Fields: []icp.FieldError{{Pointer: pointer, Code: e.Code, Params: e.Params}}}
	}
	return err
}
