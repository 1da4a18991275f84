package authority

import (
	"net/url"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// Addresses are the endpoints that an authority gives out, on one server. A
// "?wsdl" at their end is left out. Empty ones but Upload have the paths of the
// specification.
type Addresses struct{ Upload, Query, Verify string }

// Dial makes the client of an account; it calls nothing yet. timeout bounds one
// call, 0 is soap.DefaultTimeout. Errors are icp.Invalid.
func Dial(at Addresses, account soap.Account, profile wire.Profile, timeout time.Duration) (*soap.Client, error) {
	base, err := url.Parse(at.Upload)
	if err != nil {
		return nil, icp.InvalidField("/upload_url", "authority.base_address")
	}
	ends := map[wire.Operation]wire.Endpoint{}
	for op, end := range profile.Endpoints {
		field, address := "/upload_url", at.Upload
		switch op {
		case wire.OpQueryBeianStatus:
			field, address = "/query_url", at.Query
		case wire.OpVerifyBamm:
			field, address = "/verify_url", at.Verify
		default:
		}
		if address != "" {
			u, err := url.Parse(address)
			if err != nil || u.Host != base.Host || u.Scheme != base.Scheme {
				return nil, icp.InvalidField(field, "authority.base_address")
			}
			if strings.Trim(u.Path, "/") != "" {
				end.Path = u.Path
			}
		}
		ends[op] = end
	}
	profile.Endpoints = ends
	client, err := soap.New((&url.URL{Scheme: base.Scheme, Host: base.Host}).String(), account, profile)
	if err != nil {
		return nil, err
	}
	if timeout > 0 {
		client.HTTP.Timeout = timeout
	}
	return client, nil
}
