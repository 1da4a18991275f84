import { describe, expect, it } from 'vitest'
import type { SmsCheck } from '@/api/types'
import { countdown, lastRound, passedMark } from './sms'

const check = (id: string, round: number): SmsCheck => ({ id, round, name: '周*远', tail: '8000', pointers: [], subject: true, websites: [], state: 'waiting', until: '2026-11-25T04:00:00Z' })
const hour = 3_600_000

describe('the check by message', () => {
  it('shows the last round', () => {
    expect(lastRound([check('1-1', 1), check('2-1', 2), check('2-2', 2)])).toMatchObject({ round: 2, checks: [{ id: '2-1' }, { id: '2-2' }] })
    expect(lastRound([])).toEqual({ round: 0, checks: [] })
  })
  it('says seldom what is left', () => {
    expect([23, 12, 5, 4, 0.9, 0.1].map((hours) => passedMark(hours * hour))).toEqual([undefined, 12 * hour, 12 * hour, 4 * hour, hour, hour / 6])
  })
  it('counts down to nothing and no further', () => {
    expect([23.5 * hour, 61_000, -5].map(countdown)).toEqual(['23:30:00', '00:01:01', '00:00:00'])
  })
})
