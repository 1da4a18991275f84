// Package refdata has the code tables of the filing system: natures and
// certificates, service contents, special approvals, access, languages, reasons
// of cancellation, regions and provinces, top-level domains, registrars, mobile
// number segments, and the working days of mainland China.
//
// Each table is one file under data/, which says where it comes from and as of
// which day; a new edition is a new file. Rows carry the days on which they
// are valid. Codes are what is stored, names are looked up, and a look-up finds
// rows that are no longer valid too, because old filings name them. What the
// published lists do not settle is marked in the row (provisional, inferred,
// unchecked) and never computed. There is no table of industries: only the
// authority's download has them.
//
// The authority's base codes and the operator outrank the files: [LoadFiles]
// takes their editions in place of the built-in ones, [FromBaseCodes] writes
// editions from what the authority sent, and [Tables.Replace] brings them to all
// who hold the tables. [Tables.Warnings] tells what is running out of date.
// Start at [Builtin]; the package does no input or output beyond its embedded
// files.
package refdata
