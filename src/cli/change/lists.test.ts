import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detailOf, viewOf } from '../../api/changes/views.ts'
import type { AppView, StatusView } from '../../api/wire/wire.ts'
import type { Happening } from '../../change/entry.ts'
import { sampleEntries, sampleOrder, samplePlan, sampleTrouble } from '../../change/samples.ts'
import { logText } from './log.ts'
import type { ActiveTarget } from '../../api/wire/targets.ts'
import { targetsText } from '../metrics/targets.ts'
import { releasesText } from '../deploy/releases.ts'
import { detailText } from './show.ts'
import { statusText } from './status.ts'
import { tellHappening } from '../text/happening.ts'
import { paintFor } from '../../words/paint.ts'
import { tokensText } from '../hub/token.ts'

const minute = 60_000
const now = Date.UTC(2026, 10, 23, 12)
const paint = paintFor({ hasColour: false })
const page = { columns: Infinity, paint, now }
const broke = sampleTrouble

const order = { ...sampleOrder, why: 'fix the till' }
const entriesOf = (happenings: readonly Happening[]) =>
  sampleEntries(happenings, { change: 'c7', from: now - 3 * minute })

const done: readonly Happening[] = [
  { type: 'ordered', order },
  { type: 'leased', token: 1 },
  { type: 'planned', plan: samplePlan },
  { type: 'decided', to: 'finish', why: '' },
  { type: 'finished' },
]

test('the log tells changes in columns: which, how it went, when, who, what and why', () => {
  const view = viewOf(entriesOf(done), null)
  const waiting = { ...viewOf(entriesOf(done.slice(0, 1)), null), id: 'c8', orderedAt: now, why: '' }
  assert.deepEqual(logText([waiting, view, { ...view, revertedBy: 'c9' }], page), [
    'CHANGE  STATUS            WHEN       WHO  WHAT                        WHY',
    'c8      waiting           just now   ada  shop@production',
    'c7      done              3 min ago  ada  shop 3f2a1c9 to production  fix the till',
    'c7      taken back by c9  3 min ago  ada  shop 3f2a1c9 to production  fix the till',
  ])
  assert.match(logText([], page)[0] ?? '', /tandem deploy/)
})

const host = (name: string, release: string | null) => ({
  host: name,
  release,
  commit: release,
  fenced: null,
})
const app: AppView = {
  app: 'shop',
  environment: 'production',
  target: 'shop@production',
  release: 'aaaaaaaaaa',
  commit: 'aaaaaaaaaa',
  change: 'c7',
  since: now - 3 * minute,
  url: 'http://shop.test',
  hosts: [host('web1', 'aaaaaaaaaa'), host('web2', 'bbbbbbbbbb'), host('web3', null)],
}
const place = (change: string, who: string) => ({
  change,
  target: 'shop@production',
  who,
  why: 'fix the till',
  since: now - minute,
})
const status: StatusView = {
  hub: { version: '1', startedAt: 0, project: '/srv/shop', entries: 5, recipes: [] },
  apps: [
    app,
    { ...app, target: 'till@production', release: null, commit: null, change: null, since: null, url: null },
  ],
  hosts: [
    {
      host: 'web3',
      address: 'deploy@web3',
      roles: ['app'],
      groups: [],
      drift: null,
      applied: null,
      fenced: { by: 'c6', why: 'it did not answer', since: now - minute },
    },
  ],
  lines: [
    {
      target: 'shop@production',
      holder: { ...place('c8', 'ivan'), token: 1 },
      waiting: [place('c9', 'ada')],
    },
  ],
}

test('the status tells what is live where, what is not as it should be, and who holds or waits for what', () => {
  assert.deepEqual(statusText(status, page), [
    'APP              LIVE     HOSTS   CHANGE  SINCE      URL',
    'shop@production  aaaaaaa  1 of 3  c7      3 min ago  http://shop.test',
    'till@production  nothing  0 of 3',
    '! shop@production on web2: bbbbbbb is live there',
    '! shop@production on web3: nothing is live there',
    '! web3 was left behind by c6 1 min ago: it did not answer',
    '● shop@production  c8 by ivan, at work for 1 min: fix the till',
    '○ shop@production  c9 by ada, waiting for 1 min: fix the till',
  ])
})

test('a change is shown whole, with what can be done about it', () => {
  const text = detailText(detailOf(entriesOf(done), null, 'everything'), paint)
  for (const part of [
    /^c7 shop 3f2a1c9/,
    /^status +done$/m,
    /^why +fix the till$/m,
    /1\. canary/,
    /tandem revert c7$/,
  ]) {
    assert.match(text, part)
  }
  const failed = [...done.slice(0, 2), { type: 'refused', trouble: broke } as const]
  const refused = detailText(detailOf(entriesOf(failed), null, 'everything'), paint)
  assert.match(refused, /✗ web2 did not become healthy\n {2}now {3}look at its log$/)
  assert.doesNotMatch(refused, /tandem revert/)
})

test('tokens are told without their secret', () => {
  const token = {
    id: 'a1',
    person: 'ada',
    label: 'phone',
    createdAt: now - minute,
    expiresAt: now,
    lastUsedAt: null,
  }
  assert.deepEqual(tokensText([token], page), [
    'TOKEN  PERSON  FOR    MADE       USED   EXPIRES',
    'a1     ada     phone  1 min ago  never  2026-11-23',
  ])
})

const said: readonly (readonly [Happening, string])[] = [
  [{ type: 'ordered', order }, 'ada orders: deploy shop@production (by cli): fix the till'],
  [
    { type: 'ordered', order: { ...order, reverts: 'c6', why: '' } },
    'ada orders: revert c6 on shop@production (by cli)',
  ],
  [{ type: 'announced', room: '#ops', text: 'hello', trouble: null }, 'told #ops: hello'],
  [
    { type: 'announced', room: '#ops', text: 'hello', trouble: 'no server' },
    'could not tell #ops: no server',
  ],
  [
    { type: 'watched', stage: 'canary', verdict: 'harmful', evidence: ['errors 0.1 % -> 4 %'] },
    'canary looks harmful; errors 0.1 % -> 4 %',
  ],
  [{ type: 'decided', to: 'undo', why: 'a step failed' }, 'is being undone: a step failed'],
  [{ type: 'withdrawn', who: 'ada', why: 'not today' }, 'withdrawn by ada, nothing changed: not today'],
  [{ type: 'stuck', trouble: broke }, 'needs a person: web2 did not become healthy'],
  [{ type: 'overruled', who: 'ada', why: 'noise' }, 'ada overrules the guard: noise'],
]

test('what happens is told in words', () => {
  for (const [happening, text] of said) assert.equal(tellHappening(happening).text, text)
})

test('releases are told with why they are kept, and when those go that nobody needs', () => {
  const one = {
    release: 'a'.repeat(64),
    bytes: 5_300_000,
    usedAt: now - minute,
    repo: 'shop',
    commit: 'c'.repeat(40),
  }
  const kept = [
    { ...one, why: ['live on shop@production', 'what reverting c7 brings back'], until: null },
    { ...one, release: 'b'.repeat(64), bytes: 900, why: [], until: now + minute, repo: null, commit: null },
  ]
  const [head, first, second, , last] = releasesText(kept, page)
  assert.equal(head, 'RELEASE  OF    COMMIT   SIZE    USED       KEPT BECAUSE')
  assert.equal(first, 'aaaaaaa  shop  ccccccc  5.1 MB  1 min ago  live on shop@production, and 1 more')
  assert.match(second ?? '', /^bbbbbbb {17}900 B {3}1 min ago {2}nobody needs it; goes /)
  assert.equal(last, '2 releases, 5.1 MB; 1 of them are needed')
  assert.match(releasesText([], page)[0] ?? '', /tandem deploy/)
})

test('targets are told with those first that do not answer, and why', () => {
  const target = (more: Partial<ActiveTarget>): ActiveTarget => ({
    labels: { instance: 'web1' },
    scrapePool: 'host',
    scrapeUrl: 'ssh://web1/proc',
    health: 'up',
    lastError: '',
    lastScrape: new Date(page.now - 5_000).toISOString(),
    lastScrapeDuration: 0.0421,
    scrapeInterval: '15s',
    ...more,
  })
  const shop = { scrapePool: 'shop', labels: { instance: 'web1:3000' } }
  const why = 'port 3000: Connection refused'
  const [head, down, unknown, up] = targetsText(
    [
      target({}),
      target({ scrapePool: 'haproxy', health: 'unknown', lastScrape: '0001-01-01T00:00:00Z' }),
      target({ ...shop, health: 'down', lastError: why }),
    ],
    page,
  )
  assert.match(head ?? '', /^JOB +INSTANCE +STATE +ASKED +TOOK +WHY$/)
  assert.match(down ?? '', /^shop +web1:3000 +down +5 s ago +42 ms +port 3000: Connection refused$/)
  assert.match(unknown ?? '', /^haproxy +web1 +not yet *$/)
  assert.match(up ?? '', /^host +web1 +up +5 s ago +42 ms *$/)
  assert.match(targetsText([], page)[0] ?? '', /nobody is asked/)
})
