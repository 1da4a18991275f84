package webservice

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/openbeian/beian/internal/authority/wire"
)

const contentType = "text/xml; charset=utf-8"

// WriteAnswer answers a call with the document that its method returns.
func WriteAnswer(w http.ResponseWriter, p wire.Profile, op wire.Operation, document string) {
	result := "return"
	if p.QualifiedParts {
		result = "ns2:return"
	}
	w.Header().Set("Content-Type", contentType)
	// Whoever called may have gone; nothing can be done about it.
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="%s"><S:Body><ns2:%sResponse xmlns:ns2="%s"><%s>%s</%s></ns2:%sResponse></S:Body></S:Envelope>`,
		soap11, op, escaped(p.NamespaceOf(op)), result, escaped(document), result, op)
}

// WriteFault answers a call that was not taken up. An error that is no *[Fault]
// is the server's own.
func WriteFault(w http.ResponseWriter, err error) {
	var f *Fault
	if !errors.As(err, &f) {
		f = &Fault{Code: "Server", Reason: err.Error()}
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(http.StatusInternalServerError) // SOAP 1.1, section 6.2
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="%s"><S:Body><S:Fault><faultcode>S:%s</faultcode><faultstring>%s</faultstring></S:Fault></S:Body></S:Envelope>`,
		soap11, f.Code, escaped(f.Reason))
}

// ServeDescription answers a GET: the WSDL at ?wsdl, else where to find it.
// Addresses in it follow the Host of the request.
func ServeDescription(w http.ResponseWriter, r *http.Request, p wire.Profile) {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	address := cmp.Or(forwarded(r), scheme) + "://" + r.Host + r.URL.Path
	for key := range r.URL.Query() {
		if !strings.EqualFold(key, "wsdl") {
			continue
		}
		wsdl, ok := Describe(p, r.URL.Path, address)
		if !ok {
			break
		}
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(wsdl)
		return
	}
	w.Header().Set("Allow", http.MethodPost)
	http.Error(w, "Calls come by POST (SOAP 1.1). The description is at "+address+"?wsdl", http.StatusMethodNotAllowed)
}

// forwarded is the scheme that a proxy in front of this server was called by.
func forwarded(r *http.Request) string {
	if s := r.Header.Get("X-Forwarded-Proto"); s == "http" || s == "https" {
		return s
	}
	return ""
}
