import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { PathSeen, Seen } from '../plan/seen.ts'
import type { Script } from '../things/thing.ts'
import type { ProbeWants } from './probe-wants.ts'
import { probeOf } from './probe.ts'
import { readProbe } from './read-probe.ts'
import { type HostScripts, readHostScripts } from './scripts.ts'
import { runIn, shellsHere, type TryShell } from './try-shells.ts'

const mark = 'c0ffee01'
const nothing: ProbeWants = {
  paths: [],
  packages: [],
  users: [],
  groups: [],
  units: [],
  checks: [],
  homes: [],
}
const sha = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const script = (rest: Partial<Script>): Script => ({
  run: 'true',
  user: null,
  cwd: null,
  env: {},
  limitMs: 5_000,
  ...rest,
})

describe('a probe', () => {
  let folder: string
  let scripts: HostScripts
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tandem probe '))
    scripts = await readHostScripts()
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const at = (name: string): string => join(folder, name)
  const told = (shell: TryShell, some: Partial<ProbeWants>, reveal = (text: string) => text) => {
    const wants = { ...nothing, ...some }
    const { lines, stderr } = runIn(
      shell,
      probeOf({ scripts, wants, known: null, mark, reveal }),
      at('state'),
    )
    assert.equal(stderr, '')
    return { host: 'h1', wants, known: null, mark, lines }
  }
  const see = (shell: TryShell, some: Partial<ProbeWants>): Promise<Seen> => readProbe(told(shell, some))
  const path = (name: string, wantSha: string | null = null, wantBytes = false) => ({
    path: name,
    wantSha,
    wantBytes,
  })

  for (const shell of shellsHere()) {
    test(`in ${shell.name} sees what stands at a path, whatever its name`, async () => {
      const names = [
        'plain',
        "it's",
        ' two  words ',
        '$HOME `id` "x"',
        'back\\slash\\n',
        '*[a]?',
        '-n',
        'ünï€',
        '#a;&|',
      ]
      const made = mkdtempSync(at('names '))
      for (const name of names) writeFileSync(join(made, name), `bytes of ${name}`)
      const wanted = names.map((name) => path(join(made, name), null, true))
      const { paths } = await see(shell, { paths: wanted })
      for (const name of names) {
        const seen = paths.get(join(made, name))
        assert.ok(seen?.type === 'file', name)
        assert.equal(seen.sha256, sha(`bytes of ${name}`))
        assert.equal(Buffer.from(seen.bytes ?? []).toString(), `bytes of ${name}`)
      }
    })

    test(`in ${shell.name} tells files, folders, links and other things apart`, async () => {
      const made = mkdtempSync(at('sorts '))
      const inside = (name: string): string => join(made, name)
      writeFileSync(inside('file'), 'x', { mode: 0o640 })
      chmodSync(inside('file'), 0o4640)
      linkSync(inside('file'), inside('second name'))
      mkdirSync(inside('empty'), { mode: 0o700 })
      mkdirSync(inside('hidden'))
      writeFileSync(inside('hidden/.only'), '')
      symlinkSync('nowhere\nat all', inside('link'))
      symlinkSync(made, inside('to a folder'))
      const all = ['file', 'second name', 'empty', 'hidden', 'link', 'to a folder', 'none', 'file/below']
      const { paths } = await see(shell, {
        paths: [...all.map(inside), '/dev/null'].map((name) => path(name)),
      })
      const sort = (seen: PathSeen | undefined) => {
        if (seen?.type === 'file') return [seen.mode.toString(8), seen.size, seen.names, seen.bytes]
        if (seen?.type === 'directory') return [seen.mode.toString(8), seen.isEmpty]
        if (seen?.type === 'link') return [seen.to]
        return [seen?.type, ...(seen?.type === 'other' ? [seen.what] : [])]
      }
      assert.deepEqual([...paths.values()].map(sort), [
        ['4640', 1, 2, null],
        ['4640', 1, 2, null],
        ['700', true],
        ['755', false].map((value) => (value === '755' ? (0o777 & ~process.umask()).toString(8) : value)),
        ['nowhere\nat all'],
        [made],
        ['missing'],
        ['missing'],
        ['other', 'a device'],
      ])
    })

    test(`in ${shell.name} sends bytes only where they differ, and only while there is room`, async () => {
      const made = mkdtempSync(at('bytes '))
      const wants: ProbeWants['paths'][number][] = []
      const put = (name: string, bytes: Uint8Array, want: string | null, always: boolean) => {
        writeFileSync(join(made, name), bytes)
        wants.push(path(join(made, name), want, always))
      }
      const any = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256)
      put('same', any, sha(any), false)
      put('other', any, sha('other'), false)
      put('unasked', any, null, false)
      put('empty', new Uint8Array(), null, true)
      put('large', randomBytes(262_145), null, true)
      for (let nth = 0; nth < 9; nth++) put(`quarter ${nth}`, randomBytes(262_000), sha('other'), false)
      const { paths } = await see(shell, { paths: wants })
      const sizes = [...paths.values()].map((seen) =>
        seen.type === 'file' ? (seen.bytes?.length ?? null) : 'none',
      )
      assert.deepEqual(sizes.slice(0, 5), [null, 1_000, null, 0, null])
      // A thousand bytes went before: the eighth quarter of a megabyte is the last for which there is room.
      assert.deepEqual(sizes.slice(5), [...Array.from({ length: 8 }, () => 262_000), null])
      const other = paths.get(join(made, 'other'))
      assert.deepEqual(other?.type === 'file' && Buffer.from(other.bytes ?? []), Buffer.from(any))
    })

    test(`in ${shell.name} tells facts, debts, accounts and packages`, async () => {
      mkdirSync(at('state/owed'), { recursive: true })
      writeFileSync(at('state/owed/1'), "restart it's.service\nc12\n")
      const seen = await see(shell, {
        users: ['root', 'no-such'],
        groups: ['root', 'no-such'],
        homes: ['root'],
        packages: ['no-such-package'],
        paths: [path('~root/'), path('~no-such/file')],
      })
      assert.ok(seen.facts.cpus > 0 && seen.facts.memoryMb > 0 && seen.facts.hostname !== '')
      assert.deepEqual([...seen.owed], ["restart it's.service"])
      assert.deepEqual([seen.users.get('root')?.uid, seen.users.get('no-such')], [0, null])
      assert.deepEqual([...seen.groups.values()], [{ gid: 0 }, null])
      assert.equal(seen.homes.get('root'), seen.users.get('root')?.home)
      assert.deepEqual([...seen.packages], [['no-such-package', null]])
      assert.deepEqual(
        [...seen.paths.values()].map(({ type }) => type),
        ['directory', 'missing'],
      )
    })

    test(`in ${shell.name} asks checks, with their secrets in the environment alone`, async () => {
      const env = { WORD: 'SECRET' }
      const checks = [
        script({ run: `test "$WORD" = "it's a \\$secret"`, env }),
        script({ run: 'exit 7' }),
        script({ run: 'false; true' }),
        script({ run: ['test', 'two words', '=', 'two words'] }),
        script({ run: 'sleep 60', limitMs: 300 }),
        script({ user: 'no-such-user' }),
        script({ cwd: at('no such folder') }),
        script({ run: ['pwd'], cwd: folder }),
      ].map((one, nth) => ({ key: `command ${nth}`, script: one }))
      const answer = told(shell, { checks }, (text) => text.replace('SECRET', "it's a $secret"))
      assert.equal(answer.lines.join('\n').includes('secret'), false)
      const seen = await readProbe(answer)
      assert.deepEqual([...seen.checks.values()], [0, 7, 1, 0, 124, null, null, 0])
    })
  }

  const [shell = assert.fail('no shell is here')] = shellsHere()

  test('says so when the answer is cut, and reads it among noise', async () => {
    const answer = told(shell, { paths: [path('/')] })
    const noise = answer.lines.flatMap((line) => ['@deadbeef s 1 nonsense', line, 'Welcome!'])
    assert.equal((await readProbe({ ...answer, lines: noise })).paths.get('/')?.type, 'directory')
    for (const cut of [0, 3, answer.lines.length - 1]) {
      const lines = answer.lines.slice(0, cut)
      await assert.rejects(readProbe({ ...answer, lines }), /h1 did not answer in full/)
    }
  })

  test('says so when a file goes while it looks', async () => {
    writeFileSync(at('going'), '')
    const wants = { ...nothing, paths: [path(at('going'))] }
    const program = probeOf({ scripts, wants, known: null, mark, reveal: (text) => text }).script
    const script = program.replace('stats=$(', `rm '${at('going')}'; stats=$(`)
    const { lines } = runIn(shell, { script }, at('state'))
    await assert.rejects(
      readProbe({ host: 'h1', wants, known: null, mark, lines }),
      /files on h1 came and went/,
    )
  })

  test('asks what stays until the next start only once for each', async () => {
    const first = told(shell, {})
    const { boot, facts } = await readProbe(first)
    assert.match(boot, /^[0-9a-f-]{36}$/)
    const known = { boot, facts: { ...facts, arch: 'z80', virtualization: 'dream', hostname: 'old' } }
    const again = async (start: string): Promise<Seen['facts']> => {
      const at = { ...known, boot: start }
      const { lines } = runIn(
        shell,
        probeOf({ scripts, wants: nothing, known: at, mark, reveal: (text) => text }),
        join(folder, 'state'),
      )
      return (await readProbe({ ...first, known: at, lines })).facts
    }
    assert.deepEqual(await again(boot), { ...facts, arch: 'z80', virtualization: 'dream' })
    assert.deepEqual(await again('another'), facts)
  })

  test('needs systemd only for units, and dpkg only for packages', async () => {
    const answer = told(shell, {})
    const lines = answer.lines.filter((line) => !/ (f arch|f comm) /.test(line))
    const without = (wants: Partial<ProbeWants>) =>
      readProbe({ ...answer, lines, wants: { ...nothing, ...wants } })
    assert.equal((await without({})).facts.arch, '')
    await assert.rejects(without({ packages: ['nginx'] }), /h1 is not Debian: there is no dpkg/)
    await assert.rejects(without({ units: ['nginx.service'] }), /h1 has no systemd that runs/)
  })

  test('refuses names that would be two lines', () => {
    const wants = { ...nothing, units: ['a\nb'] }
    assert.throws(
      () => probeOf({ scripts, wants, known: null, mark, reveal: (text) => text }),
      /holds a line break/,
    )
  })
})
