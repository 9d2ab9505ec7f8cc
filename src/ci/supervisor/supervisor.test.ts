import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { requireSandbox } from '../sandbox/system.ts'
import { askToStop, lookAt, refuse } from './look.ts'
import { jobFiles } from './order.ts'
import { supervise } from './supervise.ts'
import { tried, tryJob } from './try-job.ts'

const isRoot = process.getuid?.() === 0
const skip = whyNot()

function whyNot(): string | false {
  try {
    requireSandbox()
    return false
  } catch (thrown) {
    return String(thrown)
  }
}

/** Processes anywhere on this machine whose command line has this word. */
function processesWith(word: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandOf(pid))
    .filter((line) => line.includes(word))
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

async function until(claim: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await claim()) return
    await pause(25)
  }
  assert.fail(`not in time: ${String(claim)}`)
}

void test('a job leaves its exit code and what it printed, in the order printed', { skip }, async () => {
  const { end, log } = await tried('echo one; echo two >&2; echo three; exit 7')
  assert.ok(end !== 'gone')
  assert.deepEqual([end.why, end.code], ['exited', 7])
  assert.equal(log, 'one\ntwo\nthree')
})

void test('a job gives way to the hub on this machine', { skip }, async () => {
  const { log } = await tried("cut -d ' ' -f 19 /proc/self/stat")
  assert.equal(log, '10')
})

void test('a command that a signal ended has the code that a shell gives it', { skip }, async () => {
  const { end } = await tried('kill -9 $$')
  assert.ok(end !== 'gone')
  assert.equal(end.code, 137)
})

void test('a secret is on no disk, however the job prints it', { skip }, async () => {
  const secret = 'correct horse battery'
  const job = await tryJob(
    'printf "%s" "$S"; printf "%s" "$S" | base64; printf "correct "; sleep 0.1; echo "horse battery"',
    {
      secrets: [secret],
      env: { S: secret },
    },
  )
  try {
    await job.start()
    await job.ended()
    const found = spawnSync('grep', ['-rl', 'horse', job.folder], { encoding: 'utf8' })
    assert.equal(found.stdout, '')
    assert.match(await job.log(), /\[secret\]/)
    assert.ok(!(await job.log()).includes(Buffer.from(secret).toString('base64')))
  } finally {
    await job.remove()
  }
})

void test(
  'a job that ignores SIGTERM is ended at its limit, with all that it started',
  { skip },
  async () => {
    const word = `31${process.pid}`
    const { end, log } = await tried(
      `trap 'echo not yet' TERM; (trap '' TERM; sleep ${word}) & while :; do sleep ${word}; done`,
      {
        limits: { runMs: 500, graceMs: 500 },
      },
    )
    assert.ok(end !== 'gone')
    assert.equal(end.why, 'overdue')
    assert.ok(end.ms >= 900 && end.ms < 30_000, String(end.ms))
    assert.match(log, /not yet/)
    assert.deepEqual(processesWith(word), [])
  },
)

void test('a supervisor that has not written its first beat is left alone', { skip }, async () => {
  const job = await tryJob('sleep 2; echo done')
  try {
    await job.start()
    await until(async () => (await lookAt(job.folder)).state === 'running')
    await writeFile(join(job.folder, jobFiles.beat), '')
    assert.equal((await lookAt(job.folder)).state, 'running')
    const end = await job.ended()
    assert.ok(end !== 'gone')
    assert.equal(end.code, 0)
  } finally {
    await job.remove()
  }
})

void test('a job that is asked to stop may tidy up', { skip }, async () => {
  const job = await tryJob("trap 'echo tidied; exit 0' TERM; echo ready; sleep 60 & wait")
  try {
    await job.start()
    await until(async () => (await job.log()).includes('ready'))
    await askToStop(job.folder)
    const end = await job.ended()
    assert.ok(end !== 'gone')
    assert.equal(end.why, 'stopped')
    assert.equal(await job.log(), 'ready\ntidied')
  } finally {
    await job.remove()
  }
})

void test('a job that forks without end is held in, and ends', { skip, timeout: 120_000 }, async () => {
  const began = performance.now()
  const word = `bomb${process.pid}`
  const bomb = `sh -c 'b() { b | b & }; b' ${word}; sleep 1; ls /proc | grep -c '^[0-9]'; sleep 60`
  const { end, log } = await tried(bomb, { limits: { runMs: 3_000, graceMs: 200 } })
  assert.ok(end !== 'gone')
  assert.ok(performance.now() - began < 50_000)
  assert.deepEqual(processesWith(word), [])
  // At its limit the shell cannot even start `ls`, or `ls` sees no more than the limit.
  assert.match(log, /Cannot fork|Resource temporarily unavailable/)
})

void test(
  'a job that fills the disk is stopped, and that is written down',
  { skip: skip || (isRoot ? false : 'mounting needs root') },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tandem-small-'))
    assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tandem-test', folder]).status, 0)
    try {
      const fills = 'echo begun; until test -e go; do sleep 0.05; done; cat /dev/zero > big'
      const job = await tryJob(`${fills}; echo on; sleep 60`, {
        folder,
        limits: { keepFreeBytes: 8 * 1024 * 1024 },
      })
      await job.start()
      // What it prints first is to be written down while there is room.
      await until(async () => (await job.log()).includes('begun'))
      await writeFile(join(folder, jobFiles.work, 'files', 'go'), '')
      const end = await job.ended()
      assert.ok(end !== 'gone')
      assert.equal(end.why, 'disk full')
      assert.match(await job.log(), /^begun/)
    } finally {
      spawnSync('umount', ['-l', folder])
      await rm(folder, { recursive: true, force: true })
    }
  },
)

void test(
  'a job that uses more memory than it may is stopped, in one process or in many',
  { skip },
  async () => {
    const limits = { memoryBytes: 256 * 1024 * 1024 }
    const hogs = {
      one: `perl -e '$x .= "x" x 1048576 while 1'`,
      many: `for n in 1 2 3 4 5 6; do perl -e '$x = "x" x 94371840; sleep 60' & done; wait`,
    }
    for (const [name, hog] of Object.entries(hogs)) {
      const { end } = await tried(hog, { limits })
      assert.ok(end !== 'gone', name)
      assert.equal(end.why, 'out of memory', name)
      assert.ok(end.ms < 20_000, name)
    }
  },
)

void test('memory that processes share counts once', { skip }, async () => {
  const shared = `perl -e '$x = "x" x 134217728; fork for 1 .. 3; sleep 1'`
  const { end } = await tried(shared, { limits: { memoryBytes: 512 * 1024 * 1024 } })
  assert.ok(end !== 'gone')
  assert.deepEqual([end.why, end.code], ['exited', 0])
})

void test('binary output becomes text, line by line', { skip }, async () => {
  const { end, log } = await tried(
    String.raw`printf 'a\000b\377\033[31mred\n'; head -c 100000 /dev/urandom; echo; echo after`,
  )
  assert.ok(end !== 'gone')
  assert.equal(end.code, 0)
  assert.ok(log.startsWith('a\u{fffd}b\u{fffd}\u001b[31mred\n'))
  assert.ok(log.endsWith('\nafter'))
  // oxlint-disable-next-line no-control-regex -- they must not be there
  assert.ok(!/[\u0000-\u0008\u000b-\u001a]/.test(log))
})

void test('a log that is too long keeps its beginning and its end', { skip }, async () => {
  const { log } = await tried('seq 1 200000', { limits: { logBytes: 100_000 } })
  const lines = log.split('\n')
  assert.equal(lines[0], '1')
  assert.equal(lines.at(-1), '200000')
  assert.equal(lines.filter((line) => /^… \d+ bytes left out …$/.test(line)).length, 1)
  assert.ok(log.length < 300_000)
})

void test('a job that prints without end is stopped', { skip }, async () => {
  const { end, log } = await tried('yes', { limits: { printedBytes: 20_000_000, logBytes: 50_000 } })
  assert.ok(end !== 'gone')
  assert.equal(end.why, 'flooded')
  assert.ok(log.length < 300_000)
})

void test('a line without end becomes many records that cut no character', { skip }, async () => {
  const { log } = await tried(`perl -e 'print "\\xc3\\xa9" x 20001'`)
  const lines = log.split('\n')
  assert.ok(lines.length > 1)
  assert.equal(lines.join(''), 'é'.repeat(20_001))
})

void test('when a supervisor is killed its job goes with it', { skip }, async () => {
  const word = `32${process.pid}`
  const job = await tryJob(`echo ready; setsid sleep ${word} & sleep ${word}`)
  try {
    await job.start()
    await until(async () => (await job.log()).includes('ready'))
    assert.equal((await lookAt(job.folder)).state, 'running')
    process.kill(await job.supervisor(), 'SIGKILL')
    assert.equal(await job.ended(), 'gone')
    await until(() => processesWith(word).length === 0)
  } finally {
    await job.remove()
  }
})

void test('a supervisor that hangs is ended, and its job with it', { skip, timeout: 120_000 }, async () => {
  const word = `33${process.pid}`
  const job = await tryJob(`echo ready; sleep ${word}`)
  try {
    await job.start()
    await until(async () => (await job.log()).includes('ready'))
    process.kill(await job.supervisor(), 'SIGSTOP')
    await until(async () => {
      // As if the half minute were over.
      await writeFile(join(job.folder, jobFiles.beat), '1\n')
      return (await lookAt(job.folder)).state === 'gone'
    })
    await until(() => processesWith(word).length === 0)
  } finally {
    await job.remove()
  }
})

void test('one folder has one supervisor, or none for good', { skip }, async () => {
  const job = await tryJob('echo once')
  try {
    assert.equal((await lookAt(job.folder)).state, 'unborn')
    assert.equal(await refuse(job.folder), true)
    assert.equal(await refuse(job.folder), false)
    assert.equal(await supervise(job.order), false)
    assert.equal((await lookAt(job.folder)).state, 'gone')
    assert.ok(!existsSync(join(job.folder, jobFiles.end)))
  } finally {
    await job.remove()
  }
})

void test(
  'a supervisor lives in a session of its own and tells no secret in its environment',
  { skip },
  async () => {
    const job = await tryJob('echo ready; sleep 60', {
      secrets: ['correct horse'],
      env: { S: 'correct horse' },
    })
    try {
      await job.start()
      await until(async () => (await job.log()).includes('ready'))
      const pid = await job.supervisor()
      const session = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')[3]
      assert.equal(Number(session), pid)
      for (const file of ['environ', 'cmdline'])
        assert.ok(!(await readFile(`/proc/${pid}/${file}`, 'utf8')).includes('correct horse'))
      await askToStop(job.folder)
      await job.ended()
    } finally {
      await job.remove()
    }
  },
)
