/**
 * Sends a file with its progress, which fetch cannot tell. The answer is that
 * of every other call: data or a problem, and an ended session asks first.
 */

import { locale } from '@/i18n'
import { signInAgain } from '@/session/expired'
import { offline, problemOf } from '@shared/problem'
import type { Answer } from './client'

export async function upload<T>(url: string, file: Blob, progress: (share: number) => void, signal?: AbortSignal): Promise<Answer<T>> {
  const first = await sendOnce<T>(url, file, progress, signal)
  if (first.ok || first.problem.status !== 401) return first
  return (await signInAgain()) ? sendOnce<T>(url, file, progress, signal) : first
}

function sendOnce<T>(url: string, file: Blob, progress: (share: number) => void, signal?: AbortSignal): Promise<Answer<T>> {
  return new Promise((settle) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    request.setRequestHeader('Accept-Language', locale.value)
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    request.upload.addEventListener('progress', ({ loaded, total }) => total > 0 && progress(loaded / total))
    request.addEventListener('load', () => {
      const body = parsed(request.responseText)
      const ok = request.status >= 200 && request.status < 300
      settle(ok ? { ok, data: body as T } : { ok, problem: problemOf(body, request.status, request.getResponseHeader('Retry-After')) })
    })
    const lost = () => settle({ ok: false, problem: offline })
    request.addEventListener('error', lost)
    request.addEventListener('abort', lost)
    signal?.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
