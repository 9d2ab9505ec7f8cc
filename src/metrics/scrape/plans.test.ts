import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveTeam } from '../../config/resolve.ts'
import { plansOf } from './plans.ts'

const places = {
  slotPorts: (port: number) => ({ a: port + 1, b: port + 2 }),
  placeOf: (app: string, environment: string) => `${app}.${environment}`,
  rootOf: () => '/var/lib/tandem',
  frontSocket: '/run/front.sock',
}

function plans(raw: unknown) {
  const resolved = resolveTeam(raw)
  if (resolved.type === 'mistaken') throw new Error(JSON.stringify(resolved.mistakes))
  return plansOf(resolved.config, places, ({ at }) =>
    at.kind === 'urls' && at.auth !== null ? { authorization: 'yes' } : {},
  )
}

const hosts = {
  web1: { address: 'root@10.0.0.1', roles: ['web', 'db'] },
  web2: { address: 'root@10.0.0.2', roles: ['web'] },
}

test('hosts and their fronts are targets without a word, with what is known of them', () => {
  const shop = { run: 'x', port: 80, environments: { production: { on: ['web1'] } } }
  const { targets, hosts: asked } = plans({ hosts, apps: { shop } })
  const idsAndLabels = targets.map(({ id, labels }) => [id, labels])
  assert.deepEqual(idsAndLabels, [
    ['host/web1', { job: 'host', instance: 'web1', host: 'web1', role: 'web,db', env: 'production' }],
    ['front/web1', { job: 'haproxy', instance: 'web1', host: 'web1', role: 'web,db' }],
    ['host/web2', { job: 'host', instance: 'web2', host: 'web2', role: 'web' }],
    ['front/web2', { job: 'haproxy', instance: 'web2', host: 'web2', role: 'web' }],
  ])
  assert.deepEqual(asked[1], {
    host: 'web2',
    intervalMs: 15_000,
    every: 1,
    root: '/var/lib/tandem',
    socket: '/run/front.sock',
    own: 'host/web2',
    front: 'front/web2',
    asks: [],
  })
})

test('an app that says numbers is asked on each of its hosts, in its slots where it has a front', () => {
  const environments = { production: { on: ['web'] }, staging: { on: ['web2'] } }
  const shop = { run: 'x', port: 80, metrics: '/metrics', environments }
  const mail = {
    run: { sender: 'y' },
    metrics: { path: '/m', port: 9394 },
    environments: { production: { on: ['web1'] } },
  }
  const bare = {
    run: 'z',
    port: 90,
    front: 'none',
    metrics: '/m',
    environments: { production: { on: ['web1'] } },
  }
  const { targets, hosts: asked } = plans({
    hosts,
    apps: { shop: { ...shop, environments: { production: { on: ['web'] } } }, mail, bare },
  })
  assert.deepEqual(
    asked.map(({ asks }) => asks.map(({ id, where, path, place }) => [id, where, path, place])),
    [
      [
        ['app/shop.production/web1', 'shop.production,81,82', '/metrics', 'shop.production'],
        ['app/mail.production/web1', '9394', '/m', 'mail.production'],
        ['app/bare.production/web1', '90', '/m', 'bare.production'],
      ],
      [['app/shop.production/web2', 'shop.production,81,82', '/metrics', 'shop.production']],
    ],
  )
  const app = targets.find(({ id }) => id === 'app/shop.production/web2')
  assert.deepEqual(app?.labels, {
    job: 'shop',
    instance: 'web2:80',
    host: 'web2',
    role: 'web',
    app: 'shop',
    env: 'production',
  })
})

test('who is asked less often is asked in each so many frames, and none may outlast its frame', () => {
  const { hosts: asked, targets } = plans({
    hosts,
    metrics: {
      scrape: {
        interval: '30s',
        bodyLimit: '128M',
        targets: {
          pg: { on: ['db'], port: 9187, interval: '5s', labels: { team: 'data' } },
          slow: { on: ['web2'], port: 1, interval: '2m' },
        },
      },
    },
  })
  const [web1, web2] = asked
  assert.deepEqual([web1?.intervalMs, web1?.every, web1?.asks[0]?.every], [5_000, 6, 1])
  assert.deepEqual([web1?.asks[0]?.timeoutMs, web1?.asks[0]?.bytes], [4_000, 64 * 1024 ** 2])
  assert.deepEqual([web2?.intervalMs, web2?.every, web2?.asks[0]?.every], [30_000, 1, 4])
  const labels = targets.find(({ id }) => id === 'target/pg web1:9187')?.labels
  assert.deepEqual(labels, { job: 'pg', instance: 'web1:9187', host: 'web1', role: 'web,db', team: 'data' })
})

test('addresses are asked from here, and hosts may be left alone', () => {
  const { targets, hosts: asked } = plans({
    hosts,
    metrics: {
      scrape: {
        hosts: false,
        targets: { far: { url: ['https://db/metrics', '10.0.0.9:80'], auth: { bearer: 'T' } } },
      },
    },
  })
  assert.deepEqual(asked, [])
  assert.deepEqual(
    targets.map(({ labels, url, ask }) => [labels['instance'], url, ask]),
    [
      ['db:443', 'https://db/metrics', { kind: 'http', headers: { authorization: 'yes' } }],
      ['10.0.0.9:80', 'http://10.0.0.9/metrics', { kind: 'http', headers: { authorization: 'yes' } }],
    ],
  )
})
