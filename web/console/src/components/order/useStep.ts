import { computed, onMounted, watch } from 'vue'
import type { ComputedRef, ShallowRef } from 'vue'
import { useRoute } from 'vue-router'
import type { Finding, OrderView, Unsaved } from '@/api/types'
import type { SummaryEntry } from '@/components/ErrorSummary.vue'
import { useDraft } from '@/components/form/useDraft'
import { useStill } from '@/components/form/useStill'
import { findingText, openFindings, stopsOf } from '@/order/order'
import { fieldId, placeNotes } from '@shared/form'
import type { FieldView, PlacedNotes, Saved, Transport } from '@shared/form'
import { useJudgement } from './useJudgement'

/** What a page of a step is: which part of the order it changes, and how it asks about it. */
export interface StepPart<T extends object> {
  start: Saved<T>
  transport: Transport<T>
  /** The fields to be seen. */
  fields: (values: T) => FieldView[]
  /** Pointers of the order that the page is about. */
  below: () => string[]
  /** The pointer of the order as the page's draft has it; the same where it is left out. */
  local?: (pointer: string) => string
  /** The answers as they stand, to be judged. */
  asked: (values: T) => Unsaved
  /** The same of a saved order; undefined where it has the part no longer. */
  saved: (order: OrderView) => Unsaved | undefined
  /** What the fields' answers are read from, where it is more than the draft. */
  answers?: (values: T) => object
}

/**
 * A step whose answers are judged by the server while they are typed and with
 * each save. What is said stands at its field; going on, or a link to a field,
 * has everything told plainly.
 */
export function useStep<T extends object>(order: ShallowRef<OrderView>, part: StepPart<T>) {
  const route = useRoute()
  const draft = useDraft(part.start, part.transport, part.fields)
  const { local = (pointer: string) => pointer } = part
  const still = useStill()
  const { findings, detected, take, touch, hurry } = useJudgement(order, { asked: () => part.asked(draft.values), saved: part.saved, local, still })
  watch([order, draft.state], () => still(take))

  /** What the filing type stops, as the answers stand. */
  const stops = computed(() => stopsOf({ findings: findings.value, detected: detected.value }))
  const shown = computed(() => part.fields(draft.values))
  const here = (pointer: string) => part.below().some((one) => pointer === one || pointer.startsWith(one + '/'))
  const notes: ComputedRef<PlacedNotes<Finding>> = computed(() => {
    const said = [...order.value.findings.filter(({ source, mended }) => source === 'review' && !mended), ...findings.value]
    const state = { met: draft.met, tried: draft.tried.value, faulty: (pointer: string) => draft.faults.value.has(pointer) }
    const mapped = said.filter(({ pointer }) => here(pointer)).map((one) => ({ ...one, pointer: local(one.pointer) }))
    return placeNotes(mapped, shown.value, part.answers?.(draft.values) ?? draft.values, state)
  })

  const entries = computed(() => summary(draft.list.value, notes.value, shown.value, draft.tried.value))

  onMounted(() => {
    if (route.hash) draft.examine()
    if (entries.value.length > 0) draft.halt()
    if (route.hash) requestAnimationFrame(() => document.getElementById(route.hash.slice(1))?.focus())
  })

  /** True when one may go on: everything is saved and the rules object to nothing here. */
  async function finish(): Promise<boolean> {
    const complete = await draft.finish()
    if (!complete && draft.state.value.kind !== 'saved' && draft.state.value.kind !== 'clean') return false
    take()
    const blocking = openFindings(order.value, ...part.below()).filter(({ severity, source }) => severity === 'error' && source === 'rule')
    if (complete && blocking.length > 0) draft.halt()
    return complete && blocking.length === 0
  }

  function changed(pointer: string): void {
    draft.changed(pointer)
    touch(pointer)
  }
  const touched = (pointer: string): void =>
    still(() => {
      draft.touched(pointer)
      hurry()
    })

  return { ...draft, notes: computed(() => notes.value.byField), shown, entries, detected, stops, finish, changed, touched }
}

/** What stops one, for the summary on top, in the order of the page. What is being typed is told at its field only. */
function summary(faults: readonly { pointer: string; message: string }[], notes: PlacedNotes<Finding>, fields: readonly FieldView[], tried: boolean): SummaryEntry[] {
  const told = ({ source, severity }: Finding) => source === 'review' || (tried && severity === 'error')
  const placed = fields.flatMap(({ pointer }) => {
    const own = faults.filter((fault) => fault.pointer === pointer).map(({ message }) => message)
    const theirs = (notes.byField.get(pointer) ?? []).filter(({ finding, tone }) => tone === 'error' && told(finding)).map(({ finding }) => findingText(finding))
    return [...own, ...theirs].map((message) => ({ id: fieldId(pointer), message }))
  })
  const loose = [...faults.filter(({ pointer }) => pointer === '').map(({ message }) => message), ...notes.rest.filter(told).map(findingText)]
  return [...placed, ...loose.map((message) => ({ id: '', message }))]
}
