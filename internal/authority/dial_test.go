package authority_test

import (
	"errors"
	"testing"
	"time"

	"github.com/openbeian/beian/internal/authority"
	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

func TestDial(t *testing.T) {
	t.Parallel()
	account := soap.Account{ProviderID: provider, User: "cloud", Password: "s3cret"}
	for name, c := range map[string]struct {
		at     authority.Addresses
		upload string // path, "" for a refusal
		verify string
	}{
		"the server alone":         {authority.Addresses{Upload: "http://192.0.2.1:8080"}, "/ISPWebService/upDownLoad", "/BeianStatusWebService/verifyBamm"},
		"addresses as given out":   {authority.Addresses{"http://192.0.2.1/a/up?wsdl", "http://192.0.2.1/a/q?wsdl", "http://192.0.2.1/a/v?wsdl"}, "/a/up", "/a/v"},
		"only the upload is moved": {authority.Addresses{Upload: "https://192.0.2.1/up"}, "/up", "/BeianStatusWebService/verifyBamm"},
		"two servers":              {authority.Addresses{Upload: "http://192.0.2.1/up", Query: "http://192.0.2.2/q"}, "", ""},
		"none":                     {authority.Addresses{}, "", ""},
		"no address":               {authority.Addresses{Upload: "192.0.2.1"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := authority.Dial(c.at, account, wire.V30(), time.Second)
			if c.upload == "" {
				if !errors.Is(err, icp.ErrInvalid) {
					t.Errorf("err %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			e := client.Profile.Endpoints
			if e[wire.OpUpload].Path != c.upload || e[wire.OpQueryPreviousUpload].Path != c.upload || e[wire.OpVerifyBamm].Path != c.verify || client.HTTP.Timeout != time.Second {
				t.Errorf("endpoints %+v", e)
			}
		})
	}
	if wire.V30().Endpoints[wire.OpUpload].Path != "/ISPWebService/upDownLoad" {
		t.Error("the profile was changed")
	}
}
