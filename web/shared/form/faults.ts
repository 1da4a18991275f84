/** Puts the server's faults at the fields that people see. */

import type { ProblemField } from '../problem'
import { overlaps } from './pointer'

export interface PlacedFaults {
  /** Message by pointer of a field to be seen. */
  byField: Map<string, string>
  /** In the order of the page, fields first: for the summary. */
  list: { pointer: string; message: string }[]
}

/**
 * A fault of something inside a field (an element of its list) or around it (a
 * whole website) is shown at the first field it touches; a fault of nothing to
 * be seen stays in the summary alone, with an empty pointer.
 */
export function placeFaults(faults: readonly ProblemField[], visible: readonly string[]): PlacedFaults {
  const byField = new Map<string, string>()
  const rest: ProblemField[] = []
  for (const fault of faults) {
    const pointer =
      fault.pointer === '' ? undefined : visible.find((p) => p === fault.pointer) ?? visible.find((p) => overlaps(p, fault.pointer))
    if (pointer === undefined) rest.push(fault)
    else if (!byField.has(pointer)) byField.set(pointer, fault.message)
  }
  const list = visible.flatMap((pointer) => {
    const message = byField.get(pointer)
    return message === undefined ? [] : [{ pointer, message }]
  })
  return { byField, list: [...list, ...rest.map(({ message }) => ({ pointer: '', message }))] }
}
