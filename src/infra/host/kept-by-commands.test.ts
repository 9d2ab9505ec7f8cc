import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inverseOf } from '../plan/inverse.ts'
import type { Act, Op } from '../plan/op.ts'
import { planRevert } from '../plan/plan-revert.ts'
import { digestOf } from '../plan/try-plan.ts'
import { rootScript } from '../things/make.ts'
import { programOf } from './program.ts'
import { readHostScripts } from './scripts.ts'
import { runIn, shellsHere, type TryShell } from './try-shells.ts'
import { undoProgramOf } from './undo-program.ts'

const mark = 'c0ffee03'
const mine = 'still_mine() { :; }\n'

function opOf(number: number, act: Act): Op {
  const place = { resource: 'exec x', at: 'tandem.ts:1:3', key: 'command x' }
  return { number, ...place, act, owes: [], lockout: null, cannotUndo: null }
}

for (const shell of shellsHere()) {
  test(`what a command keeps is found by its undo, in its own change and in one that reverts it, in ${shell.name}`, async (t) => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'tandem kept '))
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }))
    const target = join(folder, 'target')
    const root = join(folder, 'state')
    fs.writeFileSync(target, 'old')
    const scripts = await readHostScripts()
    const words = ['tandem', target]
    const act: Act = {
      type: 'command',
      name: 'x',
      check: null,
      run: rootScript([
        'sh',
        '-euc',
        '[ -e "$TANDEM_KEEP" ] || cp "$1" "$TANDEM_KEEP"; printf new >"$1"',
        ...words,
      ]),
      undo: rootScript(['sh', '-euc', 'cp "$TANDEM_KEEP" "$1"', ...words]),
    }
    const ops = [opOf(2, act)]
    const apply = (change: string, done: readonly Op[]) =>
      finished(shell, root, programOf(done, { ...empty(scripts), change }).script)
    const undo = (change: string, done: readonly Op[]) =>
      finished(shell, root, undoProgramOf(done, { scripts, mark, change }).script)
    const now = () => fs.readFileSync(target, 'utf8')
    apply('c1', ops)
    assert.equal(now(), 'new')
    undo('c1', ops)
    assert.equal(now(), 'old')
    apply('c2', ops)
    const back = (change: string, from: readonly Op[]): readonly Op[] =>
      from.flatMap((op) => inverseOf(op, { change, seen: nothingSeen }).acts.map((one) => opOf(7, one)))
    const revert = back('c2', ops)
    apply('c3', revert)
    assert.equal(now(), 'old')
    undo('c3', revert)
    assert.equal(now(), 'new')
    apply('c4', revert)
    apply('c5', back('c4', revert))
    assert.equal(now(), 'new')
    fs.rmSync(join(root, 'undo', 'c2'), { recursive: true })
    const forgotten = runIn(
      shell,
      { script: mine + programOf(revert, { ...empty(scripts), change: 'c6' }).script },
      root,
    )
    assert.equal(forgotten.code, 1)
    assert.match(forgotten.lines.join('\n'), /trouble .*: what it had kept is not there any more/)
    assert.equal(now(), 'new')
  })
}

for (const shell of shellsHere()) {
  test(`what an operation found as it should be is not taken back, in ${shell.name}`, async (t) => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'tandem kept '))
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }))
    const [target, made, root] = ['target', 'made', 'state'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    fs.writeFileSync(target, 'as it was')
    fs.mkdirSync(made, { mode: 0o755 })
    const scripts = await readHostScripts()
    const touch = (text: string) => rootScript(['sh', '-euc', 'printf "$2" >"$1"', 'tandem', target, text])
    const check = rootScript(['test', '-e', target])
    const after = { type: 'directory', mode: 0o755, owner: 'root', group: 'root' } as const
    const ops = [
      opOf(1, { type: 'mkdir', path: made, before: { type: 'missing' }, after }),
      opOf(2, { type: 'command', name: 'x', check, run: touch('new'), undo: touch('old') }),
    ]
    const apply = (change: string, done: readonly Op[]) =>
      finished(shell, root, programOf(done, { ...empty(scripts), change }).script)
    const back = (change: string, done: readonly Op[]) =>
      planRevert({ host: 'h1', change, ops: done, seen: nothingSeen, digestOf, isForced: false }).ops
    const same = [`@${mark} done 1 same`, `@${mark} done 2 same`]
    assert.deepEqual(apply('c1', ops), same)
    assert.deepEqual(apply('c2', back('c1', ops)), same)
    assert.deepEqual(apply('c3', back('c2', back('c1', ops))), same)
    assert.equal(fs.readFileSync(target, 'utf8'), 'as it was')
    assert.equal(fs.existsSync(made), true)
  })
}

const empty = (scripts: Awaited<ReturnType<typeof readHostScripts>>) => ({
  scripts,
  mark,
  bytes: new Map(),
  passwords: new Map(),
  reveal: (text: string) => text,
})

const nothingSeen = {
  facts: {
    os: 'debian',
    version: '12',
    codename: 'bookworm',
    arch: 'amd64',
    kernel: '6.1',
    hostname: 'h1',
    cpus: 1,
    memoryMb: 1,
    addresses: [],
    init: 'systemd',
    virtualization: 'none',
  },
  paths: new Map(),
  packages: new Map(),
  users: new Map(),
  groups: new Map(),
  units: new Map(),
  checks: new Map(),
  owed: new Set<string>(),
  boot: '',
  homes: new Map(),
  candidates: null,
}

function finished(shell: TryShell, root: string, script: string): readonly string[] {
  const { code, stderr, lines } = runIn(shell, { script: mine + script }, root)
  assert.deepEqual([code, stderr], [0, ''], lines.join('\n'))
  return lines.filter((line) => line.startsWith(`@${mark} done`))
}
