/** RFC 6901 pointers into a draft, and the `*` that stands for one of many websites. */

export function parse(pointer: string): string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function join(tokens: readonly string[]): string {
  return tokens.map((token) => '/' + token.replaceAll('~', '~0').replaceAll('/', '~1')).join('')
}

/** The value at a pointer, undefined when there is none. */
export function at(doc: unknown, pointer: string): unknown {
  let value = doc
  for (const token of parse(pointer)) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[token]
  }
  return value
}

/** Puts a value at a pointer, in place, making what lies between; undefined removes. */
export function put(doc: object, pointer: string, value: unknown): void {
  const tokens = parse(pointer)
  const last = tokens.pop()
  if (last === undefined) throw new Error('the whole draft cannot be put')
  let holder = doc as Record<string, unknown>
  tokens.forEach((token, i) => {
    const next = holder[token]
    if (typeof next !== 'object' || next === null) {
      holder[token] = /^\d+$/.test(tokens[i + 1] ?? last) ? [] : {}
    }
    holder = holder[token] as Record<string, unknown>
  })
  if (value !== undefined) holder[last] = value
  else if (Array.isArray(holder)) holder.splice(Number(last), 1)
  else delete holder[last]
}

/** Whether the pointer names a field of each website. */
export const isRepeated = (path: string): boolean => parse(path).includes('*')

/** The pointer of one website's field. Without a website a repeated path cannot be bound. */
export function bind(path: string, website?: number): string {
  if (!isRepeated(path)) return path
  if (website === undefined) throw new Error(`${path} needs a website`)
  return join(parse(path).map((token) => (token === '*' ? String(website) : token)))
}

/** Whether one pointer is the other or lies within it. */
export const overlaps = (a: string, b: string): boolean =>
  a === b || a.startsWith(b + '/') || b.startsWith(a + '/')

/** An element id for the control of a pointer, the same in the field, its label and the error summary. */
export const fieldId = (pointer: string): string => 'field' + pointer.replaceAll(/[^A-Za-z0-9]+/g, '-')
