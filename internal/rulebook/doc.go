// Package rulebook keeps the editions of the rules. An edition is the product's
// packs, the operator's own packs and the reference files that stand in for
// built-in ones, together; it lies in the database, so that all nodes judge by
// the same rules and an order can be judged again by those of its day.
//
// It promises:
//
//   - What does not load or hold its examples never comes into force.
//   - Nodes follow the newest edition within seconds ([Book.Follow]); one that
//     cannot load it keeps the rules that it has and says so ([Book.Behind]).
//   - Old editions stay readable ([Book.At]).
//   - A newer program brings its packs as an edition of their own when it
//     starts, and keeps the operator's; an older one never takes them back.
//   - Whoever publishes is in the audit trail.
//
// Start at [Open] and [Book.Publish].
package rulebook
