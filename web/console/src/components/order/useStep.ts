import { computed, onMounted, onScopeDispose, shallowRef, watch } from 'vue'
import type { ComputedRef, ShallowRef } from 'vue'
import { useRoute } from 'vue-router'
import { api, ask } from '@/api/client'
import type { Checked, Detected, Finding, OrderView, Unsaved } from '@/api/types'
import type { SummaryEntry } from '@/components/ErrorSummary.vue'
import { useDraft } from '@/components/form/useDraft'
import { useStill } from '@/components/form/useStill'
import { locale } from '@/i18n'
import { findingText, openFindings, stopsOf } from '@/order/order'
import { fieldId, LiveCheck, overlaps, placeNotes } from '@shared/form'
import type { FieldView, PlacedNotes, Saved, Transport } from '@shared/form'
import { passing, ProblemError } from '@shared/problem'

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
  const { findings, detected, live } = useJudgement(order, part, draft.values, local, still)
  watch([order, draft.state], () => still(settle))

  /** Takes what a save came with, if the answers are still those. */
  function settle(): void {
    live.take(order.value)
  }

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

  /** For the summary on top, in the order of the page. What is typed is told at its field only. */
  const entries: ComputedRef<SummaryEntry[]> = computed(() => {
    const told = ({ source, severity }: Finding) => source === 'review' || (draft.tried.value && severity === 'error')
    const own = new Map(draft.list.value.filter(({ pointer }) => pointer).map(({ pointer, message }) => [pointer, message]))
    const placed = shown.value.flatMap(({ pointer }) => {
      const theirs = (notes.value.byField.get(pointer) ?? []).filter(({ finding, tone }) => tone === 'error' && told(finding))
      const messages = [...(own.has(pointer) ? [own.get(pointer) ?? ''] : []), ...theirs.map(({ finding }) => findingText(finding))]
      return messages.map((message) => ({ id: fieldId(pointer), message }))
    })
    const loose = [...draft.list.value.filter(({ pointer }) => !pointer).map(({ message }) => message), ...notes.value.rest.filter(told).map(findingText)]
    return [...placed, ...loose.map((message) => ({ id: '', message }))]
  })

  onMounted(() => {
    if (route.hash) draft.examine()
    if (entries.value.length > 0) draft.halt()
    if (route.hash) requestAnimationFrame(() => document.getElementById(route.hash.slice(1))?.focus())
  })

  /** True when one may go on: everything is saved and the rules object to nothing here. */
  async function finish(): Promise<boolean> {
    const complete = await draft.finish()
    if (!complete && draft.state.value.kind !== 'saved' && draft.state.value.kind !== 'clean') return false
    settle()
    const blocking = openFindings(order.value, ...part.below()).filter(({ severity, source }) => severity === 'error' && source === 'rule')
    if (complete && blocking.length > 0) draft.halt()
    return complete && blocking.length === 0
  }

  function changed(pointer: string): void {
    draft.changed(pointer)
    live.touch(pointer)
  }
  const touched = (pointer: string): void =>
    still(() => {
      draft.touched(pointer)
      live.hurry()
    })

  return { ...draft, notes: computed(() => notes.value.byField), shown, entries, detected, stops, finish, changed, touched }
}

/** What the rules say of the answers as they stand, asked while they are typed. */
function useJudgement<T extends object>(order: ShallowRef<OrderView>, part: StepPart<T>, values: T, local: (pointer: string) => string, still: (act: () => void) => void) {
  const rules = ({ findings }: Pick<OrderView, 'findings'>) => findings.filter(({ source }) => source === 'rule')
  const findings = shallowRef<Finding[]>(rules(order.value))
  const detected = shallowRef<Detected>(order.value.detected)
  /** Changed since something was known. */
  const changed = new Set<string>()
  const id = order.value.id

  const check = new LiveCheck<Unsaved, Checked>(
    () => part.asked(values),
    async (body, signal) => {
      const answer = await ask(api.POST('/api/v1/orders/{id}/check', { params: { path: { id } }, body, signal }))
      if (answer.ok) return answer.data
      if (passing(answer.problem)) throw new ProblemError(answer.problem)
      return undefined
    },
    (answer) => still(() => tell(answer)),
  )
  function tell(answer: Checked | undefined): void {
    if (answer) [findings.value, detected.value] = [answer.findings, answer.detected]
    else findings.value = findings.value.filter(({ pointer }) => ![...changed].some((one) => overlaps(one, local(pointer))))
    changed.clear()
  }
  function take(now: OrderView): void {
    const saved = part.saved(now)
    if (!saved || !check.known(saved)) return
    ;[findings.value, detected.value] = [rules(now), now.detected]
    changed.clear()
  }
  take(order.value)

  const online = () => check.retryNow()
  window.addEventListener('online', online)
  watch(locale, () => check.renew())
  onScopeDispose(() => {
    window.removeEventListener('online', online)
    check.stop()
  })
  const touch = (pointer: string) => {
    changed.add(pointer)
    check.touch()
  }
  return { findings, detected, live: { take, touch, hurry: () => check.hurry() } }
}
