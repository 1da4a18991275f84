/** Amounts of time as people say them, and a clock that pages can watch. */

import { onScopeDispose, readonly, ref } from 'vue'
import type { Ref } from 'vue'
import { t } from '@/i18n'

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

/** "3 hours", in the largest unit that fits, at least one minute. */
export function amount(milliseconds: number): string {
  const length = Math.abs(milliseconds)
  if (length >= 2 * day) return t('order.amount.days', { count: Math.floor(length / day) })
  if (length >= 2 * hour) return t('order.amount.hours', { count: Math.floor(length / hour) })
  return t('order.amount.minutes', { count: Math.max(1, Math.ceil(length / minute)) })
}

/** How long there is until an instant, or since when it is over. */
export function left(until: Date, now: Date): string {
  const rest = until.getTime() - now.getTime()
  return rest > 0 ? t('order.amount.left', { amount: amount(rest) }) : t('order.amount.over', { amount: amount(rest) })
}

/** The current time, renewed each `every` milliseconds while the page is open. */
export function useNow(every = 30_000): Readonly<Ref<Date>> {
  const now = ref(new Date())
  const timer = setInterval(() => (now.value = new Date()), every)
  onScopeDispose(() => clearInterval(timer))
  return readonly(now) as Readonly<Ref<Date>>
}
