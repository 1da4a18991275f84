package authority

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
)

// isTLS tells the errors of an encryption that could not be agreed.
func isTLS(err error) bool {
	var (
		header      tls.RecordHeaderError
		alert       tls.AlertError
		certificate *tls.CertificateVerificationError
		unknown     x509.UnknownAuthorityError
		name        x509.HostnameError
		invalid     x509.CertificateInvalidError
	)
	return errors.As(err, &header) || errors.As(err, &alert) || errors.As(err, &certificate) || errors.As(err, &unknown) ||
		errors.As(err, &name) || errors.As(err, &invalid) ||
		// net/http says this in words only.
		strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}
