import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { OFREPProvider } from '@openfeature/ofrep-provider'
import { OpenFeature } from '@openfeature/server-sdk'
import type { Flag } from '../../../sdk/flag/flag.ts'
import { connectWeb } from '../../../sdk/web/connect-web.ts'
import { Secret } from '../../config/secrets/secret.ts'
import { type Hub, openHub } from '../../hub.ts'
import { makeDoors } from '../doors.ts'
import { flipAt } from '../flags/try-flip.ts'
import { serve, type Serving } from '../serve/serve.ts'
import type { FlipItem, KeyKind } from '../wire/flags.ts'
import { ticketFor } from './ticket.ts'
import { noTeam } from '../../config/try-team.ts'

type Lab = Readonly<{
  hub: Hub
  serving: Serving
  keys: Readonly<Record<KeyKind, string>>
  clock: { skewMs: number; stoppedAt: number | null }
}>

async function open(t: TestContext): Promise<Lab> {
  const dir = mkdtempSync(join(tmpdir(), 'ofrep-'))
  const bugs: unknown[] = []
  const broke = (thrown: unknown) => void bugs.push(thrown)
  const clock: Lab['clock'] = { skewMs: 0, stoppedAt: null }
  const hub = await openHub({
    projectDir: dir,
    stateDir: join(dir, '.tandem'),
    config: async () => noTeam,
    kind: 'cli',
    identity: async () => new Secret('none'),
    broke,
  })
  const now = () => (clock.stoppedAt ?? Date.now()) + clock.skewMs
  const doors = makeDoors(hub.side, { now, broke: (_, thrown) => broke(thrown) })
  const serving = await serve(doors, { host: '127.0.0.1', port: 0, webDir: dir })
  t.after(async () => {
    await serving.stop()
    await hub.idle()
    await hub.close()
    rmSync(dir, { recursive: true })
    assert.deepEqual(bugs, [])
  })
  const make = async (kind: KeyKind) =>
    (await hub.side.flags.keys.create({ kind, environment: 'production', label: kind, who: 'ada' })).secret
  return { hub, serving, clock, keys: { server: await make('server'), browser: await make('browser') } }
}

const flip = ({ hub }: Lab, items: readonly FlipItem[]): Promise<void> =>
  flipAt(hub, { do: 'write', environment: 'production', items })

const checkout: Flag = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
  rules: [{ id: 'r1', when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'on' }],
  about: { owner: 'ada' },
}
const size: Flag = { type: 'number', on: true, variants: { small: 10 }, default: 'small', off: null }
const open3: Flag = { type: 'string', on: true, variants: { a: 'A' }, default: null, off: null }

const written: readonly FlipItem[] = [
  { flag: 'checkout', to: checkout },
  { flag: 'size', to: size },
  { flag: 'shop/open', to: open3 },
]

type Asked = Readonly<{
  body?: string
  headers?: Readonly<Record<string, string>>
  key?: string
  method?: string
}>

async function ask(
  lab: Lab,
  path: string,
  { body, headers = {}, key = lab.keys.browser, method = 'POST' }: Asked = {},
) {
  const answer = await fetch(`${lab.serving.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
    ...(body !== undefined && { body }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: (text === '' ? null : JSON.parse(text)) as Record<string, unknown>,
  }
}

const bulk = '/ofrep/v1/evaluate/flags'
const anna = JSON.stringify({ context: { targetingKey: 'anna', country: 'DE' } })

test('one flag is answered with value, variant and reason, or with nothing where the program decides', async (t) => {
  const lab = await open(t)
  await flip(lab, written)
  const one = await ask(lab, `${bulk}/checkout`, { body: anna })
  assert.deepEqual(one.json, {
    key: 'checkout',
    reason: 'TARGETING_MATCH',
    value: true,
    variant: 'on',
    metadata: { rule: 'r1' },
  })
  assert.deepEqual((await ask(lab, `${bulk}/checkout`)).json, {
    key: 'checkout',
    reason: 'DEFAULT',
    value: false,
    variant: 'off',
  })
  assert.deepEqual((await ask(lab, `${bulk}/checkout`, { body: '{}' })).status, 200)
  assert.deepEqual((await ask(lab, `${bulk}/shop%2Fopen`, { body: anna })).json, {
    key: 'shop/open',
    reason: 'DEFAULT',
  })
})

test('what cannot be answered has the status and the code of the protocol', async (t) => {
  const lab = await open(t)
  await flip(lab, written)
  const coded = async (path: string, body: string) => {
    const { status, json } = await ask(lab, path, { body })
    return [status, json['key'], json['errorCode']]
  }
  assert.deepEqual(await coded(`${bulk}/nothing`, anna), [404, 'nothing', 'FLAG_NOT_FOUND'])
  assert.deepEqual(await coded(`${bulk}/checkout`, '{"context":'), [400, 'checkout', 'PARSE_ERROR'])
  assert.deepEqual(await coded(`${bulk}/checkout`, '[]'), [400, 'checkout', 'PARSE_ERROR'])
  assert.deepEqual(await coded(`${bulk}/checkout`, '{"context":7}'), [400, 'checkout', 'INVALID_CONTEXT'])
  assert.deepEqual(await coded(bulk, '{"context":{"targetingKey":7}}'), [400, undefined, 'INVALID_CONTEXT'])
  assert.deepEqual(await coded(`${bulk}/%E0%A4%A`, anna), [400, '%E0%A4%A', 'PARSE_ERROR'])
  const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
  assert.deepEqual(await coded(bulk, `{"context":${deep}}`), [400, undefined, 'INVALID_CONTEXT'])
  assert.equal((await ask(lab, '/ofrep/v1/configuration', { body: anna })).status, 404)
  assert.equal((await ask(lab, bulk, { method: 'GET' })).status, 405)
  assert.equal((await ask(lab, bulk, { body: anna, key: 'tdmb_made-up' })).status, 401)
})

test('a context of ten megabytes is refused before it is read', async (t) => {
  const lab = await open(t)
  await flip(lab, written)
  const body = JSON.stringify({ context: { targetingKey: 'anna', blob: 'x'.repeat(10_000_000) } })
  const answer = await ask(lab, `${bulk}/checkout`, { body }).catch(() => null)
  // A client that still sends may see the connection end before it sees the answer.
  if (answer !== null) assert.deepEqual([answer.status, answer.json['errorCode']], [400, 'INVALID_CONTEXT'])
  assert.equal((await ask(lab, bulk, { body: anna })).status, 200)
})

test('all flags have an ETag that goes with the context and the state, whatever the order of the context', async (t) => {
  const lab = await open(t)
  await flip(lab, written)
  const first = await ask(lab, bulk, { body: anna })
  assert.deepEqual(first.json['flags'], [
    { key: 'checkout', reason: 'TARGETING_MATCH', value: true, variant: 'on', metadata: { rule: 'r1' } },
    { key: 'size', reason: 'STATIC', value: 10, variant: 'small' },
    { key: 'shop/open', reason: 'DEFAULT' },
  ])
  const etag = first.headers.get('etag') ?? ''
  assert.match(etag, /^"[\w-]{27}"$/)
  const known = { 'if-none-match': etag }
  const turned = '{"context":{"country":"DE","targetingKey":"anna"}}'
  const again = await ask(lab, bulk, { body: turned, headers: known })
  assert.deepEqual([again.status, again.text], [304, ''])
  const other = '{"context":{"country":"NL","targetingKey":"anna"}}'
  assert.equal((await ask(lab, bulk, { body: other, headers: known })).status, 200)
  await flip(lab, [{ flag: 'size', to: null }])
  assert.equal((await ask(lab, bulk, { body: anna, headers: known })).status, 200)
})

test('pages of any origin may ask, with a key in either header', async (t) => {
  const lab = await open(t)
  const origin = { origin: 'https://shop.example' }
  const before = await ask(lab, bulk, { method: 'OPTIONS', headers: origin })
  assert.equal(before.status, 204)
  assert.equal(
    before.headers.get('access-control-allow-headers'),
    'authorization, content-type, if-none-match, x-api-key',
  )
  const after = await ask(lab, bulk, {
    headers: { ...origin, authorization: '', 'x-api-key': lab.keys.browser },
  })
  assert.equal(after.status, 200)
  assert.equal(after.headers.get('access-control-allow-origin'), '*')
  assert.equal(after.headers.get('access-control-expose-headers'), 'etag, retry-after')
  assert.equal(
    (await ask(lab, bulk, { key: '', headers: origin })).headers.get('access-control-allow-origin'),
    '*',
  )
})

test('strangers who ask on and on are told how long to wait', async (t) => {
  const lab = await open(t)
  const statuses = new Set<number>()
  for (let nth = 0; nth < 110; nth += 1) {
    const { status, headers } = await ask(lab, bulk, { key: 'tdmb_guess' })
    statuses.add(status)
    if (status === 429) assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  }
  assert.deepEqual(statuses, new Set([401, 429]))
  assert.equal((await ask(lab, bulk, { body: anna })).status, 200)
})

test('a program with a good key that asks in circles is told how long to wait, and others are not', async (t) => {
  const lab = await open(t)
  lab.clock.stoppedAt = Date.now()
  const { server: key } = lab.keys
  const ask100 = () =>
    Promise.all(Array.from({ length: 100 }, async () => ask(lab, bulk, { key, body: anna })))
  const answers = []
  for (let nth = 0; nth < 51; nth += 1) answers.push(...(await ask100()))
  assert.deepEqual(new Set(answers.slice(0, 4_900).map(({ status }) => status)), new Set([200]))
  const last = answers.at(-1) ?? assert.fail()
  assert.equal(last.status, 429)
  assert.equal(last.headers.get('retry-after'), '1')
  assert.equal((await ask(lab, bulk, { body: anna, key: lab.keys.browser })).status, 200)
  lab.clock.skewMs = 1_000
  assert.equal((await ask(lab, bulk, { key, body: anna })).status, 200)
})

/** Opens the event stream that an answer names, and keeps what it says. */
async function listen(t: TestContext, lab: Lab, headers: Readonly<Record<string, string>> = {}) {
  const { json } = await ask(lab, bulk, { body: anna })
  const [stream] = json['eventStreams'] as { endpoint: { requestUri: string } }[]
  const cut = new AbortController()
  t.after(() => cut.abort())
  const answer = await fetch(`${lab.serving.url}${stream?.endpoint.requestUri}`, {
    headers,
    signal: cut.signal,
  })
  const heard = {
    status: answer.status,
    text: '',
    requestUri: stream?.endpoint.requestUri ?? '',
    isOver: false,
  }
  const reader = answer.body?.getReader()
  void (async () => {
    for (;;) {
      const piece = await reader?.read().catch(() => undefined)
      if (piece === undefined || piece.done) break
      heard.text += Buffer.from(piece.value).toString()
    }
    heard.isOver = true
  })()
  return heard
}

async function until(isSo: () => boolean, told = () => ''): Promise<void> {
  for (let waited = 0; !isSo(); waited += 5) {
    assert.ok(waited < 8_000, `it did not come to be: ${told()}`)
    await pause(5)
  }
}

test('those who listen are told that something changed, and those who come back what they missed', async (t) => {
  const lab = await open(t)
  await flip(lab, written)
  await pause(1)
  const heard = await listen(t, lab)
  assert.equal(heard.status, 200)
  await flip(lab, [{ flag: 'checkout', to: { ...checkout, on: false } }])
  await until(() => heard.text.includes('refetchEvaluation'))
  const here = await lab.hub.side.flags.of('production')
  assert.ok(
    heard.text.includes(
      `id: ${here.rev()}\ndata: {"type":"refetchEvaluation","etag":${JSON.stringify(JSON.stringify(here.rev()))}`,
    ),
  )
  const back = await listen(t, lab, { 'last-event-id': 'of-yesterday' })
  await until(() => back.text.includes('refetchEvaluation'))
  const upToDate = await listen(t, lab, { 'last-event-id': here.rev() })
  await until(() => upToDate.text.includes('retry'))
  assert.ok(!upToDate.text.includes('refetchEvaluation'))
  assert.equal(back.requestUri, heard.requestUri)
})

test('the address of a stream is good for a day or two, for one environment, and while its key is', async (t) => {
  const lab = await open(t)
  const heard = await listen(t, lab)
  const status = async (uri: string) => {
    const cut = new AbortController()
    const answer = await fetch(`${lab.serving.url}${uri}`, { signal: cut.signal })
    cut.abort()
    return answer.status
  }
  assert.equal(await status(heard.requestUri), 200)
  assert.equal(await status(`${heard.requestUri}x`), 401)
  const [{ id } = { id: '' }] = (await lab.hub.side.flags.keys.list()).filter(
    ({ kind }) => kind === 'browser',
  )
  const forged = ticketFor({ id, environment: 'production' } as never, 'another secret', Date.now())
  assert.equal(await status(`/ofrep/v1/events?ticket=${forged}`), 401)
  assert.equal(await status('/ofrep/v1/events'), 401)
  lab.clock.skewMs = 3 * 86_400_000
  assert.equal(await status(heard.requestUri), 401)
  lab.clock.skewMs = 0
  await lab.hub.side.flags.keys.revoke(id)
  assert.equal(await status(heard.requestUri), 401)
  assert.ok(!heard.requestUri.includes(lab.keys.browser))
})

test('the unmodified provider for servers gets its answers here', async (t) => {
  const lab = await open(t)
  await flip(lab, written)
  await OpenFeature.setProviderAndWait(
    'ofrep',
    new OFREPProvider({
      baseUrl: lab.serving.url,
      headers: [['Authorization', `Bearer ${lab.keys.server}`]],
    }),
  )
  t.after(() => OpenFeature.clearProviders())
  const client = OpenFeature.getClient('ofrep')
  const context = { targetingKey: 'anna', country: 'DE' }
  const { value, variant, reason, flagMetadata } = await client.getBooleanDetails('checkout', false, context)
  assert.deepEqual(
    { value, variant, reason, ...flagMetadata },
    { value: true, variant: 'on', reason: 'TARGETING_MATCH', rule: 'r1' },
  )
  assert.equal(await client.getNumberValue('size', 1, context), 10)
  assert.equal((await client.getStringDetails('nothing', 'own', context)).errorCode, 'FLAG_NOT_FOUND')
  assert.equal((await client.getStringDetails('size', 'own', context)).errorCode, 'TYPE_MISMATCH')
  await lab.hub.side.flagUse.of('production')
})

test('the unmodified provider for pages follows flips and its context', async (t) => {
  const lab = await open(t)
  await flip(lab, written)
  const page = spawn(
    process.execPath,
    [
      '--experimental-eventsource',
      '--no-warnings',
      join(import.meta.dirname, 'fixtures/page.mjs'),
      lab.serving.url,
      lab.keys.browser,
      'checkout',
    ],
    { stdio: ['pipe', 'pipe', 'inherit'], timeout: 30_000 },
  )
  t.after(async () => {
    if (page.exitCode !== null) return
    page.kill()
    await once(page, 'exit')
  })
  const lines: string[] = []
  createInterface(page.stdout).on('line', (line) => lines.push(line))
  const says = async (wanted: object) => {
    const text = JSON.stringify(wanted)
    await until(
      () => lines.includes(text),
      () => lines.join('\n'),
    )
  }
  await says({ value: true, variant: 'on', reason: 'TARGETING_MATCH', number: 10 })
  // Not at once: it opens its stream after it has its answers.
  await pause(300)
  await flip(lab, [
    { flag: 'checkout', to: { ...checkout, on: false } },
    { flag: 'size', to: { ...size, variants: { small: 25 } } },
  ])
  await says({ value: false, variant: 'off', reason: 'DISABLED', number: 25 })
  await flip(lab, [{ flag: 'checkout', to: checkout }])
  await says({ value: true, variant: 'on', reason: 'TARGETING_MATCH', number: 25 })
  page.stdin.write('{"targetingKey":"ben","country":"NL"}')
  await says({ value: false, variant: 'off', reason: 'DEFAULT', number: 25 })
})

test('our own pages get their answers, and what they counted is kept', async (t) => {
  const lab = await open(t)
  await flip(lab, written)
  const flags = await connectWeb({
    hub: lab.serving.url,
    key: lab.keys.browser,
    context: { targetingKey: 'anna', country: 'DE' },
  })
  assert.equal(flags.boolean('checkout', false), true)
  assert.equal(flags.boolean('made-up', false), false)
  await flags.close()
  const { flags: used, bulkAt } = await lab.hub.side.flagUse.of('production')
  assert.ok(bulkAt !== null)
  assert.deepEqual(used.find(({ flag }) => flag === 'checkout')?.day, [
    { variant: 'on', rule: null, reason: 'TARGETING_MATCH', errorCode: null, count: 1 },
  ])
  assert.equal(used.find(({ flag }) => flag === 'made-up')?.day[0]?.errorCode, 'FLAG_NOT_FOUND')
})

test('counts that are none are refused, and those of strangers too', async (t) => {
  const lab = await open(t)
  const post = (body: string, key = lab.keys.browser) => ask(lab, '/flags/v1/counts', { body, key })
  const batch = {
    client: 'c',
    batch: 1,
    fromMs: 0,
    toMs: 1,
    counts: [{ flag: 'a', reason: 'STATIC', count: 1 }],
  }
  assert.equal((await post(JSON.stringify(batch))).status, 204)
  assert.equal((await post(JSON.stringify(batch), 'tdmb_guess')).status, 401)
  assert.equal((await post('{')).status, 400)
  const wrong = await post(
    JSON.stringify({ ...batch, batch: 2, counts: [{ flag: 'a', reason: 'STATIC', count: -1 }] }),
  )
  assert.equal(wrong.status, 400)
  assert.match(wrong.text, /counts\.0\.count/)
  assert.equal((await post(`"${'x'.repeat(3_000_000)}"`).catch(() => ({ status: 413 }))).status, 413)
})

test('flagd can poll its definitions, with a server key', async (t) => {
  const lab = await open(t)
  await flip(lab, written)
  const get = (headers = {}, key = lab.keys.server) =>
    ask(lab, '/flags/v1/flagd', { method: 'GET', key, headers })
  const first = await get()
  assert.deepEqual((first.json['flags'] as Record<string, unknown>)['size'], {
    state: 'ENABLED',
    defaultVariant: 'small',
    variants: { small: 10 },
  })
  const known = { 'if-none-match': first.headers.get('etag') ?? '' }
  assert.equal((await get(known)).status, 304)
  await flip(lab, [{ flag: 'size', to: null }])
  const second = await get(known)
  assert.equal(second.status, 200)
  assert.deepEqual(Object.keys(second.json['flags'] as object), ['checkout', 'shop/open'])
  assert.equal((await get({}, lab.keys.browser)).status, 403)
})
