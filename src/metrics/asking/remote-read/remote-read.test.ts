import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seeded } from '../../../../lab/random.ts'
import { ProtoReader } from '../../ingest/protobuf/proto-reader.ts'
import { compress } from '../../ingest/snappy/compress.ts'
import { Unsnapper } from '../../ingest/snappy/decompress.ts'
import { labelsOf } from '../../labels.ts'
import { MemorySource } from '../../memory-source.ts'
import type { Answered, Asked } from '../../metrics-side.ts'
import { usual } from '../../promql/engine.ts'
import { answer } from '../ask.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)

const source = new MemorySource()
for (const host of ['web2', 'web1'])
  source.write(labelsOf({ __name__: 'up', host }), [
    { atMs: 1000, value: 1 },
    { atMs: 2000, value: 'stale' },
    { atMs: 3000, value: -0 },
  ])
source.write(labelsOf({ __name__: 'up', host: 'web3' }), [{ atMs: 10, value: 1 }])

const asked = (body: Uint8Array): Promise<Answered> => {
  const question: Asked = { route: 'read', name: '', params: '', body: compress(body) }
  return answer(question, {
    asking: { ...usual, source, look: (selection) => source.look(selection) },
    find: () => ({ series: [], warnings: [] }),
    descriptions: new Map(),
    nowMs: 0,
  })
}

const message = (field: number, bytes: readonly number[]): readonly number[] => [
  field * 8 + 2,
  bytes.length,
  ...bytes,
]
const text = (field: number, said: string) => message(field, [...Buffer.from(said)])
const named = (type: number, name: string, value: string) =>
  message(3, [8, type, ...text(2, name), ...text(3, value)])
/** From 1.5 s to 3 s. */
const query = (...matchers: readonly (readonly number[])[]) =>
  message(1, [8, 0xdc, 0x0b, 16, 0xb8, 0x17, ...matchers.flat()])

/** Of each result, how many series it has; and the times and values of all, in their order. */
function readBack({ body }: Answered) {
  const from = new ProtoReader(new Unsnapper().open(body, 2 ** 20))
  const [results, samples]: [number[], (readonly [number, number | 'stale'])[]] = [[], []]
  const inside = (visit: (field: number) => void): void => {
    const end = from.length()
    while (from.next(end)) visit(from.field)
  }
  while (from.next(from.bytes.length)) {
    results.push(0)
    inside(() => {
      results[results.length - 1] = (results.at(-1) ?? 0) + 1
      inside((field) => {
        if (field !== 2) return void (from.at = from.length())
        const sample: [number, number | 'stale'] = [0, 0]
        inside((part) => {
          if (part === 2) sample[0] = from.int64()
          else {
            const value = from.double()
            sample[1] = from.wasStale() ? 'stale' : value
          }
        })
        samples.push(sample)
      })
    })
  }
  return { results, samples }
}

test('samples are given as they are, with the ends of series, for each question', async () => {
  const answered = await asked(
    Uint8Array.from([
      ...query(named(0, '__name__', 'up'), named(2, 'host', 'web.')),
      ...query(named(0, 'host', 'nobody')),
      ...query(named(1, 'host', 'web1'), named(3, 'host', 'x.*')),
    ]),
  )
  assert.deepEqual([answered.status, answered.contentEncoding], [200, 'snappy'])
  const { results, samples } = readBack(answered)
  assert.deepEqual(results, [2, 0, 1])
  assert.equal(samples.length, 6)
  assert.deepEqual(samples.slice(0, 2), [
    [2000, 'stale'],
    [3000, -0],
  ])
})

test('an answer comes in the shape that was asked for, or not at all', async () => {
  const up = query(named(0, '__name__', 'up'))
  for (const [accepted, status] of [
    [[], 200],
    [[16, 1, 16, 0], 200],
    [message(2, [1, 0]), 200],
    [[16, 1], 400],
    [message(2, [1]), 400],
  ] as const)
    assert.equal((await asked(Uint8Array.from([...up, ...accepted]))).status, status)
})

test(`what cannot be read is refused in words, whatever it is (SEED=${seed})`, async () => {
  for (const [wrong, said] of [
    [query(named(9, 'host', 'web1')), /a matcher of a kind that is not known: 9/],
    [query(named(2, 'host', '(')), /missing/],
    [[10, 100], /are announced, and are not there/],
  ] as const) {
    const { status, contentType, body } = await asked(Uint8Array.from(wrong))
    assert.deepEqual([status, contentType], [400, 'text/plain; charset=utf-8'])
    assert.match(Buffer.from(body).toString(), said)
  }
  const random = seeded(seed)
  const whole = Uint8Array.from([...query(named(0, '__name__', 'up'), named(2, 'host', 'web.')), 16, 0])
  for (let round = 0; round < 2000; round += 1) {
    const torn = whole.slice(0, random.between(1, whole.length))
    torn[random.between(0, torn.length - 1)] = random.between(0, 255)
    assert.ok([200, 400].includes((await asked(torn)).status))
  }
})
