import { afterEach, expect, test, vi } from 'vitest'
import { readCollected, useCollected } from './collected'

afterEach(() => {
  vi.unstubAllGlobals()
  sessionStorage.clear()
})

test('what was collected is there after a reload, for its own order only', () => {
  const first = useCollected('o1')
  first.put({ pointer: '/subject/name', reason: ' not as on the licence ', advice: ' ' })
  first.put({ pointer: '/websites/0/name', reason: 'too broad', advice: 'name the subject' })
  expect(useCollected('o1').findings.value).toEqual([
    { pointer: '/subject/name', reason: 'not as on the licence' },
    { pointer: '/websites/0/name', reason: 'too broad', advice: 'name the subject' },
  ])
  expect(useCollected('o2').findings.value).toEqual([])
})

test('a finding is changed in its place, and can be taken out', () => {
  const list = useCollected('o1')
  list.put({ pointer: '/subject/name', reason: 'a' })
  list.put({ pointer: '/subject/address', reason: 'b' })
  list.put({ pointer: '/subject/name', reason: 'c' }, 0)
  expect(list.findings.value.map(({ reason }) => reason)).toEqual(['c', 'b'])
  list.remove(0)
  expect([...list.at.value]).toEqual(['/subject/address'])
})

test('the rule that a finding rests on is kept with it', () => {
  useCollected('o1').put({ pointer: '/websites', reason: 'too many', rule: 'hunan.websites' })
  expect(useCollected('o1').findings.value).toEqual([{ pointer: '/websites', reason: 'too many', rule: 'hunan.websites' }])
  sessionStorage.setItem('beian.findings.o1', '[{"pointer":"/websites","reason":"too many","rule":7}]')
  expect(readCollected('o1')).toEqual([])
})

test('nothing is left behind once they are sent', () => {
  const list = useCollected('o1')
  list.put({ pointer: '/subject/name', reason: 'a' })
  list.clear()
  expect(sessionStorage.length).toBe(0)
})

test('what somebody else wrote there is not taken for findings', () => {
  sessionStorage.setItem('beian.findings.o1', '[{"pointer":1},{"pointer":"/subject/name","reason":"a"},null]')
  expect(readCollected('o1')).toEqual([{ pointer: '/subject/name', reason: 'a' }])
  sessionStorage.setItem('beian.findings.o1', 'no JSON')
  expect(readCollected('o1')).toEqual([])
})

test('without storage they are kept for the page', () => {
  vi.stubGlobal('sessionStorage', { getItem: () => { throw new DOMException('forbidden') }, setItem: () => { throw new DOMException('full') }, clear: () => undefined })
  const list = useCollected('o1')
  list.put({ pointer: '/subject/name', reason: 'a' })
  expect(list.findings.value).toHaveLength(1)
})
