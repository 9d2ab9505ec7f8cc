import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Hub, openHub } from '../../hub.ts'
import { Secret } from '../../config/secrets/secret.ts'
import type { Flag } from '../../../sdk/flag/flag.ts'
import { connect, type LiveFlags } from '../../../sdk/server/connect.ts'
import { makeDoors } from '../doors.ts'
import { flipAt } from '../flags/try-flip.ts'
import { serve, type Serving } from '../serve/serve.ts'
import type { FlagKey, FlipWish, KeyKind } from '../wire/flags.ts'
import { noTeam } from '../../config/try-team.ts'

type Lab = Readonly<{ hub: Hub; serving: Serving; bugs: unknown[] }>

async function open(t: TestContext): Promise<Lab> {
  const dir = mkdtempSync(join(tmpdir(), 'flag-door-'))
  const bugs: unknown[] = []
  const broke = (thrown: unknown) => void bugs.push(thrown)
  const hub = await openHub({
    projectDir: dir,
    stateDir: join(dir, '.tandem'),
    config: async () => noTeam,
    kind: 'cli',
    identity: async () => new Secret('none'),
    broke,
  })
  const doors = makeDoors(hub.side, { now: Date.now, broke: (_, thrown) => broke(thrown) })
  const serving = await serve(doors, { host: '127.0.0.1', port: 0, webDir: dir })
  t.after(async () => {
    await serving.stop()
    await hub.idle()
    await hub.close()
    rmSync(dir, { recursive: true })
    assert.deepEqual(bugs, [])
  })
  return { hub, serving, bugs }
}

const flip = ({ hub }: Lab, wish: FlipWish): Promise<void> => flipAt(hub, wish)

const write = (flag: string, to: Flag | null): FlipWish => ({
  do: 'write',
  environment: 'production',
  items: [{ flag, to }],
})

const checkout: Flag = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
  about: { owner: 'ada', note: { risks: 'the till breaks' } },
}

async function makeKey(
  { hub }: Lab,
  kind: KeyKind = 'server',
): Promise<Readonly<{ key: FlagKey; secret: string }>> {
  return hub.side.flags.keys.create({ kind, environment: 'production', label: 'shop', who: 'ada' })
}

async function follow(t: TestContext, { serving }: Lab, secret: string): Promise<LiveFlags> {
  const flags = await connect({ hub: serving.url, key: secret, onTrouble: () => {} })
  t.after(() => flags.close())
  return flags
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 5) {
    assert.ok(waited < 5_000, 'it did not come to be')
    await pause(5)
  }
}

const get = (lab: Lab, path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${lab.serving.url}${path}`, { headers })

test('a program is told what there is, and each flip as it happens', async (t) => {
  const lab = await open(t)
  await flip(lab, write('checkout', checkout))
  const flags = await follow(t, lab, (await makeKey(lab)).secret)
  assert.equal(flags.boolean('checkout', true), false)
  const changed: string[] = []
  flags.onChange((keys) => changed.push(...keys))
  await flip(lab, write('checkout', { ...checkout, default: 'on' }))
  await until(() => flags.boolean('checkout', false))
  await flip(lab, { do: 'switch', environment: 'production', flag: 'checkout', on: false })
  await until(() => !flags.boolean('checkout', true))
  assert.deepEqual(changed, ['checkout', 'checkout'])
  const here = await lab.hub.side.flags.of('production')
  assert.equal(flags.status().rev, here.rev())
})

test('what is for people is told to no program', async (t) => {
  const lab = await open(t)
  await flip(lab, write('checkout', checkout))
  const { secret } = await makeKey(lab)
  const answer = await get(lab, '/flags/v1/set', { authorization: `Bearer ${secret}` })
  const { flags } = (await answer.json()) as { flags: Record<string, object> }
  assert.deepEqual(Object.keys(flags['checkout'] ?? {}).toSorted(), [
    'default',
    'off',
    'on',
    'type',
    'variants',
  ])
})

test('what turns a knob by itself, and what rollouts watch, is told to no program', async (t) => {
  const lab = await open(t)
  const bound = { query: 'max(p99_ms)', above: 800, to: 'min', every: '30s' } as const
  const usual = { type: 'number', on: true, variants: { usual: 60 }, default: 'usual', off: null } as const
  const watch = [{ query: 'errors', op: 'below', value: 1 }] as const
  await flip(lab, write('shown', { ...usual, knob: { min: 0, max: 100, bound }, watch }))
  const { secret } = await makeKey(lab)
  const answer = await get(lab, '/flags/v1/set', { authorization: `Bearer ${secret}` })
  const { flags } = (await answer.json()) as { flags: Record<string, Flag> }
  assert.deepEqual(flags['shown']?.knob, { min: 0, max: 100 })
  assert.equal(flags['shown'].watch, undefined)
})

test('who comes back goes on from where they were, or is told that nothing happened', async (t) => {
  const lab = await open(t)
  await flip(lab, write('a', checkout))
  const { secret } = await makeKey(lab)
  const here = await lab.hub.side.flags.of('production')
  const first = async (from: string) => {
    const answer = await get(lab, '/flags/v1/stream', {
      authorization: `Bearer ${secret}`,
      'last-event-id': from,
    })
    const reader = answer.body?.getReader()
    const { value } = (await reader?.read()) ?? {}
    await reader?.cancel()
    return new TextDecoder().decode(value).split('\n')[0]
  }
  const before = here.rev()
  assert.equal(await first(before), 'event: ping')
  await flip(lab, write('b', checkout))
  await flip(lab, write('c', checkout))
  assert.equal(await first(before), 'event: delta')
  assert.equal(await first('1-never'), 'event: full')
})

test('the set has an ETag, and is sent once', async (t) => {
  const lab = await open(t)
  const { secret } = await makeKey(lab)
  const authorization = `Bearer ${secret}`
  const answer = await get(lab, '/flags/v1/set', { authorization })
  const etag = answer.headers.get('etag') ?? ''
  assert.equal((await get(lab, '/flags/v1/set', { authorization, 'if-none-match': etag })).status, 304)
  assert.equal(
    (await get(lab, '/flags/v1/set', { authorization, 'if-none-match': `W/${etag}, "x"` })).status,
    304,
  )
  await flip(lab, write('a', checkout))
  assert.equal((await get(lab, '/flags/v1/set', { authorization, 'if-none-match': etag })).status, 200)
})

test('rules are told to server keys alone, and to none that was revoked', async (t) => {
  const lab = await open(t)
  const { secret: browser } = await makeKey(lab, 'browser')
  const { secret: server, key } = await makeKey(lab)
  for (const path of ['/flags/v1/set', '/flags/v1/stream']) {
    assert.equal((await get(lab, path)).status, 401)
    assert.equal((await get(lab, path, { authorization: 'Bearer tdms_made-up' })).status, 401)
    assert.equal((await get(lab, path, { authorization: `Bearer ${browser}` })).status, 403)
  }
  assert.equal(await lab.hub.side.flags.keys.revoke(key.id), true)
  assert.equal((await get(lab, '/flags/v1/set', { authorization: `Bearer ${server}` })).status, 401)
  const listed = JSON.stringify(await lab.hub.side.store.records.list('flag-keys'))
  assert.ok(!listed.includes(server) && !listed.includes(browser))
})

test('strangers who ask on and on are told to wait', async (t) => {
  const lab = await open(t)
  const statuses = new Set<number>()
  for (let nth = 0; nth < 130; nth += 1) statuses.add((await get(lab, '/flags/v1/set')).status)
  assert.deepEqual(statuses, new Set([401, 429]))
  const { secret } = await makeKey(lab)
  assert.equal((await get(lab, '/flags/v1/set', { authorization: `Bearer ${secret}` })).status, 200)
})

test('a reader that takes nothing costs nothing, and is told all in one when it does again', async (t) => {
  const lab = await open(t)
  const text = 'x'.repeat(90_000)
  const big = (nth: number): Flag => ({
    ...checkout,
    type: 'string',
    variants: { on: `${nth}${text}`, off: '' },
  })
  await flip(lab, write('big', big(0)))
  const { secret } = await makeKey(lab)
  const socket = dial(lab.serving.port, '127.0.0.1')
  t.after(() => socket.destroy())
  let heard = ''
  socket.write(`GET /flags/v1/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${secret}\r\n\r\n`)
  socket.setEncoding('latin1').on('data', (chunk) => (heard += chunk))
  await until(() => heard.includes('event: full'))
  socket.pause()
  const before = process.memoryUsage().arrayBuffers
  for (let nth = 1; nth <= 80; nth += 1) await flip(lab, write('big', big(nth)))
  assert.ok(process.memoryUsage().arrayBuffers - before < 8_000_000)
  socket.resume()
  const rev = (await lab.hub.side.flags.of('production')).rev()
  await until(() => heard.includes(`"rev":"${rev}"`))
  assert.ok(heard.split('event: delta').length < 80)
})
