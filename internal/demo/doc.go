// Package demo fills a demonstration with sample orders of invented applicants,
// so that whoever signs in finds work on the desk. samples.yaml lists the
// applicants and what they file; stories.go says how far each order comes and
// by which steps. Every step is a use case as a person would use it, or what
// the simulated authority is told at its page; nothing is written into tables.
//
// Start at [Platform.Fill].
package demo
