import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LiveCheck } from './livecheck'

interface Draft {
  name: string
}

/** A server that answers each question when it is told to. */
class Server {
  asked: string[] = []
  aborted: string[] = []
  private open = new Map<string, { answer: (text: string | undefined) => void; fail: () => void }>()

  ask = ({ name }: Draft, signal: AbortSignal): Promise<string | undefined> => {
    this.asked.push(name)
    signal.addEventListener('abort', () => this.aborted.push(name))
    return new Promise((resolve, reject) => this.open.set(name, { answer: resolve, fail: () => reject(new Error('down')) }))
  }
  async answers(name: string) {
    this.open.get(name)?.answer(`of ${name}`)
    await vi.advanceTimersByTimeAsync(0)
  }
  async hasNoAnswer(name: string) {
    this.open.get(name)?.answer(undefined)
    await vi.advanceTimersByTimeAsync(0)
  }
  async fails(name: string) {
    this.open.get(name)?.fail()
    await vi.advanceTimersByTimeAsync(0)
  }
}

function start() {
  const server = new Server()
  const draft: Draft = { name: '' }
  const told: (string | undefined)[] = []
  const check = new LiveCheck<Draft, string>(() => draft, server.ask, (answer) => told.push(answer))
  const type = (name: string) => {
    draft.name = name
    check.touch()
  }
  return { server, draft, told, check, type }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a pause asks once, about the answers as they stand', async () => {
  const { server, told, type } = start()
  type('a')
  await vi.advanceTimersByTimeAsync(599)
  type('ab')
  await vi.advanceTimersByTimeAsync(599)
  expect(server.asked).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(server.asked).toEqual(['ab'])
  await server.answers('ab')
  expect(told).toEqual(['of ab'])
  await vi.advanceTimersByTimeAsync(600_000)
  expect(server.asked, 'nothing more by itself').toEqual(['ab'])
})

test('a newer question gives the older one up, whose answer counts no more', async () => {
  const { server, told, type } = start()
  type('a')
  await vi.advanceTimersByTimeAsync(600)
  type('b')
  await vi.advanceTimersByTimeAsync(600)
  expect(server.aborted).toEqual(['a'])
  await server.answers('b')
  await server.answers('a')
  expect(told).toEqual(['of b'])
})

test('the failure of a question that was given up is no failure', async () => {
  const { server, told, type } = start()
  type('a')
  await vi.advanceTimersByTimeAsync(600)
  type('b')
  await vi.advanceTimersByTimeAsync(600)
  await server.fails('a')
  expect(told).toEqual([])
  await server.answers('b')
  expect(told).toEqual(['of b'])
})

test('what was answered last, or is being asked, is not asked again', async () => {
  const { server, told, type } = start()
  type('a')
  await vi.advanceTimersByTimeAsync(600)
  type('a')
  await vi.advanceTimersByTimeAsync(600)
  expect(server.asked).toEqual(['a'])
  await server.answers('a')
  type('ab')
  type('a')
  await vi.advanceTimersByTimeAsync(600)
  expect(server.asked).toEqual(['a'])
  expect(told).toEqual(['of a'])
})

test('going back to what was answered gives the question under way up', async () => {
  const { server, told, type } = start()
  type('a')
  await vi.advanceTimersByTimeAsync(600)
  await server.answers('a')
  type('b')
  await vi.advanceTimersByTimeAsync(600)
  type('a')
  await vi.advanceTimersByTimeAsync(600)
  await server.answers('b')
  expect(server.aborted).toEqual(['b'])
  expect(told).toEqual(['of a'])
})

test('leaving a field asks at once, but only what waits', async () => {
  const { server, check, type } = start()
  check.hurry()
  expect(server.asked).toEqual([])
  type('a')
  check.hurry()
  expect(server.asked).toEqual(['a'])
  await vi.advanceTimersByTimeAsync(600)
  expect(server.asked).toEqual(['a'])
})

test('what a save has told is not asked', async () => {
  const { server, draft, told, check, type } = start()
  type('a')
  expect(check.known({ name: 'a' })).toBe(true)
  await vi.advanceTimersByTimeAsync(600)
  expect(server.asked).toEqual([])
  type('ab')
  expect(check.known({ name: 'a' }), 'typing went on meanwhile').toBe(false)
  await vi.advanceTimersByTimeAsync(600)
  expect(server.asked).toEqual(['ab'])
  // The save of the same answers comes first.
  expect(check.known({ ...draft })).toBe(true)
  await server.answers('ab')
  expect(server.aborted).toEqual(['ab'])
  expect(told).toEqual([])
})

test('without an answer nothing is known, and it is asked again, ever more slowly', async () => {
  const { server, told, type } = start()
  type('a')
  await vi.advanceTimersByTimeAsync(600)
  await server.fails('a')
  expect(told).toEqual([undefined])
  await vi.advanceTimersByTimeAsync(3999)
  expect(server.asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  await server.fails('a')
  type('ab')
  await vi.advanceTimersByTimeAsync(7999)
  expect(server.asked, 'typing does not hurry a server that is down').toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(server.asked).toEqual(['a', 'a', 'ab'])
  await server.answers('ab')
  expect(told).toEqual([undefined, undefined, 'of ab'])
  type('abc')
  await vi.advanceTimersByTimeAsync(600)
  expect(server.asked.at(-1)).toBe('abc')
})

test('the same answers are asked about anew when the language is another', async () => {
  const { server, told, check, type } = start()
  type('a')
  await vi.advanceTimersByTimeAsync(600)
  check.renew()
  await vi.advanceTimersByTimeAsync(0)
  expect(server.asked).toEqual(['a', 'a'])
  expect(server.aborted).toEqual(['a'])
  await server.answers('a')
  check.renew()
  await vi.advanceTimersByTimeAsync(0)
  await server.answers('a')
  expect(told).toEqual(['of a', 'of a'])
})

test('it is asked at once when the connection is back', async () => {
  const { server, check, type } = start()
  check.retryNow()
  type('a')
  await vi.advanceTimersByTimeAsync(600)
  await server.fails('a')
  check.retryNow()
  expect(server.asked).toEqual(['a', 'a'])
})

test('answers to which there is no answer are told as unknown, once', async () => {
  const { server, told, type } = start()
  type('a')
  await vi.advanceTimersByTimeAsync(600)
  await server.hasNoAnswer('a')
  await vi.advanceTimersByTimeAsync(600_000)
  expect(told).toEqual([undefined])
  expect(server.asked).toEqual(['a'])
})

test('after its end it says and asks nothing', async () => {
  const { server, told, check, type } = start()
  type('a')
  await vi.advanceTimersByTimeAsync(600)
  check.stop()
  expect(server.aborted).toEqual(['a'])
  await server.answers('a')
  type('b')
  await vi.advanceTimersByTimeAsync(600)
  expect(server.asked).toEqual(['a'])
  expect(told).toEqual([])
})
