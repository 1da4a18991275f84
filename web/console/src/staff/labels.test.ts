import { beforeAll, expect, test } from 'vitest'
import { setLocale } from '@/i18n'
import { placeName } from './labels'

beforeAll(() => setLocale('zh-CN', false))

const order = { websites: [], needs: [], materials: [] } as unknown as Parameters<typeof placeName>[2]

test('no place of an order is called by its pointer', () => {
  expect(placeName('/filing/password', [], order)).toBe('备案密码')
  expect(placeName('/filing/licence_no', [], order)).toBe('主体备案号')
  expect(placeName('/websites', [], order)).not.toContain('/')
  expect(placeName('/websites/1/domain', [], order)).not.toContain('/')
  expect(placeName('', [], order)).not.toBe('')
})
