import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import { scratchProject } from '../../config/scratch-project.ts'
import { Secret } from '../../config/secrets/secret.ts'
import { openHub } from '../../hub.ts'
import { freePort } from '../../metrics/wires/try-port.ts'

const said = (metrics: string): string =>
  `import { tandem } from 'tandem'\nexport default tandem({ metrics: { scrape: { hosts: false }, ${metrics} } })\n`

/** A hub on a scratch project, and what it says at its terminal. */
async function openScratch(metrics: string) {
  const project = await scratchProject({ 'tandem.ts': said(metrics) })
  const [told, broken]: [string[], unknown[]] = [[], []]
  const hub = await openHub({
    projectDir: project.dir,
    stateDir: join(project.dir, '.tandem'),
    kind: 'hub',
    identity: () => Promise.resolve(new Secret('')),
    tell: (line) => told.push(line),
    broke: (thrown) => broken.push(thrown),
  })
  await hub.start()
  const until = async (isThere: () => boolean | Promise<boolean>) => {
    for (let look = 0; look < 1000 && !(await isThere()); look += 1) await pause(20)
    assert.ok(await isThere(), `${told.join('\n')} ${broken.join('\n')}`)
  }
  const portOf = async (wire: string) => {
    const listens = new RegExp(`^${wire} listens at 127.0.0.1 port (\\d+)$`)
    await until(() => told.some((line) => listens.test(line)))
    return Number(told.map((line) => listens.exec(line)?.[1]).findLast((port) => port !== undefined))
  }
  const ask = async (query: string): Promise<string> => {
    const params = new URLSearchParams({ query }).toString()
    const { body } = await hub.side.metrics.ask({ route: 'query', name: '', params })
    return Buffer.from(body).toString()
  }
  return { project, hub, told, broken, until, portOf, ask }
}

async function send(port: number, packet: string): Promise<void> {
  const socket = createSocket('udp4')
  await new Promise((resolve) => socket.send(packet, port, '127.0.0.1', resolve))
  socket.close()
}

test('a line that is sent to the hub is answered by a query, an event is in the ledger, and tandem.ts is heeded', async () => {
  const port = await freePort()
  const { project, hub, broken, until, portOf, ask } = await openScratch(
    `statsd: { listen: '127.0.0.1:${port}', flush: '100ms', buffer: '64K' }`,
  )
  try {
    assert.equal(await portOf('statsd'), port)
    await send(port, 'shop.orders:3|c|#country:CH\n_e{6,4}:backup|done|t:success|s:cron|#env:prod')
    await until(async () => (await ask('shop_orders_total')).includes('"3"]'))
    assert.match(await ask('increase(shop_orders_total{country="CH"}[1m]) > 0'), /"country":"CH"/)
    const [mark] = await hub.side.store.ledger.asides({ about: '@marks', before: null, limit: 1 })
    assert.ok(mark?.type === 'marked')
    assert.deepEqual(
      [mark.title, mark.text, mark.tags, mark.who, mark.sender],
      ['backup', 'done', ['success', 'env:prod'], 'cron', 'dogstatsd'],
    )
    const graphitePort = await freePort()
    await writeFile(
      join(project.dir, 'tandem.ts'),
      said(`graphite: { listen: '127.0.0.1:${graphitePort}', flush: '100ms', buffer: '64K' }`),
    )
    assert.equal(await portOf('graphite'), graphitePort)
    await send(graphitePort, 'servers.web1.load 0.5 -1\n')
    await until(async () => (await ask('servers_web1_load')).includes('"0.5"]'))
    assert.deepEqual(broken, [])
  } finally {
    await hub.close()
    await project[Symbol.asyncDispose]()
  }
})

test('what was counted last is kept when the hub ends', async () => {
  const port = await freePort()
  const { project, hub, portOf } = await openScratch(
    `statsd: { listen: '127.0.0.1:${port}', flush: '5m', buffer: '64K' }`,
  )
  await portOf('statsd')
  await send(port, 'last:7|g')
  await pause(100)
  await hub.close()
  const again = await openHub({
    projectDir: project.dir,
    stateDir: join(project.dir, '.tandem'),
    kind: 'cli',
    identity: () => Promise.resolve(new Secret('')),
  })
  try {
    const { body } = await again.side.metrics.ask({ route: 'query', name: '', params: 'query=last' })
    assert.match(Buffer.from(body).toString(), /"7"\]/)
  } finally {
    await again.close()
    await project[Symbol.asyncDispose]()
  }
})
