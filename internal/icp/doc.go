// Package icp has the words of an ICP filing (网站备案): typed ids, the subject
// (主办单位), its principals (负责人), websites, materials, the order (备案订单)
// that carries them through review, and the kinds of errors that every other
// package speaks. It also checks the identifiers printed on certificates.
//
// It promises to do no input or output and to import no other package of ours.
// Start at [Order]; the terms are explained in docs/glossary.md.
package icp
