import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import type { AppConfig } from '../../config/config.ts'
import { typesText } from './types.ts'
import { loadConfig } from '../../config/reading/load.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import { initProject } from './init.ts'
import { type Machine, thisMachine } from './machine.ts'

const plain: Machine = {
  folderOf: async () => '/usr/bin',
  isPortFree: async () => true,
  hasCommit: async () => true,
}

const express = 'const app = require("express")()\napp.listen(process.env.PORT || 4000)\n'
const manifest = (more: object) => JSON.stringify({ name: 'shop', ...more })
const withDependency = { dependencies: { express: '5' } }

type Row = Readonly<{
  project: string
  files: Readonly<Record<string, string>>
  kind: string
  app?: string
  build?: string | null
  output?: string
  run: Readonly<Record<string, string>>
  port: number | null
  front?: 'none'
  health?: string
  env?: Readonly<Record<string, string>>
  hint?: RegExp
}>

const rows: readonly Row[] = [
  {
    project: 'a server with a lock file and a build',
    files: {
      'package.json': manifest({ ...withDependency, scripts: { start: 'node server.js', build: 'tsc' } }),
      'package-lock.json': '{}',
      'server.js': express,
    },
    kind: 'a Node.js app',
    build: 'npm ci && npm run build',
    run: { web: 'node server.js' },
    port: 4000,
  },
  {
    project: 'a server without dependencies, started by its main file, that mentions a health path',
    files: {
      'package.json': manifest({ main: 'web.js' }),
      'web.js': `http.createServer((q, a) => q.url === '/healthz' ? 1 : 2).listen(process.env['PORT'] ?? '5000')`,
    },
    kind: 'a Node.js app',
    build: null,
    run: { web: 'node web.js' },
    port: 5000,
    health: '/healthz',
  },
  {
    project: 'a server that does not look at PORT',
    files: { 'package.json': manifest(withDependency), 'index.js': 'require("express")().listen(8123)' },
    kind: 'a Node.js app',
    build: 'npm install',
    run: { web: 'node index.js' },
    port: 8123,
    front: 'none',
  },
  {
    project: 'a framework that is started by npm, installed by pnpm, and migrates',
    files: {
      'package.json': manifest({
        dependencies: { next: '16' },
        scripts: { start: 'next start', build: 'next build', migrate: 'node migrate.js' },
      }),
      'pnpm-lock.yaml': '',
    },
    kind: 'a Node.js app',
    build: 'pnpm install --frozen-lockfile && npm run build',
    run: { web: 'npm start' },
    port: 3000,
    hint: /\/\/ migrate: 'npm run migrate',/,
  },
  {
    project: 'yarn of the old kind and of the new',
    files: {
      'package.json': manifest(withDependency),
      'yarn.lock': '',
      '.yarnrc.yml': '',
      'src/server.ts': express,
    },
    kind: 'a Node.js app',
    build: 'yarn install --immutable',
    run: { web: 'node src/server.ts' },
    port: 4000,
  },
  {
    project: 'a worker that listens to nobody',
    files: { 'package.json': manifest({}), 'index.js': 'setInterval(work, 1000)' },
    kind: 'a Node.js app',
    build: null,
    run: { worker: 'node index.js' },
    port: null,
  },
  {
    project: 'tests do not count as servers',
    files: {
      'package.json': manifest({}),
      'index.js': 'work()',
      'test/a.js': 'http.createServer().listen(1)',
    },
    kind: 'a Node.js app',
    build: null,
    run: { worker: 'node index.js' },
    port: null,
  },
  {
    project: 'a site built by vite',
    files: {
      'package.json': manifest({ scripts: { build: 'vite build' }, devDependencies: { vite: '8' } }),
      'package-lock.json': '{}',
      'index.html': '<p>',
      'src/main.ts': 'document.title = "x"',
    },
    kind: 'a static site that is built',
    build: 'npm ci && npm run build',
    output: 'dist',
    run: { web: 'python3 -m http.server $PORT --bind 127.0.0.1' },
    port: 8080,
    health: '/',
  },
  {
    project: 'a static site in a folder',
    files: { 'public/index.html': '<p>' },
    kind: 'a static site',
    build: null,
    run: { web: 'python3 -m http.server $PORT --bind 127.0.0.1 --directory public' },
    port: 8080,
    health: '/',
  },
  {
    project: 'Django with gunicorn',
    files: { 'requirements.txt': 'Django==5\ngunicorn\n', 'manage.py': '', 'store/wsgi.py': '' },
    kind: 'a Django app',
    build: 'python3 -m pip install --target .packages -r requirements.txt',
    run: { web: 'python3 -m gunicorn store.wsgi --bind 127.0.0.1:$PORT' },
    port: 8000,
    env: { PYTHONPATH: '.packages' },
    hint: /\/\/ migrate: 'python3 manage.py migrate --noinput',/,
  },
  {
    project: 'FastAPI described by pyproject.toml',
    files: {
      'pyproject.toml': '[project]\nname = "Price_List"\ndependencies = ["fastapi", "uvicorn"]\n',
      'prices/api.py':
        'from fastapi import FastAPI\napi: FastAPI = FastAPI()\n@api.get("/health")\ndef h(): ...\n',
    },
    kind: 'an ASGI app',
    app: 'price-list',
    build: 'python3 -m pip install --target .packages .',
    run: { web: 'python3 -m uvicorn prices.api:api --host 127.0.0.1 --port $PORT' },
    port: 8000,
    health: '/health',
    env: { PYTHONPATH: '.packages' },
  },
  {
    project: 'Flask without a server of its own',
    files: { 'requirements.txt': 'flask\n', 'app.py': 'import flask\napp = flask.Flask(__name__)\n' },
    kind: 'a Flask app',
    build: 'python3 -m pip install --target .packages -r requirements.txt',
    run: { web: 'python3 -m flask --app app:app run --host 127.0.0.1 --port $PORT' },
    port: 8000,
    env: { PYTHONPATH: '.packages' },
  },
  {
    project: 'a plain Python server',
    files: { 'server.py': 'HTTPServer(("", int(os.environ.get("PORT", "9000"))), H).serve_forever()' },
    kind: 'a Python app',
    build: null,
    run: { web: 'python3 server.py' },
    port: 9000,
  },
  {
    project: 'a Python worker',
    files: { 'requirements.txt': 'requests', 'main.py': 'while True: work()' },
    kind: 'a Python program',
    build: 'python3 -m pip install --target .packages -r requirements.txt',
    run: { worker: 'python3 main.py' },
    port: null,
    env: { PYTHONPATH: '.packages' },
  },
  {
    project: 'a Go server',
    files: {
      'go.mod': 'module example.com/acme/Ticker\n',
      'main.go': 'package main\nfunc main() { http.ListenAndServe(":"+os.Getenv("PORT"), nil) }',
    },
    kind: 'a Go program',
    app: 'ticker',
    build: 'mkdir -p out && CGO_ENABLED=0 go build -o out/program .',
    run: { web: 'out/program' },
    port: 8080,
  },
  {
    project: 'a Procfile, which knows better',
    files: {
      'package.json': manifest(withDependency),
      'server.js': express,
      Procfile: 'web: node server.js --fast\nnight_worker: node night.js\nrelease: node "migrate all.js"\n',
      '.env.example': '# none\nDATABASE_URL=\nexport API_KEY=x\nPORT=1\n',
    },
    kind: 'a Node.js app',
    build: 'npm install',
    run: { web: 'node server.js --fast', 'night-worker': 'node night.js' },
    port: 4000,
    hint: /\/\/ migrate: "node \\"migrate all\.js\\"",\n.*\/\/ secrets: \['DATABASE_URL', 'API_KEY'\]/,
  },
  {
    project: 'odd names',
    files: {
      'package.json': JSON.stringify({ name: '@acme/123 Ünïted Web Shops of the World' }),
      'index.js': 'work()',
    },
    kind: 'a Node.js app',
    app: 'n-ted-web-shops-of-the-w',
    build: null,
    run: { worker: 'node index.js' },
    port: null,
  },
]

for (const row of rows) {
  test(`tandem init fits ${row.project}`, async () => {
    await using project = await scratchProject(row.files, 'shop-')
    const made = await initProject(project.dir, plain)
    const { config } = await loadConfig(project.dir)
    const [[name, app] = []] = Object.entries(config.apps)
    assert.ok(app !== undefined)
    if (row.app !== undefined || row.files['package.json'] !== undefined)
      assert.equal(name, row.app ?? 'shop')
    assert.equal(made.lines[0], `this looks like ${row.kind}; it is called ${name}`)
    assert.equal(made.next, 'tandem deploy')
    assert.deepEqual(gist(app), {
      build: row.build ?? null,
      output: row.output ?? '.',
      run: row.run,
      port: row.port,
      front: row.front ?? (row.port === null ? 'none' : 'haproxy'),
      health: row.health ?? null,
      env: row.env ?? {},
      hosts: ['local'],
    })
    if (row.hint !== undefined) assert.match(await readFile(made.file, 'utf8'), row.hint)
  })
}

function gist(app: AppConfig) {
  return {
    build: app.build?.run ?? null,
    output: app.build?.output ?? '.',
    run: Object.fromEntries(Object.entries(app.run).map(([name, { command }]) => [name, command])),
    port: app.port,
    front: app.front,
    health: app.health?.path ?? null,
    env: app.env,
    hosts: app.environments['production']?.hosts,
  }
}

test('a project of an unknown kind gets a configuration to fill in', async () => {
  await using project = await scratchProject({ 'index.php': '<?php' })
  const made = await initProject(project.dir, plain)
  assert.match(made.next, /^write the command that starts it/)
  await loadConfig(project.dir)
})

test('a tandem.ts that is there stays as it is', async () => {
  await using project = await scratchProject({ 'tandem.ts': 'mine' })
  await assert.rejects(initProject(project.dir, plain), (error) => {
    assert.ok(error instanceof TroubleError)
    assert.equal(error.trouble.what, 'there is a tandem.ts here already')
    return true
  })
  await using linked = await scratchProject({})
  await symlink(join(project.dir, 'tandem.ts'), join(linked.dir, 'tandem.ts'))
  await assert.rejects(initProject(linked.dir, plain), { message: 'there is a tandem.ts here already' })
  assert.equal(await readFile(join(project.dir, 'tandem.ts'), 'utf8'), 'mine')
})

test('.tandem/ is ignored by git, once', async () => {
  const after = {
    '': '.tandem/\n',
    dist: 'dist\n.tandem/\n',
    '/.tandem\n': '/.tandem\n',
    '*.log\n.tandem/\n': '*.log\n.tandem/\n',
  }
  for (const [before, wanted] of Object.entries(after)) {
    await using project = await scratchProject({ '.gitignore': before })
    await initProject(project.dir, plain)
    assert.equal(await readFile(join(project.dir, '.gitignore'), 'utf8'), wanted)
  }
})

test('a port in use is passed over, and a program in an unusual folder is found by its PATH', async () => {
  const files = { 'package.json': manifest(withDependency), 'server.js': express }
  await using project = await scratchProject(files)
  const machine: Machine = {
    ...plain,
    isPortFree: async (port) => port > 4001,
    folderOf: async () => '/home/ada/.nvm/bin',
    hasCommit: async () => false,
  }
  const made = await initProject(project.dir, machine)
  assert.equal(made.next, "git init && git add -A && git commit -m 'Begin' && tandem deploy")
  const app = (await loadConfig(project.dir)).config.apps['shop']
  assert.equal(app?.port, 4002)
  assert.match(app?.env['PATH'] ?? '', /^\/home\/ada\/\.nvm\/bin:.*:\/usr\/bin:/)
})

test('this machine tells its ports, programs and commits', async () => {
  await using project = await scratchProject({})
  const server = createServer()
  const port = await new Promise<number>((settle) => {
    server.listen(0, () => {
      const address = server.address()
      settle(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  assert.equal(await thisMachine.isPortFree(port), false)
  await new Promise((settle) => server.close(settle))
  assert.equal(await thisMachine.isPortFree(port), true)
  assert.ok((await thisMachine.folderOf('node'))?.startsWith('/'))
  const git = {
    'a/.git/HEAD': '',
    'b/.git/refs/heads/main': '1',
    'c/.git/packed-refs': '1 refs/heads/main\n',
    'd/.git': '',
    'b/in/x': '',
  }
  await using repositories = await scratchProject(git)
  const answers = ['a', 'b', 'c', 'd', 'b/in'].map((name) =>
    thisMachine.hasCommit(join(repositories.dir, name)),
  )
  assert.deepEqual(await Promise.all(answers), [false, true, true, true, true])
  assert.equal(await thisMachine.hasCommit(project.dir), false)
})

test('an editor completes and checks what tandem init wrote', async () => {
  await using project = await scratchProject({
    'package.json': manifest(withDependency),
    'server.js': express,
  })
  await initProject(project.dir, plain)
  assert.equal(await compilerSays(project.dir), '')
  const file = join(project.dir, 'tandem.ts')
  await writeFile(file, (await readFile(file, 'utf8')).replace('port:', 'prot:'))
  assert.match(await compilerSays(project.dir), /'prot' does not exist/)
})

test('an editor completes and checks the recipes of an infrastructure', async () => {
  const web = (option: string) => `/// <reference path=".tandem/tandem.d.ts" />
import { apt, exec, file, secret, service, tandem, type RecipeHost } from 'tandem'
const web = (host: RecipeHost) => {
  const conf = file('/etc/nginx/nginx.conf', { ${option}: secret('A') + host.name, after: apt('nginx') })
  return [conf, host.vars['x'] && service('nginx', { restartOn: [conf] }), [exec('x', { command: ['ls'], limit: '5m' })]]
}
export default tandem({ roles: { web, all: () => null }, groups: { a: { vars: { x: 1 } } }, infra: { drift: '1h' } })
`
  await using project = await scratchProject({
    '.tandem/tandem.d.ts': (await typesText()) ?? '',
    'tandem.ts': web('content'),
  })
  assert.equal(await compilerSays(project.dir), '')
  await writeFile(join(project.dir, 'tandem.ts'), web('contnet'))
  assert.match(await compilerSays(project.dir), /'contnet' does not exist/)
})

async function compilerSays(cwd: string): Promise<string> {
  const compiler = new URL('../../../node_modules/.bin/tsc', import.meta.url).pathname
  const words = ['--noEmit', '--strict', '--module', 'nodenext', '--types', '', 'tandem.ts']
  return await new Promise((settle) => {
    execFile(compiler, words, { cwd }, (error, out) => settle(error === null ? out : out || error.message))
  })
}
