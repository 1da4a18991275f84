package sim_test

import (
	"bytes"
	"errors"
	"net/netip"
	"testing"

	"github.com/openbeian/beian/internal/authority/sim"
	"github.com/openbeian/beian/internal/authority/soap"
	"github.com/openbeian/beian/internal/authority/wire"
)

func TestCallersAreChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*soap.Client)
		code  int64
	}{
		"unknown user":                 {func(c *soap.Client) { c.Account.User = "xx" }, 4},
		"wrong password":               {func(c *soap.Client) { c.Account.Password = "xx" }, 5},
		"another provider's id":        {func(c *soap.Client) { c.Account.ProviderID = 7 }, 12},
		"hex where raw is wanted":      {func(c *soap.Client) { c.Profile.Hash = wire.HexHash }, 5},
		"a provider of other province": {func(c *soap.Client) { c.Account = soap.Account{ProviderID: 440011, User: "gz", Password: "pw"} }, 13},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, func(c *sim.Config) {
				c.Accounts = append(c.Accounts, sim.Account{ProviderID: 440011, User: "gz", Password: "pw", Province: 440000})
			})
			c.spoil(b.client)
			if r, err := b.client.Download(t.Context()); err != nil || r.Code != c.code {
				t.Errorf("reply %+v, %v, want %d", r, err, c.code)
			}
		})
	}
	b := start(t)
	b.client.Profile.Namespace = "urn:other"
	var fault *soap.FaultError
	if _, err := b.client.Download(t.Context()); !errors.As(err, &fault) {
		t.Errorf("a wrong namespace: %v", err)
	}
}

func TestEnvelopesAreChecked(t *testing.T) {
	t.Parallel()
	b := start(t, func(c *sim.Config) { c.Profile.Key, c.Profile.IV = "0123456789abcdef", "fedcba9876543210" })
	good := b.seal(b.request("a.example.cn"))
	for name, c := range map[string]struct {
		spoil func(*wire.Sealed)
		code  int64
	}{
		"not encrypted as it says":   {func(s *wire.Sealed) { s.EncryptAlgorithm = 1 }, 6},
		"bad hash":                   {func(s *wire.Sealed) { s.BeianInfoHash = "AAAAAAAAAAAAAAAAAAAAAA==" }, 7},
		"unknown encryption":         {func(s *wire.Sealed) { s.EncryptAlgorithm = 9 }, 9},
		"unknown hash":               {func(s *wire.Sealed) { s.HashAlgorithm = 9 }, 10},
		"unknown compression format": {func(s *wire.Sealed) { s.CompressionFormat = 9 }, 11},
	} {
		s := good
		c.spoil(&s)
		t.Log(name)
		b.upload(1, s, c.code)
	}
	b.upload(1, good, 0)
}

func TestDocumentsAreChecked(t *testing.T) {
	t.Parallel()
	b := start(t)
	if err := b.server.Permit(provider, sim.Permission{NotOpen: []string{"ICP/WBACLJG"}}); err != nil {
		t.Fatal(err)
	}
	document, err := b.client.Profile.Encode(b.request("a.example.cn"))
	if err != nil {
		t.Fatal(err)
	}
	sequence := int64(0)
	for name, c := range map[string]struct {
		old, new string
		code     int64
	}{
		"an unknown element":      {"</Fwnr>", "</Fwnr><Neu>1</Neu>", 5001},
		"a missing element":       {"<Yylb><Yylb_id>1</Yylb_id></Yylb>", "", 5001},
		"an operation not open":   {"<Qqdwid>", "<WBACLJG></WBACLJG><Qqdwid>", 5011},
		"an empty operation":      {"<Qqdwid>", "<HSJG></HSJG><Qqdwid>", 5001},
		"another version":         {"V.3.0", "V.2.1", 5004},
		"no version":              {` version="V.3.0"`, "", 5002},
		"another provider inside": {"<Qqdwid>330011<", "<Qqdwid>330012<", 5003},
		"an illegal character":    {"<Syurl>", "<Syurl>\x02", 5008},
		"not XML":                 {"</UploadData>", "", 5001},
	} {
		if !bytes.Contains(document, []byte(c.old)) {
			t.Fatalf("%s: the document has no %s", name, c.old)
		}
		s, err := b.client.Profile.Seal(bytes.Replace(document, []byte(c.old), []byte(c.new), 1))
		if err != nil {
			t.Fatal(err)
		}
		sequence++
		b.upload(sequence, s, 0) // accepted for processing all the same
		if codes := b.failed(); codes[0] != c.code {
			t.Errorf("%s: %v, want %d", name, codes, c.code)
		}
	}
	if n := len(b.server.Records()); n != 0 {
		t.Errorf("%d records", n)
	}
}

func TestRecordsAreChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*wire.AddWebsite)
		code  int64
	}{
		"a subject that does not exist":  {func(a *wire.AddWebsite) { a.Subject.Licence = "浙ICP备2024999999号" }, 1058},
		"a website's licence as subject": {func(a *wire.AddWebsite) { a.Subject.Licence = licence + "-1" }, 1058},
		"a cancelled subject":            {func(a *wire.AddWebsite) { a.Subject.Licence = "浙ICP备2024000008号" }, 1049},
		"a blacklisted subject":          {func(a *wire.AddWebsite) { a.Subject.Licence = "浙ICP备2024000009号" }, 1065},
		"a wrong filing password":        {func(a *wire.AddWebsite) { a.FilingPasswordHash = wire.V30().FilingPasswordHash("x") }, 1018},
		"a filed domain": {func(a *wire.AddWebsite) {
			a.Websites[0].Domains[0].Name = "OLD.example.cn"
			a.Websites[0].HomePage = ""
		}, 1005},
		"a domain without a dot": {func(a *wire.AddWebsite) { a.Websites[0].Domains[0].Name = "localhost"; a.Websites[0].HomePage = "" }, 1004},
		"a domain of a pending record": {func(a *wire.AddWebsite) {
			a.Websites[0].Domains[0].Name = "first.example.cn"
			a.Websites[0].HomePage = ""
		}, 1039},
		"a website id sent before": {func(a *wire.AddWebsite) {
			a.Websites[0].ID = 110
			a.Attachments[0].Info.Owner.Ref.RecordID = 110
		}, 1037},
		"a name the subject has":           {func(a *wire.AddWebsite) { a.Websites[0].Name = "钱塘茶叶" }, 1020},
		"a home page elsewhere":            {func(a *wire.AddWebsite) { a.Websites[0].HomePage = "www.example.org" }, 1041},
		"no office phone of a unit":        {func(a *wire.AddWebsite) { a.Websites[0].Principal.OfficePhone = "" }, 1031},
		"a mobile of 12 digits":            {func(a *wire.AddWebsite) { a.Websites[0].Principal.Mobile = "139000000001" }, 1011},
		"an e-mail address without domain": {func(a *wire.AddWebsite) { a.Websites[0].Principal.Email = "shen@local" }, 1009},
		"a resident id with a wrong digit": {func(a *wire.AddWebsite) { a.Websites[0].Principal.CertificateNumber = "110105194912310021" }, 1015},
		"an IP outside the reported range": {func(a *wire.AddWebsite) { a.Websites[0].Accesses[0].IPs[0].Last += 256 }, 1063},
		"a picture that is none":           {func(a *wire.AddWebsite) { a.Attachments[0].Info.Content = []byte("hello") }, 5010},
		"a purpose that does not exist":    {func(a *wire.AddWebsite) { a.Attachments[0].Info.Purpose = 6 }, 1057},
		"a format that does not exist":     {func(a *wire.AddWebsite) { a.Attachments[0].Info.Format = 3 }, 1056},
		"a sheet that is the subject's":    {func(a *wire.AddWebsite) { a.Attachments[0].Info.Owner.Type = wire.OwnerSubject }, 1061},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, func(c *sim.Config) { c.Accounts[0].Ranges = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24")} })
			if _, err := b.server.Seed(sim.Subject{Licence: "浙ICP备2024000008号", Name: "甲", CertificateNumber: "1", Cancelled: true},
				sim.Subject{Licence: "浙ICP备2024000009号", Name: "乙", CertificateNumber: "2", Blacklisted: true}); err != nil {
				t.Fatal(err)
			}
			b.upload(1, b.seal(b.request("first.example.cn")), 0)
			d := b.request("second.example.cn")
			c.spoil(&d.ICP.AddWebsites.Records[0])
			b.upload(2, b.seal(d), 0)
			codes := b.failed()
			if len(codes) != 1 || codes[0] != c.code {
				t.Errorf("codes %v, want %d", codes, c.code)
			}
		})
	}
}
