import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Autosave } from './autosave'
import type { SaveReply, Transport } from './autosave'
import type { Change } from './changes'

interface Draft {
  subject: { name: string; address?: string }
  websites: { id: string; name: string }[]
}

/** A server with one draft, which can be down, and whose state another tab can change. */
class Server implements Transport<Draft> {
  version = 1
  values: Draft = { subject: { name: '' }, websites: [{ id: 'a', name: '' }, { id: 'b', name: '' }] }
  down = false
  saves: Change[][] = []
  refuse = false
  /** Called while a save is on its way. */
  during: () => void = () => {}

  async save(changes: Change[], values: Draft, version: string): Promise<SaveReply<Draft>> {
    this.saves.push(changes)
    if (this.down) throw new Error('down')
    this.during()
    if (version !== String(this.version)) return { kind: 'stale' }
    if (this.refuse) {
      return { kind: 'refused', problem: { type: '', title: '', status: 422, detail: '', code: '', errors: [], exits: [], order: '', retryAfter: 0 } }
    }
    this.values = structuredClone(values)
    this.values.subject.name = this.values.subject.name.trim()
    this.version++
    return { kind: 'saved', version: String(this.version), values: structuredClone(this.values) }
  }

  async load() {
    return { version: String(this.version), values: structuredClone(this.values) }
  }

  /** Another tab saves. */
  elsewhere(change: (values: Draft) => void) {
    change(this.values)
    this.version++
  }
}

function start(server: Server) {
  const draft = structuredClone(server.values)
  const seen: string[] = []
  const autosave = new Autosave(draft, String(server.version), server, (state) => seen.push(state.kind))
  return { draft, autosave, seen }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a pause in typing saves once, with only what changed', async () => {
  const server = new Server()
  const { draft, autosave, seen } = start(server)
  draft.subject.name = '某'
  autosave.touch()
  await vi.advanceTimersByTimeAsync(600)
  draft.subject.name = '某公司'
  autosave.touch()
  await vi.advanceTimersByTimeAsync(1199)
  expect(server.saves).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(1)
  expect(server.saves).toEqual([[{ pointer: '/subject/name', value: '某公司' }]])
  expect(seen).toEqual(['waiting', 'waiting', 'saving', 'saved'])
  expect(autosave.isDirty()).toBe(false)
})

test('typing without a pause is saved all the same after the longest wait', async () => {
  const server = new Server()
  const { draft, autosave } = start(server)
  for (let i = 0; i < 11; i++) {
    draft.subject.name += 'x'
    autosave.touch()
    await vi.advanceTimersByTimeAsync(1000)
  }
  expect(server.saves).toHaveLength(1)
})

test('what is typed while a save is under way stays and is saved next', async () => {
  const server = new Server()
  const { draft, autosave } = start(server)
  draft.subject.name = '  某公司 '
  server.during = () => {
    draft.subject.address = '某路 1 号'
    server.during = () => {}
  }
  expect(await autosave.flush()).toBe(true)
  expect(draft.subject).toEqual({ name: '某公司', address: '某路 1 号' })
  expect(server.values.subject).toEqual(draft.subject)
  expect(server.saves).toHaveLength(2)
})

test('changes of another tab to other fields come together without a question', async () => {
  const server = new Server()
  const { draft, autosave } = start(server)
  draft.websites[1]!.name = '我的站'
  server.elsewhere((values) => {
    values.subject.address = '某路 1 号'
    values.websites.shift()
  })
  expect(await autosave.flush()).toBe(true)
  expect(server.values).toEqual({ subject: { name: '', address: '某路 1 号' }, websites: [{ id: 'b', name: '我的站' }] })
  expect(draft).toEqual(server.values)
})

test.each([
  ['mine', '我写的'],
  ['theirs', '别处写的'],
] as const)('the same field changed on both sides waits for a person, who picks %s', async (side, want) => {
  const server = new Server()
  const { draft, autosave } = start(server)
  draft.subject.name = '我写的'
  server.elsewhere((values) => (values.subject.name = '别处写的'))
  expect(await autosave.flush()).toBe(false)
  expect(autosave.state).toEqual({
    kind: 'conflict',
    conflicts: [{ pointer: '/subject/name', mine: '我写的', theirs: '别处写的' }],
  })
  expect(draft.subject.name).toBe('我写的')
  autosave.resolve('/subject/name', side)
  expect(await autosave.flush()).toBe(true)
  expect(server.values.subject.name).toBe(want)
  expect(draft.subject.name).toBe(want)
})

test('a website removed elsewhere while it was edited here is a conflict, not a loss', async () => {
  const server = new Server()
  const { draft, autosave } = start(server)
  draft.websites[0]!.name = '我的站'
  server.elsewhere((values) => values.websites.shift())
  expect(await autosave.flush()).toBe(false)
  expect(autosave.state.kind).toBe('conflict')
})

test('without an answer it waits longer each time, loses nothing, and saves when the server is back', async () => {
  const server = new Server()
  const { draft, autosave } = start(server)
  server.down = true
  draft.subject.name = '某公司'
  autosave.touch()
  await vi.advanceTimersByTimeAsync(1200)
  expect(autosave.state.kind).toBe('offline')
  await vi.advanceTimersByTimeAsync(2000)
  expect(server.saves).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(3999)
  expect(server.saves).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(server.saves).toHaveLength(3)
  expect(autosave.unsaved).toEqual([{ pointer: '/subject/name', value: '某公司' }])
  server.down = false
  autosave.retryNow()
  await vi.advanceTimersByTimeAsync(0)
  expect(server.values.subject.name).toBe('某公司')
  expect(autosave.state.kind).toBe('saved')
})

test('a refused save keeps the draft and tries again after the next change', async () => {
  const server = new Server()
  const { draft, autosave } = start(server)
  server.refuse = true
  draft.subject.name = '123'
  expect(await autosave.flush()).toBe(false)
  expect(autosave.state.kind).toBe('refused')
  server.refuse = false
  draft.subject.name = '某公司'
  autosave.touch()
  await vi.advanceTimersByTimeAsync(1200)
  expect(server.values.subject.name).toBe('某公司')
})

test('a version that is always stale ends in waiting, not in a loop', async () => {
  const server = new Server()
  const { draft, autosave } = start(server)
  server.during = () => void server.version++
  draft.subject.name = '某公司'
  expect(await autosave.flush()).toBe(false)
  expect(autosave.state.kind).toBe('offline')
  expect(server.saves.length).toBeLessThan(10)
})

test('nothing is sent after stop', async () => {
  const server = new Server()
  const { draft, autosave } = start(server)
  draft.subject.name = '某公司'
  autosave.touch()
  autosave.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(server.saves).toHaveLength(0)
})
