import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import en from './en'
import zh from './zh-CN'

const here = import.meta.url
const source = fileURLToPath(new URL('..', here))

function leaves(value: unknown, key = ''): [string, string][] {
  if (typeof value === 'string') return [[key, value]]
  return Object.entries(value as object).flatMap(([name, inner]) => leaves(inner, key ? `${key}.${name}` : name))
}
const words = { zh: new Map(leaves(zh)), en: new Map(leaves(en)) }
const variables = (text: string | undefined) => (text?.match(/\{\w+\}/g) ?? []).sort()

test('both languages have the same keys', () => {
  expect([...words.en.keys()].sort()).toEqual([...words.zh.keys()].sort())
})

test('both languages use the same variables', () => {
  for (const [key, text] of words.zh) expect(variables(words.en.get(key)), key).toEqual(variables(text))
})

test('no words are empty', () => {
  for (const [key, text] of [...words.zh, ...words.en]) expect(text.trim(), key).not.toBe('')
})

test('English is free of Chinese but for terms in brackets', () => {
  for (const [key, text] of words.en) expect(text.replaceAll(/\(\p{Script=Han}+\)/gu, ''), key).not.toMatch(/\p{Script=Han}/u)
})

test('no words are unused', () => {
  const code = (readdirSync(source, { recursive: true }) as string[])
    .filter((name) => /\.(vue|ts)$/.test(name) && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(source + name, 'utf8'))
    .join('\n')
  // A key that is put together in code is written as t(`form.save.${kind}`).
  const prefixes = [...code.matchAll(/`([\w.]+\.)\$\{/g)].map((match) => match[1] ?? '')
  const unused = [...words.zh.keys()].filter(
    (key) => !code.includes(`'${key}'`) && !prefixes.some((prefix) => key.startsWith(prefix)),
  )
  expect(unused).toEqual([])
})
