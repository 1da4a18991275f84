package accounts

import (
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/openbeian/beian/internal/icp"
)

// Costs of argon2id, the second choice of RFC 9106 scaled to OWASP's advice
// (19 MiB, two passes, one lane): some 40 ms on a small machine.
const (
	hashMemory = 19 * 1024 // KiB
	hashPasses = 2
	hashLanes  = 1
	hashSize   = 32
	saltSize   = 16
)

// maxPassword bounds a password in characters, and so what is hashed. The
// lower bound is Terms.PasswordLength.
const maxPassword = 128

//go:embed common_passwords.txt
var commonText string

// common are passwords that are guessed first, in lower case; see the file.
var common = func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			set[line] = true
		}
	}
	return set
}()

// CheckPassword gives the message key of what is wrong with a new password of
// at least least characters, "" for nothing: "password.short", "password.long",
// "password.common" or "password.login" (it is the log-in, or the part of it
// before the @ with some digits).
func CheckPassword(password, login string, least int) string {
	n := utf8.RuneCountInString(password)
	lower := strings.ToLower(password)
	name, _, _ := strings.Cut(strings.ToLower(login), "@")
	switch {
	case n < least:
		return "password.short"
	case n > maxPassword:
		return "password.long"
	case lower == strings.ToLower(login) || strings.Trim(lower, "0123456789!.@#") == name:
		return "password.login"
	case common[lower] || fewCharacters(lower):
		return "password.common"
	}
	return ""
}

// fewCharacters finds passwords such as 1111111111 and ababababab.
func fewCharacters(s string) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen) < 4
}

func (s *Accounts) checkNewPassword(pointer, password string, logins ...string) error {
	for _, login := range logins {
		if login == "" {
			continue
		}
		if code := CheckPassword(password, login, s.Terms.PasswordLength); code != "" {
			return &icp.Error{Kind: icp.Invalid, Fields: []icp.FieldError{{Pointer: pointer, Code: code,
				Params: map[string]string{"length": strconv.Itoa(s.Terms.PasswordLength)}}}}
		}
	}
	return nil
}

// hashPassword gives the PHC string of a password under a new salt.
func hashPassword(password string) string {
	salt := make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		panic("no randomness: " + err.Error())
	}
	sum := argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, hashLanes, hashSize)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashLanes,
		enc.EncodeToString(salt), enc.EncodeToString(sum))
}

// noPassword is what an unknown log-in is compared with, so that it costs the
// same time as a known one. No password has its sum.
const noPassword = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

var errNotPHC = errors.New("password hash is not an argon2id PHC string")

// samePassword compares in constant time. stale says that the hash was made at
// another cost and should be made anew.
func samePassword(phc, password string) (same, stale bool, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return false, false, errNotPHC
	}
	c, err := costOf(parts[2], parts[3])
	if err != nil {
		return false, false, err
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, false, errNotPHC
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) < 16 || len(want) > 64 {
		return false, false, errNotPHC
	}
	got := argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.lanes, uint32(len(want)))
	stale = c != cost{hashMemory, hashPasses, hashLanes} || len(want) != hashSize
	return subtle.ConstantTimeCompare(got, want) == 1, stale, nil
}

// cost is what a hash costs: memory in KiB, passes over it, lanes.
type cost struct {
	memory, passes uint32
	lanes          uint8
}

// costOf reads the version and cost of a PHC string, within bounds that keep a
// damaged row from taking the machine down.
func costOf(version, parameters string) (cost, error) {
	var v int
	var c cost
	if _, err := fmt.Sscanf(version+" "+parameters, "v=%d m=%d,t=%d,p=%d", &v, &c.memory, &c.passes, &c.lanes); err != nil {
		return cost{}, errNotPHC
	}
	if v != argon2.Version || c.memory == 0 || c.memory > 1<<20 || c.passes == 0 || c.passes > 16 || c.lanes < 1 || c.lanes > 16 {
		return cost{}, errNotPHC
	}
	return c, nil
}
