// Holds the first load of an applicant's first page to its budget: everything
// the browser fetches for the sign-in page in one language, compressed.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const budget = 150 * 1024
const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))
const first = ['index.html', 'src/layouts/ApplicantLayout.vue', 'src/views/applicant/sign-in.vue', 'src/messages/zh-CN/index.ts']

const files = new Set(['index.html'])
const seen = new Set()
function walk(key) {
  if (seen.has(key)) return
  seen.add(key)
  const chunk = manifest[key]
  if (!chunk) throw new Error(`budget: ${key} is not in the build`)
  files.add(chunk.file)
  for (const css of chunk.css ?? []) files.add(css)
  for (const next of chunk.imports ?? []) walk(next)
}
first.forEach(walk)

let total = 0
for (const file of files) total += gzipSync(readFileSync(new URL(file, dist))).length
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`
console.log(`first load: ${kib(total)} compressed in ${files.size} files, budget ${kib(budget)}`)
if (total > budget) {
  for (const file of files) console.error(`${kib(gzipSync(readFileSync(new URL(file, dist))).length).padStart(10)}  ${file}`)
  process.exit(1)
}
