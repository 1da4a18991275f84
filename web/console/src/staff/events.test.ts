import { beforeAll, describe, expect, test } from 'vitest'
import { setLocale } from '@/i18n'
import { aboutOf, fieldName, isOverdue, kindName } from './events'

beforeAll(() => setLocale('zh-CN', false))

describe('what the authority started', () => {
  test('a path is put into words, lists counted from 1', () => {
    expect(fieldName('Website.Domains.0.Name')).toBe('域名 1 › 名称')
    expect(fieldName('Website.Principal.Mobile')).toBe('负责人 › 手机')
    expect(fieldName('Task.Websites.1.Accesses.0.IPs.0.First')).toBe('网站 2 › 接入 1 › IP 段 1 › 起')
  })
  test('a part or kind that is not known stays as it is', () => {
    expect(fieldName('Website.Brandneu')).toBe('Brandneu')
    expect(kindName('brand_new')).toBe('brand_new')
    expect(kindName('check_task')).toBe('核实任务')
  })
  test('only what is open can be overdue', () => {
    const now = new Date('2026-11-24T12:00:00Z')
    expect(isOverdue({ state: 'open', due_at: '2026-11-24T11:00:00Z' }, now)).toBe(true)
    expect(isOverdue({ state: 'open', due_at: '2026-11-24T13:00:00Z' }, now)).toBe(false)
    expect(isOverdue({ state: 'answered', due_at: '2026-11-24T11:00:00Z' }, now)).toBe(false)
    expect(isOverdue({ state: 'open' }, now)).toBe(false)
  })
  test('what it is about is one line', () => {
    expect(aboutOf({ domain: 'yunshan.cn', licence_no: '京ICP备2024012345号-1' })).toBe('yunshan.cn · 京ICP备2024012345号-1')
    expect(aboutOf({})).toBe('')
  })
})
