package soap

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/openbeian/beian/internal/authority/wire"
	"github.com/openbeian/beian/internal/icp"
)

// Defaults of a client.
const (
	DefaultTimeout  = 2 * time.Minute
	DefaultMaxReply = 128 << 20 // bytes; base64 of a large download, twice escaped
)

// Account is a provider's account at one authority.
type Account struct {
	// ProviderID is the reporting unit id (报备单位 ID, ispId).
	ProviderID int64
	User       string
	Password   wire.Secret
}

// Client calls one authority under one account. It is safe for concurrent use,
// but uploads of one account must be serial (see the sequence number).
type Client struct {
	// Base is the server's address without path, such as http://192.0.2.1:8080.
	Base    *url.URL
	Account Account
	Profile wire.Profile
	// HTTP sends the calls. It must not follow redirects nor retry.
	HTTP *http.Client
	// MaxReply is the largest answer in bytes.
	MaxReply int64
	// Random gives the bytes of randVal.
	Random io.Reader
	// Observe is told of each call after it, also of one that failed; nil for
	// nobody. It must not block: the caller waits for it.
	Observe func(context.Context, *Call)
}

// New makes a client with the default limits. The error is icp.Invalid.
func New(base string, account Account, profile wire.Profile) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, icp.InvalidField("/base", "authority.base_address")
	}
	if err := profile.Validate(); err != nil {
		return nil, err
	}
	// A connection that the server closed while it idled would turn the next call
	// into a lost reply, so each call has a connection of its own.
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, TLSHandshakeTimeout: 10 * time.Second,
		DialContext: (&net.Dialer{Timeout: 15 * time.Second}).DialContext}
	return &Client{
		Base: u, Account: account, Profile: profile, MaxReply: DefaultMaxReply, Random: rand.Reader,
		HTTP: &http.Client{Transport: transport, Timeout: DefaultTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}, nil
}

// Upload sends a sealed document under a sequence number (isp_upload). After a
// [ReplyLostError] ask [Client.QueryPreviousUpload] before anything else.
func (c *Client) Upload(ctx context.Context, sequence int64, s wire.Sealed) (wire.UploadReply, error) {
	var r wire.UploadReply
	values, err := c.auth()
	if err != nil {
		return r, err
	}
	// This method has no hash algorithm among its first values but at the end.
	values = append(values[:4:4], s.BeianInfo, s.BeianInfoHash, strconv.FormatInt(sequence, 10),
		strconv.Itoa(s.EncryptAlgorithm), strconv.Itoa(s.HashAlgorithm), strconv.Itoa(s.CompressionFormat))
	err = run(ctx, c, &Call{Operation: wire.OpUpload, Sequence: sequence}, values, &r)
	return r, err
}

// Download asks for the next waiting file (isp_download). The same file comes
// again until it is acknowledged.
func (c *Client) Download(ctx context.Context) (wire.DownloadReply, error) {
	var r wire.DownloadReply
	err := authorized(ctx, c, &Call{Operation: wire.OpDownload}, &r)
	return r, err
}

// DownloadAck confirms a file after it was stored (isp_downloadack).
func (c *Client) DownloadAck(ctx context.Context, fileName string) (wire.AckReply, error) {
	var r wire.AckReply
	err := authorized(ctx, c, &Call{Operation: wire.OpDownloadAck, FileName: fileName}, &r, fileName)
	return r, err
}

// QueryPreviousUpload asks for the last accepted upload and its sequence number
// (isp_querypreviousupload).
func (c *Client) QueryPreviousUpload(ctx context.Context) (wire.PreviousUploadReply, error) {
	var r wire.PreviousUploadReply
	err := authorized(ctx, c, &Call{Operation: wire.OpQueryPreviousUpload}, &r)
	return r, err
}

// QueryBeianStatus asks whether a domain or the holder of a certificate is filed
// (isp_querybeianstatus).
func (c *Client) QueryBeianStatus(ctx context.Context, kind wire.QueryKind, condition string) (wire.StatusReply, error) {
	var r wire.StatusReply
	err := authorized(ctx, c, &Call{Operation: wire.OpQueryBeianStatus, Kind: kind}, &r, strconv.Itoa(int(kind)), condition)
	return r, err
}

// VerifyBamm asks whether a filing password belongs to a licence number
// (isp_verifybamm). The authority limits the attempts (code 22).
func (c *Client) VerifyBamm(ctx context.Context, licence string, password wire.Secret) (wire.VerifyReply, error) {
	form := string(password)
	if c.Profile.PasswordForm == wire.MD5Password {
		form = c.Profile.FilingPasswordHash(password)
	}
	var r wire.VerifyReply
	err := authorized(ctx, c, &Call{Operation: wire.OpVerifyBamm}, &r, licence, form)
	return r, err
}

// auth gives ispId, userName, randVal, pwdHash, hashAlgorithm.
func (c *Client) auth() ([]string, error) {
	random, err := c.random()
	if err != nil {
		return nil, err
	}
	proof, err := c.Profile.PasswordProof(c.Account.Password, random)
	if err != nil {
		return nil, fmt.Errorf("prove password: %w", err)
	}
	return []string{strconv.FormatInt(c.Account.ProviderID, 10), c.Account.User, random, proof, strconv.Itoa(wire.HashMD5)}, nil
}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// random gives the 20 characters of randVal, each letter as likely as the other.
func (c *Client) random() (string, error) {
	var b strings.Builder
	one := make([]byte, 1)
	for b.Len() < wire.RandomLength {
		if _, err := io.ReadFull(c.Random, one); err != nil {
			return "", fmt.Errorf("draw random text: %w", err)
		}
		if limit := 256 / len(alphabet) * len(alphabet); int(one[0]) < limit {
			b.WriteByte(alphabet[int(one[0])%len(alphabet)])
		}
	}
	return b.String(), nil
}
