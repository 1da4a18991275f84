package accounts

import (
	"strings"
	"testing"
)

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct{ password, login, want string }{
		"ten characters that nobody guesses":  {"云杉 filings", "li@example.com", ""},
		"nine characters":                     {"k4#tRw9!z", "li@example.com", "password.short"},
		"characters count, not bytes":         {"九个汉字不够长吧", "li@example.com", "password.short"},
		"129 characters":                      {strings.Repeat("abcdefgh ", 15), "li@example.com", "password.long"},
		"a common one":                        {"1q2w3e4r5t", "li@example.com", "password.common"},
		"a common one in capitals":            {"QWERTYUIOP", "li@example.com", "password.common"},
		"one character again and again":       {"aaaaaaaaaaaa", "li@example.com", "password.common"},
		"the log-in":                          {"Li@Example.com", "li@example.com", "password.login"},
		"the log-in's name with a year":       {"lixiaoming2026", "lixiaoming@example.com", "password.login"},
		"the mobile number":                   {"13900000000", "13900000000", "password.login"},
		"a phrase with the name in it passes": {"lixiaoming likes tea", "lixiaoming@example.com", ""},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			if got := CheckPassword(c.password, c.login, 10); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestHashPassword(t *testing.T) {
	t.Parallel()
	phc := hashPassword("a long enough one")
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q", phc)
	}
	if again := hashPassword("a long enough one"); again == phc {
		t.Error("two hashes share a salt")
	}
	for password, want := range map[string]bool{"a long enough one": true, "a long enough one ": false, "": false} {
		same, stale, err := samePassword(phc, password)
		if err != nil || same != want || stale {
			t.Errorf("%q: same %t, stale %t, %v", password, same, stale, err)
		}
	}
	if same, _, err := samePassword(noPassword, ""); err != nil || same {
		t.Errorf("the hash of nobody: %t, %v", same, err)
	}
}

func TestHashOfAnotherCostIsStale(t *testing.T) {
	t.Parallel()
	// m=64 KiB, one pass, made by hand so that the test is quick.
	phc := strings.Replace(noPassword, "m=19456,t=2", "m=64,t=1", 1)
	if _, stale, err := samePassword(phc, "x"); err != nil || !stale {
		t.Errorf("stale %t, %v", stale, err)
	}
}

func FuzzPasswordHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=99999999,t=1,p=1$AAAA$AAAA")
	f.Add("$$$$$")
	f.Fuzz(func(t *testing.T, phc string) {
		if strings.Contains(phc, "m=") && !strings.Contains(phc, "m=64,t=1,p=1") {
			t.Skip("costs too much to try")
		}
		if same, _, err := samePassword(phc, "x"); err != nil && same {
			t.Error("a broken hash matches")
		}
	})
}
