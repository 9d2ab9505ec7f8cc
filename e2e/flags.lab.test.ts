import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { createServer, connect, type Server } from 'node:net'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { labNeeds } from '../lab/needs.ts'
import { must, openStory, type Story } from './lab/story.ts'
import { until } from './lab/until.ts'

const needs = labNeeds()
const executablePath = '/usr/bin/chromium'
const isBuilt = existsSync(join(import.meta.dirname, '../build/web/index.html'))
const noPage = !existsSync(executablePath)
  ? `no Chromium at ${executablePath}: the dashboard pressed nothing`
  : !isBuilt && 'build/web is not there: run `npm test`, which builds the dashboard first'
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

/** The program of the team: it answers each request by a flag, which it decides by itself. */
const shop = `import { createServer } from 'node:http'
import { connect } from './flags.js'
const flags = await connect({ hub: process.env.FLAG_HUB, key: process.env.FLAG_KEY })
createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://app')
  response.setHeader('x-release', process.env.TANDEM_RELEASE ?? '')
  if (pathname === '/health') return response.end('ok')
  const targetingKey = searchParams.get('user') ?? 'nobody'
  response.end(flags.boolean('new-checkout', false, { targetingKey }) ? 'new' : 'old')
}).listen(Number(process.env.PORT), process.env.HOST)
process.on('SIGTERM', () => process.exit())
`

/** Node as this machine has it: the hosts of the lab have an older one than the sdk wants. */
const node = '/opt/node/bin/node'

const people = Array.from({ length: 200 }, (_, nth) => `user-${nth}`)

describe('a team that flips flags of an app on two hosts', { skip }, () => {
  let story: Story
  let gate: Server

  before(async () => {
    const extra = { 'shop.js': shop, 'flags.js': await sdkText(), 'package.json': '{"type":"module"}' }
    story = await openStory({ hosts: 2, extra, app: { run: `exec ${node} shop.js` } })
    for (const host of story.lab.hosts) {
      await mkdir(dirname(join(host.root, node)), { recursive: true })
      await copyFile(process.execPath, join(host.root, node))
    }
    await story.hub.start()
    gate = await openGate(story)
    const { secret } = JSON.parse(must(await story.run(['flag', 'key', 'new', '--json'])).out)
    const hub = `http://${gatewayOf(story)}:${portOf(gate)}`
    await story.write({ environment: { env: { FLAG_HUB: hub, FLAG_KEY: secret } } })
    must(await story.run(['flag', 'new', 'new-checkout', '--owner', 'ada']))
    must(await story.run(['deploy', '--why', 'ship it dark']))
  })
  after(async () => {
    gate?.close()
    await story?.close()
  })

  /** How many of these people get the new page, at each host, asked by real requests through its front. */
  const reached = (): Promise<readonly number[]> =>
    Promise.all(
      story.lab.hosts.map(async ({ address }) => {
        const pages = await Promise.all(
          people.map(async (user) => (await fetch(`http://${address}:${story.port}/?user=${user}`)).text()),
        )
        for (const page of pages) assert.match(page, /^(new|old)$/)
        return pages.filter((page) => page === 'new').length
      }),
    )

  const reaches = async (count: number): Promise<boolean> => (await reached()).every((each) => each === count)

  test('what is shipped dark is seen by nobody', async () => {
    assert.deepEqual(await reached(), [0, 0])
  })

  test('a flip by the command line is seen by the next requests at both hosts', async () => {
    must(await story.run(['flag', 'set', 'new-checkout', 'on', '--why', 'open it']))
    await until('everybody has it', () => reaches(people.length))
    must(await story.run(['flag', 'kill', 'new-checkout', '--why', 'the till breaks']))
    await until('nobody has it', () => reaches(0))
    must(await story.run(['revert', '--why', 'it was the printer']))
    await until('everybody has it again', () => reaches(people.length))
    must(await story.run(['flag', 'set', 'new-checkout', 'off']))
    await until('nobody has it once more', () => reaches(0))
  })

  test('a press on the dashboard is seen by the next requests at both hosts', { skip: noPage }, async () => {
    must(await story.run(['flag', 'set', 'new-checkout', 'on']))
    await until('everybody has it', () => reaches(people.length))
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      await page.goto(`${story.hub.url}/flags#token=${story.hub.token}`)
      await page.getByRole('button', { name: 'Kill new-checkout' }).click()
      await until('nobody has it', () => reaches(0))
      const { change } = await story.change()
      assert.deepEqual([change.kind, change.status, change.door], ['flip', 'done', 'web'])
      await page.getByRole('button', { name: 'Switch new-checkout on' }).click()
      await until('everybody has it again', () => reaches(people.length))
    } finally {
      await browser.close()
    }
    must(await story.run(['flag', 'set', 'new-checkout', 'off']))
    await until('nobody has it once more', () => reaches(0))
  })

  test('a rollout reaches more and more people, the same at both hosts, and drops nobody', async () => {
    const stages = ['--stages', '10%,50%,100%', '--hold', '4s', '--wait']
    const rolling = story.begin(['flag', 'roll', 'new-checkout', ...stages])
    const seen: number[] = []
    let isOver = false
    const ended = rolling.ended.finally(() => (isOver = true))
    while (!isOver) {
      const [first = 0, second = 0] = await reached()
      // A flip may come between the two hosts, but not between two looks that agree.
      if (first === second && seen.at(-1) !== first) seen.push(first)
    }
    must(await ended)
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    )
    assert.equal(seen.length, 4, seen.join())
    assert.ok((seen[1] ?? 0) > 5 && (seen[1] ?? 0) < 40, seen.join())
    assert.ok((seen[2] ?? 0) > 70 && (seen[2] ?? 0) < 130, seen.join())
    assert.equal(seen[3], people.length)
  })

  test('a rollout is taken back whole by one revert', async () => {
    must(await story.run(['revert', 'flag:new-checkout@production', '--why', 'not yet']))
    await until('nobody has it', () => reaches(0))
    const { change } = await story.change()
    assert.equal(change.kind, 'flip')
    assert.equal(change.status, 'done')
  })

  test('the hub is away, and the app goes on with what it knows', async () => {
    must(await story.run(['flag', 'set', 'new-checkout', 'on']))
    await until('everybody has it', () => reaches(people.length))
    await story.hub.kill()
    assert.ok(await reaches(people.length))
    await story.hub.start()
    must(await story.run(['flag', 'kill', 'new-checkout']))
    await until('nobody has it', () => reaches(0))
  })
})

const gatewayOf = ({ lab }: Story): string => (lab.hosts[0]?.address ?? '').replace(/\d+$/, '1')

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The hub listens on this machine alone; the hosts come to it by the bridge of the lab. */
async function openGate(story: Story): Promise<Server> {
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: Number(new URL(story.hub.url).port) })
    near.pipe(far).pipe(near)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
  })
  server.listen(0, gatewayOf(story))
  await once(server, 'listening')
  return server
}

/** `@tandem/sdk/server` as one file, as a team's own build makes it. */
async function sdkText(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      ssr: join(import.meta.dirname, '../sdk/server/connect.ts'),
      rollupOptions: { output: { format: 'es' } },
    },
  })
  const [first] = Array.isArray(built) ? built : [built]
  if (first === undefined || !('output' in first)) throw new Error('vite built nothing')
  return first.output[0].code
}
