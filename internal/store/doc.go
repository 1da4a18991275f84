// Package store keeps everything that must outlive the process in one
// database: SQLite in a file, or PostgreSQL. The SQL is one text for both; see
// queries/, from which sqlc generates package sqlgen.
//
// It promises:
//
//   - [Store.Update] is one transaction: all of it is kept, durably, or nothing.
//     Audit events and jobs written in it share its fate.
//   - [Store.View] sees the database as it was at one instant.
//   - An order is written only from an order.Decision, under its version, with
//     its look-ups, deadlines and audit event.
//   - Personal data are sealed before they reach the database; what is looked
//     up by value is found by a blind index.
//   - Errors have a kind of package icp where the caller can do something about
//     them, by the database's codes and never by its texts.
//   - Instants are kept to the microsecond and come back in UTC; the zero time
//     stays zero. The package never reads a clock.
//
// Start at [Store] and [Tx]; package sqlite or postgres opens one, package
// storetest has its promises as tests.
package store
