import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../../change/entry.ts'
import type { Parcel, Receipt } from '../../metrics/metrics-side.ts'
import { openHubNumbers } from './hub-numbers.ts'

const entry = (one: object): Entry => one as Entry
const parcel = { protocol: 'push' } as Parcel

test('the hub says what it takes, what it did, and how long it lets people wait', async (t) => {
  const numbers = openHubNumbers()
  t.after(numbers.close)
  const lines = (): readonly string[] => numbers.page().split('\n')
  numbers.entry(entry({ type: 'ordered', change: 'c1', order: { kind: 'deploy' } }))
  numbers.entry(entry({ type: 'finished', change: 'c1' }))
  numbers.entry(entry({ type: 'undone', change: 'c0' }))
  const receipts: Receipt[] = [
    { type: 'taken', samples: 5, taken: 3, refused: { 'too old': 2 } },
    { type: 'malformed', what: 'line 1', isTooLong: false },
  ]
  const take = numbers.counted(async () => receipts.shift() as Receipt)
  await take(parcel)
  await take(parcel)
  numbers.answered('GET', 200, 30)
  numbers.answered('GET', 200, 700)
  const said = lines()
  const has = (line: string): void => assert.ok(said.includes(line), `${line} in\n${said.join('\n')}`)
  has('tandem_changes_total{kind="deploy",status="done"} 1')
  has('tandem_changes_total{kind="unknown",status="undone"} 1')
  has('tandem_ingest_samples_total{protocol="push"} 3')
  has('tandem_ingest_refused_total{protocol="push",reason="too old"} 2')
  has('tandem_ingest_refused_total{protocol="push",reason="malformed"} 1')
  has('# TYPE tandem_http_request_duration_seconds histogram')
  has('tandem_http_request_duration_seconds_bucket{method="GET",code="200",le="0.025"} 0')
  has('tandem_http_request_duration_seconds_bucket{method="GET",code="200",le="0.05"} 1')
  has('tandem_http_request_duration_seconds_bucket{method="GET",code="200",le="+Inf"} 2')
  has('tandem_http_request_duration_seconds_count{method="GET",code="200"} 2')
  const valueOf = (name: string): number =>
    Number(said.find((line) => line.startsWith(`${name} `))?.split(' ')[1])
  assert.equal(valueOf('process_resident_memory_bytes') > 1e7, true)
  assert.equal(Math.abs(valueOf('process_start_time_seconds') - Date.now() / 1000) < 3600, true)
  assert.equal(valueOf('process_open_fds') > 2, true)
})
