import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { pages, stem } from './pages'

const at = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const files = (folder: string, ending: string) =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length))

describe('a page', () => {
  test.each([
    [{ path: '/', area: 'applicant' }, 'applicant/home'],
    [{ path: '/orders/:id/websites', area: 'applicant' }, 'applicant/orders/[id]/websites'],
    [{ path: '/staff', area: 'staff' }, 'staff/home'],
    [{ path: '/staff/queue', area: 'staff' }, 'staff/queue'],
  ] as const)('%o is drawn by %s', (page, want) => expect(stem(page)).toBe(want))

  test('and its view file belong together, one for one', () => {
    expect(pages.map(stem).sort()).toEqual(files(at('../views'), '.vue').sort())
  })

  test('has a browser test of the same name', () => {
    const specs = new Set(['applicant', 'staff'].flatMap((area) => files(at(`../../../../e2e/${area}`), '.spec.ts').map((name) => `${area}/${name}`)))
    expect(pages.map(stem).filter((name) => !specs.has(name))).toEqual([])
  })
})
