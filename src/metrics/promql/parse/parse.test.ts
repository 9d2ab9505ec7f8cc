import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { print } from '../print.ts'
import { parseQuery } from './parse.ts'
import { QueryTrouble } from './trouble.ts'

const linesOf = (name: string): readonly unknown[] =>
  readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))

function refusal(query: string): QueryTrouble {
  try {
    parseQuery(query)
  } catch (error) {
    if (error instanceof QueryTrouble) return error
    throw error
  }
  return assert.fail(`${query} was not refused`)
}

describe('the parser', () => {
  it('refuses what Prometheus 2.42 refuses, in the same words', () => {
    const refused = linesOf('refused.ndjson') as { query: string; message: string }[]
    assert.ok(refused.length > 500)
    for (const { query, message } of refused) assert.equal(refusal(query).message, message, query)
  })

  it('reads what Prometheus 2.42 reads, and prints it in the same way', () => {
    const read = linesOf('printed.ndjson') as { query: string; printed: string }[]
    assert.ok(read.length > 100)
    for (const { query, printed } of read) assert.equal(print(parseQuery(query)), printed, query)
  })

  it('counts columns in bytes and lines from 1', () => {
    const { line, column } = refusal('sum(\n  {é="1"}\n)')
    assert.deepEqual({ line, column }, { line: 2, column: 4 })
    assert.deepEqual(refusal('"é" é').message, "1:6: parse error: unexpected character: 'é'")
  })

  it('groups by how tightly operators bind', () => {
    const shapes = { 'a + b * c ^ d ^ e': 'a + (b * (c ^ (d ^ e)))', '-a ^ b * c': '(-(a ^ b)) * c' }
    const bare = (query: string): string =>
      JSON.stringify(parseQuery(query), (key, value: { type?: string; inner?: unknown }) =>
        key === 'span' || key === 'operatorAt' ? 0 : value?.type === 'parens' ? value.inner : value,
      )
    for (const [query, grouped] of Object.entries(shapes)) assert.equal(bare(query), bare(grouped), query)
    assert.notEqual(bare('(a + b) * c'), bare('a + b * c'))
  })

  it('refuses depths that would exhaust the stack', () => {
    for (const deep of ['('.repeat(100_000), '-'.repeat(100_000), `1${'+1'.repeat(100_000)}`])
      assert.match(refusal(deep).message, /nested deeper than 1000 levels/)
    assert.equal(parseQuery(`${'('.repeat(400)}1${')'.repeat(400)}`).type, 'parens')
  })
})
