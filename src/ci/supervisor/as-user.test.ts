import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { requireSandbox } from '../sandbox/system.ts'

/** Nobody else has this number. */
const uid = 1_899_999_999
const become = ['--clear-groups', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs']
const suites = ['supervisor.test.ts', '../sandbox/sandbox.test.ts', '../sandbox/services.test.ts'].map(
  (file) => join(import.meta.dirname, file),
)

const skip = whyNot()

function whyNot(): string | false {
  if (process.getuid?.() !== 0) return 'all other tests run as an ordinary user already'
  try {
    requireSandbox()
  } catch (thrown) {
    return String(thrown)
  }
  const walls = asUser(['bwrap', '--unshare-user', '--ro-bind', '/', '/', 'test', '-r', import.meta.filename])
  return walls.status === 0 ? false : `a user may not make walls here, or not read this: ${walls.stderr}`
}

function asUser(argv: readonly string[], home = '/nonexistent') {
  const { PATH = '' } = process.env
  return spawnSync('setpriv', [`--reuid=${uid}`, `--regid=${uid}`, ...become, '--', ...argv], {
    encoding: 'utf8',
    cwd: '/',
    env: { PATH, HOME: home, TMPDIR: home },
    timeout: 240_000,
  })
}

void test('an ordinary user who runs the hub has the same walls, limits and services', { skip }, async () => {
  const home = await mkdtemp(join(tmpdir(), 'tandem-user-'))
  try {
    await chown(home, uid, uid)
    const { status, stdout } = asUser([process.execPath, '--test', '--test-reporter=tap', ...suites], home)
    assert.equal(status, 0, stdout)
    const count = (word: string): number => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(stdout)?.[1])
    assert.equal(count('fail'), 0, stdout)
    // A suite that leaves out everything proves nothing: mounting is root's, and a machine may lack two packages.
    assert.ok(count('pass') > 35 && count('skipped') < 8, stdout)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})
