// Draws the OpenAPI document: operations by tag, their parameters, bodies and
// answers, each with an example made from the schema.
'use strict'

const methods = ['get', 'post', 'put', 'patch', 'delete']

/** Makes an element; text never becomes HTML. */
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  node.append(...children.filter((child) => child !== undefined && child !== null))
  return node
}

function resolve(doc, schema) {
  const path = schema && schema.$ref
  return path ? path.slice(2).split('/').reduce((at, part) => at[part], doc) : schema || {}
}

function typeOf(doc, schema) {
  if (schema.$ref) return schema.$ref.split('/').pop()
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : schema.type || 'any'
  if (type.startsWith('array')) return `${typeOf(doc, schema.items || {})}[]`
  return schema.format ? `${type} (${schema.format})` : type
}

function example(doc, schema, seen = []) {
  const ref = schema.$ref
  if (ref && seen.includes(ref)) return {}
  const s = resolve(doc, schema)
  const deeper = ref ? [...seen, ref] : seen
  if (s.examples && s.examples.length) return s.examples[0]
  if (s.default !== undefined) return s.default
  if (s.enum) return s.enum[0]
  const type = Array.isArray(s.type) ? s.type[0] : s.type
  if (type === 'object') {
    return Object.fromEntries(Object.entries(s.properties || {}).map(([key, value]) => [key, example(doc, value, deeper)]))
  }
  if (type === 'array') return [example(doc, s.items || {}, deeper)]
  if (type === 'boolean') return false
  if (type === 'integer' || type === 'number') return 0
  return s.format === 'date-time' ? '2026-11-24T06:32:00Z' : 'text'
}

function table(rows) {
  const head = el('tr', {}, el('th', { scope: 'col' }, 'Name'), el('th', { scope: 'col' }, 'Type'), el('th', { scope: 'col' }, 'What'))
  return el('table', {}, el('thead', {}, head), el('tbody', {}, ...rows))
}

function row(doc, name, schema, must, text) {
  const limits = ['minLength', 'maxLength', 'minimum', 'maximum', 'maxItems']
    .filter((key) => schema[key] !== undefined)
    .map((key) => `${key} ${schema[key]}`)
  const choices = schema.enum ? [`one of: ${schema.enum.join(', ')}`] : []
  return el('tr', {}, el('td', {}, el('code', {}, name), must ? ' *' : ''), el('td', {}, typeOf(doc, schema)),
    el('td', {}, [text || schema.description, ...choices, ...limits].filter(Boolean).join('; ')))
}

function body(doc, title, content) {
  const [media, entry] = Object.entries(content || {})[0] || []
  if (!media || !entry.schema) return []
  const s = resolve(doc, entry.schema)
  const rows = Object.entries(s.properties || {}).map(([name, value]) => row(doc, name, value, (s.required || []).includes(name)))
  return [el('h4', {}, `${title} (${media})`), rows.length ? table(rows) : el('p', {}, typeOf(doc, entry.schema)),
    el('pre', { tabindex: '0' }, JSON.stringify(entry.example ?? example(doc, entry.schema), null, 2))]
}

function operation(doc, path, method, op) {
  const parameters = (op.parameters || []).map((p) => row(doc, `${p.name} (${p.in})`, p.schema || {}, p.required, p.description))
  const answers = Object.entries(op.responses || {}).flatMap(([status, raw]) => {
    const response = resolve(doc, raw)
    const drawn = body(doc, `Answer ${status}`, response.content)
    return drawn.length ? drawn : [el('h4', {}, `Answer ${status}: ${response.description || ''}`)]
  })
  return el('details', { id: op.operationId },
    el('summary', {}, el('code', {}, el('span', { class: 'method' }, method.toUpperCase()), path), el('span', {}, op.summary || '')),
    op.description && el('p', {}, op.description),
    ...(parameters.length ? [el('h4', {}, 'Parameters'), table(parameters)] : []),
    ...body(doc, 'Body', op.requestBody && op.requestBody.content), ...answers)
}

async function draw() {
  const doc = await (await fetch('/openapi.json')).json()
  document.getElementById('about').textContent = doc.info.description
  const tags = new Map()
  for (const [path, item] of Object.entries(doc.paths)) {
    for (const method of methods.filter((m) => item[m])) {
      const tag = (item[method].tags || ['Other'])[0]
      if (!tags.has(tag)) tags.set(tag, [])
      tags.get(tag).push(operation(doc, path, method, item[method]))
    }
  }
  const sections = [...tags].map(([tag, operations]) => el('section', {}, el('h2', {}, tag), ...operations))
  document.getElementById('operations').replaceChildren(...sections)
  document.getElementById('filter').addEventListener('input', (event) => {
    const words = event.target.value.toLowerCase()
    for (const node of document.querySelectorAll('details')) node.hidden = !node.firstChild.textContent.toLowerCase().includes(words)
  })
  const wanted = location.hash && document.getElementById(location.hash.slice(1))
  if (wanted) { wanted.open = true; wanted.scrollIntoView() }
}

draw().catch((error) => { document.getElementById('operations').textContent = `The document could not be read: ${error.message}` })
