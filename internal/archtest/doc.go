// Package archtest has no code, only tests of the tree as a whole: which package
// may import which ([imports_test.go] holds the one table), and that every path
// the documents name exists.
package archtest
