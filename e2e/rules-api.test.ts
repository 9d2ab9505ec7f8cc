import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startPrometheus } from '../bench/differential/prometheus.ts'
import { serveHub, twoPeople } from './repos/served-hub.ts'

const skip = spawnSync('prometheus', ['--version']).status === 0 ? false : 'prometheus is not installed'

const rules = `groups:
- name: shop
  interval: 1s
  limit: 7
  rules:
  - record: job:up:sum
    expr: sum by(job)(up)
  - record: always
    expr: vector(1)
    labels: {team: shop, tier: front}
- name: other
  interval: 1s
  rules:
  - record: twice
    expr: vector(1) or label_replace(vector(2), "a", "b", "", "")
`

type Group = { rules: { health: string }[]; file: string }
type Body = { data: { groups: Group[] } }

test('rules are told as Prometheus tells them', { skip }, async (t) => {
  const saying = (rest: string): string => `${twoPeople}, metrics: { scrape: { interval: '1h' }${rest} }`
  const hub = await serveHub(saying(''))
  t.after(() => hub.close())
  await writeFile(join(hub.dir, 'r.yml'), rules)
  const tandemTs = `import { tandem } from 'tandem'\nexport default tandem({ ${saying(", rules: ['r.yml']")} })\n`
  await writeFile(join(hub.dir, 'tandem.ts'), tandemTs)
  const folder = await mkdtemp(join(tmpdir(), 'tandem-rules-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'r.yml'), rules)
  const peer = await startPrometheus(JSON.stringify({ rule_files: [join(folder, 'r.yml')] }))
  t.after(() => peer.close())
  const headers = { authorization: `Bearer ${hub.secret('eve')}` }
  const told = async (address: string, query = ''): Promise<Body> =>
    (await (await fetch(`${address}/api/v1/rules${query}`, { headers })).json()) as Body
  /** What is told once all was evaluated, without what no two say alike. */
  const settled = async (address: string): Promise<Body> => {
    for (const until = performance.now() + 60_000; performance.now() < until; await pause(100)) {
      const body = await told(address)
      const all = body.data.groups.flatMap((group) => group.rules)
      if (all.length === 3 && all.every(({ health }) => health !== 'unknown')) return alike(body)
    }
    return assert.fail('they are not evaluated')
  }
  assert.deepEqual(await settled(hub.url), await settled(peer.address))
  assert.deepEqual(await told(hub.url, '?type=alert'), { status: 'success', data: { groups: [] } })
  assert.deepEqual(hub.broken, [])
})

function alike(body: Body): Body {
  return JSON.parse(JSON.stringify(body), (name, value: unknown) => {
    if (name === 'evaluationTime') return typeof value
    if (name === 'lastEvaluation') return !Number.isNaN(Date.parse(String(value)))
    return name === 'file' ? String(value).split('/').at(-1) : value
  }) as Body
}
