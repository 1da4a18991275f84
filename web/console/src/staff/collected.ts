/**
 * The findings of a reviewer that are not sent yet. They go back all at once,
 * so they outlive a reload, a conflict and an ended session: each tab keeps its
 * own in its session storage.
 */

import { computed, ref } from 'vue'
import type { DraftFinding } from '@/api/staff-types'
import { recall, remember } from './remembered'

const session = () => sessionStorage
const key = (order: string) => `beian.findings.${order}`

function isFinding(value: unknown): value is DraftFinding {
  if (typeof value !== 'object' || value === null) return false
  const { pointer, reason, advice, rule } = value as Record<string, unknown>
  const maybeText = (one: unknown) => one === undefined || typeof one === 'string'
  return typeof pointer === 'string' && typeof reason === 'string' && maybeText(advice) && maybeText(rule)
}

export function readCollected(order: string): DraftFinding[] {
  try {
    const kept: unknown = JSON.parse(recall(key(order), session) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isFinding) : []
  } catch {
    return []
  }
}

export function useCollected(order: string) {
  const findings = ref<DraftFinding[]>(readCollected(order))
  const save = () => remember(key(order), findings.value.length > 0 ? JSON.stringify(findings.value) : null, session)

  /** Adds a finding, or replaces the one at the place. */
  function put(finding: DraftFinding, place?: number): void {
    const one: DraftFinding = { pointer: finding.pointer, reason: finding.reason.trim() }
    if (finding.rule) one.rule = finding.rule
    if (finding.advice?.trim()) one.advice = finding.advice.trim()
    if (place === undefined) findings.value.push(one)
    else findings.value.splice(place, 1, one)
    save()
  }
  function remove(place: number): void {
    findings.value.splice(place, 1)
    save()
  }
  function clear(): void {
    findings.value = []
    save()
  }
  /** Which fields have one. */
  const at = computed(() => new Set(findings.value.map(({ pointer }) => pointer)))
  return { findings, at, put, remove, clear }
}
