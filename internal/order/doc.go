// Package order has the lifecycle of a filing order: one table of what may
// happen in which state, by whom, under which guard ([Transitions]), and the
// pure function [Decide] that applies it. Beside the table stand three maps,
// complete by test: state to holder, action to audit event, action to notices;
// and the table of deadlines ([Terms]).
//
// It promises to do no input or output. A store saves an order only by a
// [Decision], so no order can reach a state that the table does not lead to.
// docs/order-lifecycle.md shows the diagram made from the table.
package order
