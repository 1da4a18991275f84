import { onScopeDispose, shallowRef, watch } from 'vue'
import type { ShallowRef } from 'vue'
import { api, ask } from '@/api/client'
import type { Checked, Detected, Finding, OrderView, Unsaved } from '@/api/types'
import { locale } from '@/i18n'
import { LiveCheck, overlaps } from '@shared/form'
import { passing, ProblemError } from '@shared/problem'

interface Judged {
  /** The answers as they stand. */
  asked: () => Unsaved
  /** The same of a saved order; undefined where it has the part no longer. */
  saved: (order: OrderView) => Unsaved | undefined
  /** The pointer of the order as the page's draft has it. */
  local: (pointer: string) => string
  /** Runs what changes the page, at once or when the pointer is up. */
  still: (act: () => void) => void
}

const rules = ({ findings }: Pick<OrderView, 'findings'>) => findings.filter(({ source }) => source === 'rule')

/** What the rules say of the answers as they stand, asked while they are typed; a save that tells it too spares the question. */
export function useJudgement(order: ShallowRef<OrderView>, { asked, saved, local, still }: Judged) {
  const findings = shallowRef<Finding[]>(rules(order.value))
  const detected = shallowRef<Detected>(order.value.detected)
  /** Changed since something was known. */
  const changed = new Set<string>()
  const { id } = order.value

  async function question(body: Unsaved, signal: AbortSignal): Promise<Checked | undefined> {
    const answer = await ask(api.POST('/api/v1/orders/{id}/check', { params: { path: { id } }, body, signal }))
    if (answer.ok) return answer.data
    if (passing(answer.problem)) throw new ProblemError(answer.problem)
    return undefined
  }
  function tell(answer: Checked | undefined): void {
    if (answer) [findings.value, detected.value] = [answer.findings, answer.detected]
    else findings.value = findings.value.filter(({ pointer }) => ![...changed].some((one) => overlaps(one, local(pointer))))
    changed.clear()
  }
  const check = new LiveCheck<Unsaved, Checked>(asked, question, (answer) => still(() => tell(answer)))

  /** Takes what a save came with, if the answers are still those. */
  function take(): void {
    const answers = saved(order.value)
    if (!answers || !check.known(answers)) return
    ;[findings.value, detected.value] = [rules(order.value), order.value.detected]
    changed.clear()
  }
  take()

  const online = () => check.retryNow()
  window.addEventListener('online', online)
  watch(locale, () => check.renew())
  onScopeDispose(() => {
    window.removeEventListener('online', online)
    check.stop()
  })
  function touch(pointer: string): void {
    changed.add(pointer)
    check.touch()
  }
  return { findings, detected, take, touch, hurry: () => check.hurry() }
}
