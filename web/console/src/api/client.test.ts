import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { expired, settleExpired } from '@/session/expired'
import { api, ask } from './client'

const send = vi.fn<(request: Request) => Promise<Response>>()
const ended = () => Response.json({ status: 401, code: 'sign_in' }, { status: 401 })

beforeEach(() => void vi.stubGlobal('fetch', send))
afterEach(() => {
  vi.unstubAllGlobals()
  send.mockReset()
})

const signOut = () => ask(api.DELETE('/api/v1/session'))
/** A path that is not an answer about the session itself. */
const read = () => ask(api.GET('/api/v1/orders' as '/api/v1/me'))

test('a request whose session has ended waits for the dialog and is sent again', async () => {
  send.mockResolvedValueOnce(ended()).mockResolvedValueOnce(ended()).mockImplementation(async () => Response.json({ id: 'a1' }))
  const both = Promise.all([read(), read()])
  await vi.waitFor(() => expect(expired.value).toBe(true))
  settleExpired(true)
  expect(await both).toEqual([
    { ok: true, data: { id: 'a1' } },
    { ok: true, data: { id: 'a1' } },
  ])
  expect(send).toHaveBeenCalledTimes(4)
  expect(expired.value).toBe(false)
})

test('who does not sign in again gets the refusal, and nothing is sent again', async () => {
  send.mockResolvedValueOnce(ended())
  const answer = read()
  await vi.waitFor(() => expect(expired.value).toBe(true))
  settleExpired(false)
  expect(await answer).toMatchObject({ ok: false, problem: { status: 401, code: 'sign_in' } })
  expect(send).toHaveBeenCalledTimes(1)
})

test('a wrong password is an answer, not an ended session', async () => {
  send.mockResolvedValueOnce(ended())
  const answer = await ask(api.POST('/api/v1/session', { body: { login: 'a@example.com', password: 'x' } }))
  expect(answer).toMatchObject({ ok: false, problem: { status: 401 } })
  expect(expired.value).toBe(false)
})

test('no answer is a problem of its own', async () => {
  send.mockRejectedValueOnce(new TypeError('network'))
  expect(await signOut()).toMatchObject({ ok: false, problem: { code: 'offline', status: 0 } })
})

test('a page of an intermediary instead of a problem document is still a problem', async () => {
  send.mockResolvedValueOnce(new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'Retry-After': '7' } }))
  expect(await signOut()).toMatchObject({ ok: false, problem: { status: 502, errors: [], retryAfter: 7 } })
})

test('the language of the page goes along', async () => {
  send.mockResolvedValueOnce(new Response(null, { status: 204 }))
  await signOut()
  expect(send.mock.calls[0]?.[0].headers.get('Accept-Language')).toBe('zh-CN')
})
