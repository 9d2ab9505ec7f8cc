import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

type Clone = Readonly<{
  root: string
  run: (...args: string[]) => Readonly<{ code: number | null; said: string }>
}>

/** A clone whose node, npm, vite and tandem only say that they were called. `machineNode` is what `node -v` answers. */
function clone(t: TestContext, machineNode: string | null): Clone {
  const root = mkdtempSync(join(tmpdir(), 'tandem clone '))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  const program = (path: string, script: string) => {
    writeFileSync(join(root, path), `#!/bin/sh\n${script}\n`)
    chmodSync(join(root, path), 0o755)
  }
  for (const folder of ['tools', 'machine', 'bin', 'src/web', 'src/api', 'src/change', 'fetched'])
    mkdirSync(join(root, folder), { recursive: true })
  for (const file of ['start.sh', 'install.sh'])
    copyFileSync(join(import.meta.dirname, file), join(root, 'tools', file))
  writeFileSync(join(root, 'package-lock.json'), '{}')
  writeFileSync(join(root, 'src/web/vite.config.ts'), '')
  if (machineNode !== null) program('machine/node', nodeSaying(machineNode))
  program('fetched/node', nodeSaying('v24.1.0'))
  program('fetched/vite', 'echo "vite $*"; mkdir -p build')
  program('machine/npm', 'echo "npm $*"; mkdir -p node_modules; cp -R fetched node_modules/.bin')
  program('bin/tandem', 'echo "tandem $* by $(command -v node)"; exit 7')
  for (const name of ['cp', 'dirname', 'find', 'head', 'mkdir', 'touch'])
    symlinkSync(
      existsSync(`/usr/bin/${name}`) ? `/usr/bin/${name}` : `/bin/${name}`,
      join(root, 'machine', name),
    )
  const run = (...args: string[]) => {
    // Nothing else: the machine that runs this may have a node of its own.
    const env = { PATH: join(root, 'machine') }
    const ended = spawnSync('/bin/sh', [join(root, 'tools/start.sh'), ...args], { env, encoding: 'utf8' })
    return { code: ended.status, said: ended.stdout + ended.stderr }
  }
  return { root, run }
}

function nodeSaying(version: string): string {
  const major = version.slice(1).split('.')[0]
  return `case $1 in -v) echo ${version} ;; -p) echo ${major} ;; esac`
}

/** Sets a file's time to so many seconds from now. */
function age(root: string, path: string, seconds: number): void {
  const at = Date.now() / 1000 + seconds
  utimesSync(join(root, path), at, at)
}

describe('npm start', () => {
  it('fetches, builds and starts the demo from a fresh clone, passing arguments and exit code through', (t) => {
    const { root, run } = clone(t, 'v20.1.0')
    const { code, said } = run('--port', '77 00')
    assert.match(said, /npm ci/)
    assert.match(said, /vite build src\/web/)
    assert.ok(said.includes(`tandem demo --port 77 00 by ${root}/node_modules/.bin/node`), said)
    assert.equal(code, 7)
  })

  it('neither fetches nor builds again when nothing changed', (t) => {
    const { run } = clone(t, 'v20.1.0')
    run()
    assert.doesNotMatch(run().said, /npm|vite/)
  })

  it('fetches again when the lock file is newer than what is installed', (t) => {
    const { root, run } = clone(t, 'v20.1.0')
    run()
    rmSync(join(root, 'node_modules/.bin'), { recursive: true })
    age(root, 'package-lock.json', 5)
    assert.match(run().said, /npm ci/)
  })

  it('builds again when a source of the dashboard is newer than the build', (t) => {
    const { root, run } = clone(t, 'v20.1.0')
    run()
    age(root, 'src/web/vite.config.ts', 5)
    assert.match(run().said, /vite build/)
  })

  it('does not start on a build that failed, and does not take it for one', (t) => {
    const { root, run } = clone(t, 'v20.1.0')
    writeFileSync(join(root, 'fetched/vite'), '#!/bin/sh\nmkdir -p build; echo cannot; exit 1\n')
    const { code, said } = run()
    assert.equal(code, 1)
    assert.match(said, /cannot\n.*dashboard could not be built/)
    assert.ok(!existsSync(join(root, 'build/web.built')))
  })

  for (const [version, says] of [
    ['v18.19.0', /needs Node 20 or newer, and .*machine\/node is v18\.19\.0: install/],
    [null, /needs Node 20 or newer with npm, and there is no node on the PATH: install/],
  ] as const) {
    it(`says what to do on a machine with node ${version ?? 'missing'}`, (t) => {
      const { code, said } = clone(t, version).run()
      assert.equal(code, 1)
      assert.match(said, says)
    })
  }

  it('says what to do when npm fetched no Node 24', (t) => {
    const { root, run } = clone(t, 'v20.1.0')
    rmSync(join(root, 'fetched/node'))
    const { code, said } = run()
    assert.equal(code, 1)
    assert.match(said, /npm did not fetch Node 24 .*npm rebuild node/)
  })

  it('is the process that npm started: nothing stands between them', () => {
    const script = readFileSync(join(import.meta.dirname, 'start.sh'), 'utf8')
    assert.match(script.trimEnd().split('\n').at(-1) ?? '', /^exec /)
  })
})
