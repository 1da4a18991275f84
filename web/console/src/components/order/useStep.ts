import { computed, onMounted } from 'vue'
import type { ComputedRef, ShallowRef } from 'vue'
import { useRoute } from 'vue-router'
import type { Finding, OrderView } from '@/api/types'
import { findingText, openFindings } from '@/order/order'
import type { SaveState } from '@shared/form'
import type { ProblemField } from '@shared/problem'

interface Drafted {
  state: ShallowRef<SaveState>
  refuse: (faults: ProblemField[]) => void
  finish: () => Promise<boolean>
}

/**
 * A step whose order is judged by the server with each save: going on shows
 * what the rules object to at its field, and a link to a field shows it at once.
 *
 * @param local the pointer of the order as the page's draft has it
 */
export function useStep(order: ShallowRef<OrderView>, draft: Drafted, below: () => string[], local: (pointer: string) => string = (pointer) => pointer) {
  const route = useRoute()
  const faultsOf = (list: readonly Finding[]): ProblemField[] =>
    list.map((finding) => ({ pointer: local(finding.pointer), code: finding.code ?? '', message: findingText(finding) }))

  onMounted(() => {
    const said = openFindings(order.value, ...below())
    const shown = route.hash ? said : said.filter(({ source }) => source === 'review')
    if (shown.length === 0) return
    draft.refuse(faultsOf(shown))
    if (route.hash) requestAnimationFrame(() => document.getElementById(route.hash.slice(1))?.focus())
  })

  /** True when one may go on: everything is saved and the rules object to nothing here. */
  async function finish(): Promise<boolean> {
    const complete = await draft.finish()
    if (!complete && draft.state.value.kind !== 'saved' && draft.state.value.kind !== 'clean') return false
    // All at once: what this page sees by itself and what the rules object to.
    const blocking = openFindings(order.value, ...below()).filter(({ severity, source }) => severity === 'error' && source === 'rule')
    if (blocking.length > 0) draft.refuse(faultsOf(blocking))
    return complete && blocking.length === 0
  }

  /** What to bear in mind although it stops nothing. */
  const warnings: ComputedRef<Finding[]> = computed(() =>
    order.value.findings.filter(({ pointer, severity, source }) => source === 'rule' && severity !== 'error' && below().some((one) => pointer.startsWith(one))),
  )
  return { finish, warnings }
}

