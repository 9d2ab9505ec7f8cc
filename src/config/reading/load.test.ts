import assert from 'node:assert/strict'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import type { AppConfig } from '../config.ts'
import { loadConfig } from './load.ts'
import { readConfig } from './read.ts'
import { scratchProject } from '../scratch-project.ts'

const small = `import { tandem } from 'tandem'
export default tandem({ hosts: { local: { via: 'local' } }, apps: { shop: { run: 'node server.js' } } })
`

test('an app that says only what runs gets every default', async () => {
  await using project = await scratchProject({ 'tandem.ts': small })
  const { config, files, printed } = await loadConfig(project.dir)
  assert.deepEqual(files, ['tandem.ts'])
  assert.equal(printed, '')
  assert.deepEqual(config.people, {})
  assert.deepEqual(config.groups, {})
  assert.deepEqual(config.roles, [])
  assert.deepEqual(
    [config.infra.driftMs, config.infra.repo, config.infra.apply],
    [1_800_000, null, 'by hand'],
  )
  assert.deepEqual(config.repos, {})
  assert.deepEqual(config.hosts, { local: { roles: [], groups: [], vars: {}, via: { kind: 'local' } } })
  const shop: AppConfig = {
    repo: '.',
    build: null,
    run: { web: { type: 'service', command: 'node server.js', count: 1 } },
    port: null,
    front: 'none',
    health: null,
    metrics: null,
    shared: [],
    links: [],
    env: {},
    secrets: [],
    migrate: null,
    hooks: { before: null, after: null },
    user: 'tandem-shop',
    keep: 5,
    limits: { memoryBytes: null, tasks: null, files: null },
    environments: {
      production: {
        hosts: ['local'],
        env: {},
        stages: [
          { name: 'canary', share: { type: 'hosts', hosts: 1 } },
          { name: 'rest', share: { type: 'percent', percent: 100 } },
        ],
        watchMs: 10_000,
        drainMs: 30_000,
        warmMs: 900_000,
        deploy: 'by hand',
        branch: 'main',
        freeze: [],
        zone: null,
      },
    },
  }
  assert.deepEqual(config.apps, { shop })
})

const large = `import { tandem } from 'tandem'
export default tandem({
  people: { ada: { name: 'Ada Lovelace', may: 'everything' } },
  hosts: {
    web1: { address: 'deploy@10.0.0.1', roles: ['app'], sudo: 'password', hostKey: 'ssh-ed25519 ${'A'.repeat(68)}' },
    web2: { address: 'root@[fe80::1]', port: 2222, roles: ['app'], identityFile: '~/.ssh/id' },
    db1: { via: 'ssh', address: 'deploy@db1.example.com' },
  },
  apps: {
    shop: {
      repo: '../shop',
      build: { run: 'npm ci', output: './dist/', env: { CI: '1' }, limit: '1.5h' },
      run: {
        web: 'node server.js',
        worker: { command: 'node worker.js', count: 3 },
        nightly: { command: 'node nightly.js', schedule: 'Mon,Thu 03:30' },
      },
      port: 3000,
      health: { path: '/up', status: 204, within: '45s' },
      shared: ['uploads/'],
      links: ['config/local.json'],
      env: { LOG_LEVEL: 'info', NODE_ENV: 'production' },
      secrets: ['DATABASE_URL'],
      migrate: 'node migrate.js',
      hooks: { after: 'sh warm.sh' },
      user: 'shop',
      keep: 10,
      limits: { memory: '1.5G', tasks: 256, files: 65536 },
      environments: {
        staging: { on: ['db1'], env: { LOG_LEVEL: 'debug' }, stages: ['rest'], watch: '0s' },
        production: { on: ['app', 'web2'], stages: ['canary', '50%'], drain: '250ms', warm: '1d' },
      },
    },
  },
})
`

test('everything that can be said is filled in and looked up', async () => {
  await using project = await scratchProject({ 'tandem.ts': large })
  const { config } = await loadConfig(project.dir)
  const ssh = { kind: 'ssh', port: 22, hostKey: null, identityFile: null, sudo: 'free' }
  assert.deepEqual(config.hosts['web1']?.via, {
    ...ssh,
    user: 'deploy',
    address: '10.0.0.1',
    sudo: 'password',
    hostKey: `ssh-ed25519 ${'A'.repeat(68)}`,
  })
  assert.deepEqual(config.hosts['web2']?.via, {
    ...ssh,
    user: 'root',
    address: 'fe80::1',
    port: 2222,
    sudo: 'no',
    identityFile: '~/.ssh/id',
  })
  assert.deepEqual(config.hosts['db1']?.via, { ...ssh, user: 'deploy', address: 'db1.example.com' })
  const shop = config.apps['shop']
  assert.deepEqual(shop?.build, { run: 'npm ci', output: 'dist', env: { CI: '1' }, limitMs: 5_400_000 })
  assert.deepEqual(shop?.run, {
    web: { type: 'service', command: 'node server.js', count: 1 },
    worker: { type: 'service', command: 'node worker.js', count: 3 },
    nightly: { type: 'timer', command: 'node nightly.js', onCalendar: 'Mon,Thu *-*-* 03:30:00' },
  })
  assert.equal(shop?.front, 'haproxy')
  assert.deepEqual(shop?.health, { path: '/up', status: 204, withinMs: 45_000 })
  assert.deepEqual(shop?.shared, ['uploads'])
  assert.deepEqual(shop?.hooks, { before: null, after: 'sh warm.sh' })
  assert.deepEqual(shop?.limits, { memoryBytes: 1.5 * 1024 ** 3, tasks: 256, files: 65_536 })
  const { staging, production } = shop?.environments ?? {}
  assert.deepEqual(staging?.hosts, ['db1'])
  assert.deepEqual(staging?.env, { LOG_LEVEL: 'debug', NODE_ENV: 'production' })
  assert.deepEqual(
    staging?.stages.map(({ name }) => name),
    ['rest'],
  )
  assert.equal(staging?.watchMs, 0)
  assert.deepEqual(production?.hosts, ['web1', 'web2'])
  assert.deepEqual(
    production?.stages.map(({ name }) => name),
    ['canary', '50%', 'rest'],
  )
  assert.equal(production?.drainMs, 250)
  assert.equal(production?.warmMs, 86_400_000)
})

test('a host has the variables of its groups, and its own over them', async () => {
  await using project = await scratchProject({
    'tandem.ts': `export default {
      hosts: {
        web1: { address: 'root@h', groups: ['paris', 'large'], vars: { workers: 9 } },
        web2: { via: 'local', groups: ['large', 'paris'] },
      },
      groups: { paris: { vars: { ntp: 'fr', disks: ['a'] } }, large: { vars: { ntp: 'de', workers: 8 } } },
      roles: { web: () => [], all() {} },
      infra: { stages: ['canary', '50%'], drift: 'never' },
    }`,
  })
  const { config } = await loadConfig(project.dir)
  assert.deepEqual(config.hosts['web1']?.vars, { ntp: 'de', disks: ['a'], workers: 9 })
  assert.deepEqual(config.hosts['web2']?.vars, { ntp: 'fr', disks: ['a'], workers: 8 })
  assert.deepEqual(config.hosts['web2']?.groups, ['large', 'paris'])
  assert.deepEqual(config.groups['large'], { vars: { ntp: 'de', workers: 8 } })
  assert.deepEqual(config.roles, ['web', 'all'])
  assert.deepEqual(
    config.infra.stages.map(({ name }) => name),
    ['canary', '50%', 'rest'],
  )
  assert.equal(config.infra.driftMs, null)
})

test('a configuration may be TypeScript of several files, read JSON beside it, and print', async () => {
  await using project = await scratchProject({
    'tandem.ts': `import { readFileSync } from 'node:fs'
      import { tandem, type AppWish } from 'tandem'
      import { hosts } from './infra/hosts.ts'
      import people from './people.json' with { type: 'json' }
      const shop: AppWish = { run: readFileSync('Procfile', 'utf8').trim() }
      console.log('hello', process.stdout === process.stderr)
      export default tandem({ people, hosts, apps: { shop } } as const)`,
    'infra/hosts.ts': `export const hosts = Object.fromEntries(
      Array.from<unknown>({ length: 3 }).map((_, i) => [\`web\${i}\`, { address: \`root@10.0.0.\${i}\` }]))`,
    'people.json': '{ "ada": { "name": "Ada", "may": "look" } }',
    Procfile: 'node server.js\n',
  })
  const { config, files, printed } = await loadConfig(project.dir)
  assert.deepEqual(Object.keys(config.hosts), ['web0', 'web1', 'web2'])
  assert.deepEqual(config.people, { ada: { name: 'Ada', may: 'look', keys: [], forges: {} } })
  assert.deepEqual(files.toSorted(), ['Procfile', 'infra/hosts.ts', 'people.json', 'tandem.ts'])
  assert.equal(printed, 'hello true\n')
})

test('a mistake in an imported file is shown in that file, after those in tandem.ts', async () => {
  await using project = await scratchProject({
    'tandem.ts': `import { tandem } from 'tandem'
import { hosts as machines } from './infra/hosts.ts'

export default tandem({ hosts: { ...machines, local: { via: 'locl' } } })`,
    'infra/hosts.ts': `const web = { address: 'root@10.0.0.1', roles: ['web', 'Bad Role'] }
export const hosts = { web }`,
  })
  await assert.rejects(loadConfig(project.dir), (error) => {
    assert.ok(error instanceof TroubleError)
    assert.equal(error.trouble.where, 'tandem.ts:4:61')
    assert.equal(error.trouble.tail?.length, 1)
    assert.match(error.trouble.tail[0] ?? '', /^infra\/hosts\.ts:1:56: hosts\.web\.roles\[1\] is 'Bad Role'/)
    return true
  })
})

test('a generic call is read as TypeScript even though JavaScript would read it as two comparisons', async () => {
  await using project = await scratchProject({
    'tandem.ts': `import { tandem } from 'tandem'
      const keep = (value) => value
      export default tandem({ people: keep<Date>({ ada: { name: 'Ada', may: 'look' } }) })`,
  })
  const { config } = await loadConfig(project.dir)
  assert.deepEqual(config.people, { ada: { name: 'Ada', may: 'look', keys: [], forges: {} } })
})

test('folders with odd names and symbolic links to folders are read', async () => {
  await using project = await scratchProject({ 'tandem.ts': small }, 'a, b #%20 ü-')
  await using elsewhere = await scratchProject({})
  await symlink(project.dir, join(elsewhere.dir, 'link'))
  for (const dir of [project.dir, join(elsewhere.dir, 'link')]) {
    assert.deepEqual((await loadConfig(dir)).files, ['tandem.ts'])
  }
})

test('where there is no tandem.ts, it says how to get one', async () => {
  await using project = await scratchProject({})
  for (const dir of [project.dir, join(project.dir, 'nowhere')]) {
    await assert.rejects(loadConfig(dir), (error) => {
      assert.ok(error instanceof TroubleError)
      assert.equal(error.trouble.what, 'there is no tandem.ts here')
      assert.equal(error.trouble.now, 'run `tandem init` to write one')
      return true
    })
  }
})

test('the environment of whoever asks does not reach the configuration', async () => {
  await using project = await scratchProject({
    'tandem.ts': `export default { people: { a: { name: JSON.stringify(process.env), may: 'look' } } }`,
  })
  assert.equal((await loadConfig(project.dir)).config.people['a']?.name, '{}')
})

for (const [what, source, said] of [
  ['a loop', 'for (;;);', 'tandem.ts was not done after 0.4 s and was stopped'],
  [
    'a flood',
    `import { writeSync } from 'node:fs'; for (;;) writeSync(2, 'x'.repeat(1e5))`,
    'tandem.ts is more than 1 MB of data',
  ],
  [
    'a hoard',
    `const all = []; for (;;) all.push([...'xxxxxxxxxxxxxxxx'])`,
    'tandem.ts came to no end (it may take 256 MB of memory)',
  ],
] as const) {
  test(`${what} is stopped`, async () => {
    await using project = await scratchProject({ 'tandem.ts': source })
    const limits = { limitMs: what === 'a loop' ? 400 : 10_000, limitBytes: 1024 * 1024 }
    await assert.rejects(readConfig(project.dir, limits), { message: said })
  })
}

test('a wait is no loop where the machine says who used it, and is stopped as well', async () => {
  const isTold = process.platform === 'linux'
  const waits = (ms: number) => `await new Promise((done) => setTimeout(done, ${ms}))
    export default {}`
  await using short = await scratchProject({ 'tandem.ts': waits(800) })
  const limits = { limitMs: 500, limitBytes: 1024 * 1024 }
  const read = readConfig(short.dir, limits)
  await (isTold ? read : assert.rejects(read))
  await using long = await scratchProject({ 'tandem.ts': waits(60_000) })
  await assert.rejects(readConfig(long.dir, limits), {
    message: 'tandem.ts was not done after 0.5 s and was stopped',
  })
})

test('the doors to the network and to other programs are closed from every side', async () => {
  const doors = [
    `await import('node:net')`,
    `await import('http')`,
    `await import('node:module')`,
    `await import('node:worker_threads')`,
    `await import('./door.cjs')`,
    `process.binding('tcp_wrap')`,
    `process.dlopen({}, '/x')`,
    `new WebSocket('ws://127.0.0.1:1')`,
    `process.mainModule.require('net')`,
    `globalThis.net.connect(1)`,
    `globalThis.require('net')`,
    `evaluate()`,
  ]
  await using project = await scratchProject({
    'door.cjs': `require('net').connect(1)`,
    'tandem.ts': `const closed = []
      for (const door of ${JSON.stringify(doors)}) {
        try { await eval('(async () => ' + door + ')()') } catch { closed.push(door) }
      }
      export default { people: Object.fromEntries(closed.map((name, i) => ['p' + i, { name, may: 'look' }])) }`,
  })
  const { config } = await loadConfig(project.dir)
  assert.deepEqual(
    Object.values(config.people).map(({ name }) => name),
    doors,
  )
})

const green = `import { tandem } from 'tandem'
export default tandem({
  people: { ada: { name: 'Ada', may: 'everything', keys: ['ssh-ed25519 ${'A'.repeat(68)} ada@desk'], forges: { 'git.example.org': 'Ada-L' } } },
  url: 'https://tandem.example.org/',
  hosts: { local: { via: 'local', roles: ['builders'] } },
  infra: { repo: 'infra', apply: 'on green' },
  ci: { parallel: 3 },
  repos: {
    infra: {},
    shop: {
      protect: ['main', 'release/*'],
      largest: '1G',
      mirrors: ['git@example.org:shop.git'],
      forge: { kind: 'forgejo', url: 'https://git.example.org/team/shop.git/', secret: 'HOOK' },
      jobs: {
        lint: 'npm run lint',
        test: {
          run: 'npm test', needs: ['build'], matrix: { node: [22, '24'] }, services: ['postgres'],
          cache: { node_modules: 'package-lock.json' }, reports: ['junit.xml'], on: 'builders', retry: 'never',
        },
      },
    },
  },
  apps: {
    shop: {
      repo: 'shop', run: 'node server.js',
      environments: { production: { on: ['local'], deploy: 'on green', branch: 'release/1', freeze: ['Fri 16:00 - Mon 08:00'], zone: 'Europe/Berlin' } },
    },
  },
})
`

test('repositories, their jobs and what goes live by itself are read with their defaults', async () => {
  await using project = await scratchProject({ 'tandem.ts': green })
  const { config } = await loadConfig(project.dir)
  assert.deepEqual(config.people['ada']?.keys.length, 1)
  assert.deepEqual(config.people['ada']?.forges, { 'git.example.org': 'ada-l' })
  assert.equal(config.url, 'https://tandem.example.org')
  assert.deepEqual([config.infra.repo, config.infra.apply, config.ci.parallel], ['infra', 'on green', 3])
  assert.deepEqual(config.repos['infra'], {
    protect: ['main'],
    largestBytes: 268_435_456,
    mirrors: [],
    forge: null,
    jobs: {},
  })
  const { forge, jobs, protect } = config.repos['shop']!
  assert.deepEqual(protect, ['main', 'release/*'])
  assert.deepEqual(forge, {
    kind: 'forgejo',
    url: 'https://git.example.org/team/shop',
    clone: 'https://git.example.org/team/shop.git',
    secret: 'HOOK',
    token: null,
    webhook: 'signature',
  })
  assert.equal(jobs['lint']?.run, 'npm run lint')
  assert.deepEqual(jobs['test']?.matrix, { node: ['22', '24'] })
  assert.deepEqual(jobs['test']?.cache, { node_modules: ['package-lock.json'] })
  const { deploy, branch, freeze, zone } = config.apps['shop']!.environments['production']!
  assert.deepEqual([deploy, branch, zone], ['on green', 'release/1', 'Europe/Berlin'])
  assert.deepEqual(freeze, [
    { type: 'weekly', fromMinute: 6720, toMinute: 480, written: 'Fri 16:00 - Mon 08:00' },
  ])
})
