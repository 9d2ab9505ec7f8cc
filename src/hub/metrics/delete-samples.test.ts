import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Occurrence } from '../../change/occurrence.ts'
import type { Store } from '../../store/store.ts'
import type { DeletionWish } from '../../metrics/storage/deletions/deletion.ts'
import { deletingIn } from './delete-samples.ts'

function trial(farUrl: string | null) {
  const done: (Occurrence | DeletionWish)[] = []
  const record = async (_: string, occurrence: Occurrence) => void done.push(occurrence)
  const deleting = deletingIn({
    thread: {
      delete: async (wish) => {
        done.push(wish)
        return { series: 3 }
      },
    },
    // Nothing else of the ledger is asked for.
    ledger: { record } as unknown as Store['ledger'],
    farUrl: () => farUrl,
    now: () => 5,
  })
  return { done, ask: (params: string) => deleting({ params, who: 'ada', door: 'cli' }) }
}

test('who wants samples gone is written down before they go', async () => {
  const { done, ask } = trial(null)
  assert.deepEqual(await ask('match[]=up&match[]=down&end=2.5'), { series: 3 })
  const named = (value: string) => [{ name: '__name__', operator: '=', value }]
  assert.deepEqual(done, [
    { type: 'delete-ordered', selectors: ['up', 'down'], from: null, to: 2500, who: 'ada', door: 'cli' },
    { matchers: [named('up'), named('down')], fromMs: 0, toMs: 2500, who: 'ada', atMs: 5 },
  ])
})

test('an order that is wrong is written down nowhere', async () => {
  const { done, ask } = trial(null)
  assert.deepEqual(await ask('start=1'), { wrong: 'no match[] parameter provided' })
  assert.match(JSON.stringify(await ask('match[]=up&start=2&end=1')), /end timestamp must not be before/)
  assert.deepEqual(done, [])
})

test('nothing is deleted here of what lies elsewhere', async () => {
  const { done, ask } = trial('https://mimir.example.org')
  assert.match(JSON.stringify(await ask('match[]=up')), /lie at https:\/\/mimir\.example\.org, and have to/)
  assert.deepEqual(done, [])
})
