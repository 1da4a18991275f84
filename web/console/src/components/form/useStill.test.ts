import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { useStill } from './useStill'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start() {
  const scope = effectScope()
  const still = scope.run(useStill)
  if (!still) throw new Error('no scope')
  const done: string[] = []
  return { scope, done, say: (word: string) => still(() => done.push(word)), point: (kind: string) => window.dispatchEvent(new Event(kind)) }
}

test('what happens while the pointer is down waits until the click is over', () => {
  const { scope, done, say, point } = start()
  say('before')
  point('pointerdown')
  say('left')
  say('answered')
  point('pointerup')
  say('clicked')
  expect(done).toEqual(['before'])
  vi.runAllTimers()
  expect(done).toEqual(['before', 'left', 'answered', 'clicked'])
  say('after')
  expect(done.at(-1)).toBe('after')
  scope.stop()
})

test('a gesture that is taken away ends the wait too, and nothing happens on a page that is gone', () => {
  const { scope, done, say, point } = start()
  point('pointerdown')
  say('left')
  point('pointercancel')
  vi.runAllTimers()
  expect(done).toEqual(['left'])
  point('pointerdown')
  say('late')
  scope.stop()
  point('pointerup')
  vi.runAllTimers()
  expect(done).toEqual(['left'])
})
