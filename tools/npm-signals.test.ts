import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

const limitMs = 30_000
const packageFile = join(import.meta.dirname, '..', 'package.json')

/** A package with our scripts, whose programs are all one that takes its time to end when it is asked to. */
function packageOf(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'tandem-npm-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  const { scripts } = JSON.parse(readFileSync(packageFile, 'utf8')) as { scripts: unknown }
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'signals', scripts }))
  writeFileSync(join(root, 'slow.mjs'), slowProgram)
  mkdirSync(join(root, 'tools'))
  for (const name of ['start', 'test']) {
    writeFileSync(join(root, 'tools', `${name}.sh`), `exec '${process.execPath}' slow.mjs\n`)
  }
  return root
}

const slowProgram = `import { writeFileSync } from 'node:fs'
  let asked = 0
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {
    asked += 1
    setTimeout(() => {
      writeFileSync('ended', String(asked))
      process.exit(0)
    }, 300)
  })
  setTimeout(() => process.exit(1), ${limitMs})
  writeFileSync('up', '')`

async function until(holds: () => boolean): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += 20) {
    assert.ok(waitedMs < limitMs, 'waited too long')
    await sleep(20)
  }
}

function hasNpm(): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'npm')))
}

// Unless a script begins with exec, a shell stands between npm and the program: it takes the signal and passes nothing on.
describe('a signal to npm', { concurrency: 2 }, () => {
  for (const script of ['start', 'test']) {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      it(`ends \`npm run ${script}\` by ${signal}, once and in order`, async (t) => {
        if (!hasNpm()) return t.skip('there is no npm on the PATH')
        const root = packageOf(t)
        const npm = spawn('npm', ['run', script, '--no-update-notifier'], { cwd: root, stdio: 'ignore' })
        const ended = once(npm, 'close')
        await until(() => existsSync(join(root, 'up')))
        npm.kill(signal)
        await ended
        assert.ok(existsSync(join(root, 'ended')), 'npm did not wait for the program, or never told it')
        assert.equal(readFileSync(join(root, 'ended'), 'utf8'), '1')
      })
    }
  }
})
