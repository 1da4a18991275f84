/**
 * Words in two languages. zh-CN is the measure: its files give the keys, and the
 * compiler refuses an English file that lacks one or has one too many.
 * A page is redrawn by itself when the language changes.
 */

import { ref, shallowRef } from 'vue'
import type { Language } from 'element-plus/es/locale'
import type zhCN from '@/messages/zh-CN'
import type { Problem } from '@shared/problem'

export type Messages = typeof zhCN
export const locales = ['zh-CN', 'en'] as const
export type Locale = (typeof locales)[number]

type Leaves<T> = T extends string ? '' : { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}` }[keyof T & string]
/** Every key of the catalogues: file, then the path inside it. */
export type MessageKey = Leaves<Messages>

const stored = 'beian.locale'

export const locale = ref<Locale>('zh-CN')
const messages = shallowRef<Messages>()
/** The component library's own words. */
export const libraryLocale = shallowRef<Language>()

const loaders = {
  'zh-CN': () => Promise.all([import('@/messages/zh-CN'), import('element-plus/es/locale/lang/zh-cn.mjs')]),
  en: () => Promise.all([import('@/messages/en'), import('element-plus/es/locale/lang/en.mjs')]),
} as const

/** The language chosen before, else the first of the browser's that we have, else Chinese. */
export function preferredLocale(): Locale {
  const chosen = remembered()
  if (chosen) return chosen
  for (const tag of navigator.languages) {
    if (/^zh\b/i.test(tag)) return 'zh-CN'
    if (/^en\b/i.test(tag)) return 'en'
  }
  return 'zh-CN'
}

function remembered(): Locale | undefined {
  try {
    return locales.find((one) => one === localStorage.getItem(stored))
  } catch {
    return undefined // storage may be forbidden
  }
}

/** Changes the language of the page; remembers it when a person chose it. */
export async function setLocale(to: Locale, remember = true): Promise<void> {
  const [own, library] = await loaders[to]()
  messages.value = own.default
  libraryLocale.value = library.default
  locale.value = to
  document.documentElement.lang = to
  if (!remember) return
  try {
    localStorage.setItem(stored, to)
  } catch {
    // Not remembered then.
  }
}

/** The words for a key, with `{name}` filled in. */
export function t(key: MessageKey, params: Record<string, string | number> = {}): string {
  let value: unknown = messages.value
  for (const part of key.split('.')) value = (value as Record<string, unknown> | undefined)?.[part]
  if (typeof value !== 'string') return key
  return value.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

/** What to tell a person about a refusal: the server's words, else ours for the status. */
export function problemText(problem: Problem): string {
  if (problem.detail) return problem.detail
  if (problem.code === 'offline') return t('problem.offline')
  switch (problem.status) {
    case 401:
      return t('problem.sign_in')
    case 403:
      return t('problem.not_allowed')
    case 404:
      return t('problem.not_found')
    case 409:
    case 412:
      return t('problem.conflict')
    case 422:
      return t('problem.invalid')
    case 429:
      return problem.retryAfter > 0 ? t('problem.limited_for', { seconds: problem.retryAfter }) : t('problem.limited')
    case 502:
    case 503:
    case 504:
      return t('problem.unavailable')
    default:
      return t('problem.internal')
  }
}

/** 2026-11-24 14:32, in the time of the reader's machine. */
export function dateTime(at: Date): string {
  return `${date(at)} ${clockTime(at)}`
}

export function date(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** 14:32 */
export function clockTime(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`
}

const two = (n: number) => String(n).padStart(2, '0')
