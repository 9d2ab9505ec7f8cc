import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Act, BytesFrom, Op, PathState } from '../plan/op.ts'
import type { Debt } from '../things/thing.ts'
import { debtHash } from './debt-hash.ts'
import { programOf } from './program.ts'
import { type HostScripts, readHostScripts } from './scripts.ts'
import { cutOff, runIn, shellsHere, type Tried, type TryShell } from './try-shells.ts'
import { tryOp as op } from './try-op.ts'
import { undoProgramOf } from './undo-program.ts'

const mark = 'c0ffee03'
const change = 'c7'
const me = { owner: userInfo().username, group: String(userInfo().gid) }
const sha = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const fileState = (bytes: string | Uint8Array, mode = 0o640): PathState & { type: 'file' } => ({
  type: 'file',
  sha256: sha(bytes),
  mode,
  ...me,
})
const missing: PathState = { type: 'missing' }
const any: PathState = { type: 'any' }
const restart: Debt = { type: 'restart', unit: 'nginx.service' }

describe('operations on paths', () => {
  let folder: string
  let scripts: HostScripts
  before(async () => {
    folder = fs.mkdtempSync(join(tmpdir(), 'tandem paths '))
    scripts = await readHostScripts()
  })
  after(() => fs.rmSync(folder, { recursive: true, force: true }))

  /** A host of its own: its folder for us, and a place for files. */
  const place = () => {
    const at = fs.mkdtempSync(join(folder, 'host '))
    fs.mkdirSync(join(at, 'etc'))
    const root = join(at, 'state')
    const etc = (name: string): string => join(at, 'etc', name)
    return { root, etc, tree: () => treeOf(join(at, 'etc')) }
  }
  const mine = 'still_mine() { :; }\n'
  const apply = (
    shell: TryShell,
    root: string,
    ops: readonly Op[],
    sent: readonly (string | Uint8Array)[] = [],
  ): Tried => {
    const bytes = new Map(sent.map((content) => [sha(content), Buffer.from(content)]))
    const parts = { scripts, bytes, passwords: new Map(), reveal: (text: string) => text, mark, change }
    const program = programOf(ops, parts)
    return runIn(shell, { ...program, script: mine + program.script }, root)
  }
  const undo = (shell: TryShell, root: string, ops: readonly Op[]): Tried => {
    const program = undoProgramOf(ops, { scripts, mark, change })
    return runIn(shell, { ...program, script: mine + program.script }, root)
  }
  const told = ({ lines }: Tried): readonly string[] =>
    lines.flatMap((line) => (line.startsWith(`@${mark} `) ? [line.slice(mark.length + 2)] : []))
  const good = (tried: Tried): readonly string[] => {
    assert.deepEqual([tried.stderr, tried.code], ['', 0], tried.lines.join('\n'))
    return told(tried)
  }
  const write = (path: string, bytes: string | Uint8Array, was: PathState, mode = 0o640): Act => ({
    type: 'write',
    path,
    from: { type: 'sent', sha256: sha(bytes), size: bytes.length, isSecret: false },
    before: was,
    after: fileState(bytes, mode),
    check: null,
  })

  for (const shell of shellsHere()) {
    test(`in ${shell.name} are done, done again without a change, and undone to the last byte`, () => {
      const { root, etc, tree } = place()
      fs.writeFileSync(etc('old'), 'old\n')
      fs.chmodSync(etc('old'), 0o4711)
      fs.writeFileSync(etc('gone'), 'gone\n')
      fs.chmodSync(etc('gone'), 0o600)
      fs.mkdirSync(etc('tree/deep'), { recursive: true })
      fs.writeFileSync(etc('tree/deep/file'), 'deep')
      fs.symlinkSync('old', etc('link'))
      fs.mkdirSync(etc('open'))
      fs.chmodSync(etc('open'), 0o777)
      const first = tree()
      const directory = (mode: number) => ({ type: 'directory', mode, ...me }) as const
      const ops = [
        op(1, { type: 'mkdir', path: etc('new dir'), before: missing, after: directory(0o750) }),
        op(2, write(etc("new dir/it's"), 'fresh', missing), { owes: [restart] }),
        op(3, write(etc('old'), 'newer\n', fileState('old\n', 0o4711), 0o600)),
        op(4, {
          type: 'link',
          path: etc('link'),
          before: { type: 'link', to: 'old' },
          after: { type: 'link', to: 'a\nb' },
        }),
        op(5, { type: 'remove', path: etc('gone'), before: fileState('gone\n', 0o600), all: false }),
        op(6, { type: 'remove', path: etc('tree'), before: any, all: true }),
        op(7, { type: 'access', path: etc('open'), before: directory(0o777), after: directory(0o700) }),
        op(8, { type: 'access', path: etc('old'), before: any, after: fileState('newer\n', 0o644) }),
      ]
      const done = good(apply(shell, root, ops, ['fresh', 'newer\n']))
      assert.deepEqual(
        done.filter((line) => line.startsWith('done')),
        ops.map(({ number }) => `done ${number} changed`),
      )
      const second = tree()
      assert.deepEqual(Object.keys(second), ['link', 'new dir', "new dir/it's", 'old', 'open'])
      assert.equal(second['old'], `644 newer\n`)
      assert.equal(second["new dir/it's"], '640 fresh')
      assert.equal(second['link'], '-> a\nb')
      assert.equal(
        fs.readFileSync(join(root, 'owed', debtHash(restart)), 'utf8'),
        'restart nginx.service\nc7 2\n',
      )
      assert.deepEqual(
        good(
          apply(
            shell,
            root,
            ops.slice(0, 7).filter(({ number }) => number !== 3),
            ['fresh'],
          ),
        ).filter((line) => line.startsWith('done')),
        [1, 2, 4, 5, 6, 7].map((nth) => `done ${nth} same`),
      )

      good(
        undo(
          shell,
          root,
          ops.map((one) => ({ ...one, owes: [] })),
        ),
      )
      assert.deepEqual(tree(), first)
      assert.equal(fs.existsSync(join(root, 'undo', change)), false)
      good(
        undo(
          shell,
          root,
          ops.map((one) => ({ ...one, owes: [] })),
        ),
      )
      assert.deepEqual(tree(), first)
    })

    test(`in ${shell.name} bring any bytes under any name, and no name is ever taken for shell`, () => {
      const { root, etc, tree } = place()
      const every = Uint8Array.from({ length: 256 * 3 }, (_, index) => (index * 7) % 256)
      const names = [
        "it's",
        ' a  b ',
        '$(touch x)`id`"',
        'back\\slash',
        '*',
        '-rf',
        '#a;b&c|d<e>',
        'ünï€',
        '%s',
        '~root',
        '!!',
      ]
      const ops = names.map((name, index) =>
        op(index + 1, write(etc(name), every, missing), { resource: `file ${name}\necho no` }),
      )
      good(apply(shell, root, ops, [every]))
      const content = Buffer.from(every).toString('latin1')
      assert.deepEqual(tree(), Object.fromEntries(names.toSorted().map((name) => [name, `640 ${content}`])))
      good(undo(shell, root, ops))
      assert.deepEqual(tree(), {})
    })

    test(`in ${shell.name} refuse what moved since the plan, and touch nothing`, () => {
      const { root, etc, tree } = place()
      fs.writeFileSync(etc('motd'), 'by hand')
      fs.chmodSync(etc('motd'), 0o640)
      fs.mkdirSync(etc('dir'))
      const first = tree()
      const states: readonly PathState[] = [
        missing,
        fileState('as planned'),
        fileState('by hand', 0o600),
        { type: 'link', to: 'x' },
      ]
      for (const was of states) {
        const tried = apply(shell, root, [op(3, write(etc('motd'), 'new', was))], ['new'])
        assert.equal(tried.code, 1)
        assert.match(
          told(tried).at(-2) ?? '',
          /^trouble thing 3 \(tandem\.ts:3:3, operation 3\): .*motd moved since the plan: it was to be .*, and is file [0-9a-f]{64} 640 /,
        )
      }
      const onFolder = apply(shell, root, [op(1, write(etc('dir'), 'new', any))], ['new'])
      assert.equal(onFolder.code, 1)
      assert.deepEqual(tree(), first)
    })

    test(`in ${shell.name} put nothing in place that its check refuses`, () => {
      const { root, etc, tree } = place()
      fs.writeFileSync(etc('conf'), 'good\n')
      fs.chmodSync(etc('conf'), 0o640)
      const act = (bytes: string) =>
        ({ ...write(etc('conf'), bytes, any), check: ['grep', '-q', "good '%'", '%'] }) as Act
      const refused = apply(shell, root, [op(1, act('bad\n'))], ['bad\n'])
      assert.match(told(refused).at(-2) ?? '', /`grep -q good '%' %` does not accept the new file/)
      assert.deepEqual(tree(), { conf: '640 good\n' })
      const other = { ...act('good as well\n'), check: ['grep', '-q', 'well', '%'] } as Act
      good(apply(shell, root, [op(1, other)], ['good as well\n']))
      assert.deepEqual(tree(), { conf: '640 good as well\n' })
    })

    test(`in ${shell.name} bring back what an earlier change kept, and say so when it is gone`, () => {
      const { root, etc, tree } = place()
      fs.writeFileSync(etc('conf'), 'one\n')
      fs.chmodSync(etc('conf'), 0o640)
      good(apply(shell, root, [op(4, write(etc('conf'), 'two\n', fileState('one\n')))], ['two\n']))
      const from: BytesFrom = { type: 'kept', change, number: 4 }
      const back = { ...write(etc('conf'), 'one\n', fileState('two\n')), from } as Act
      good(apply(shell, root, [op(5, back)]))
      assert.deepEqual(tree(), { conf: '640 one\n' })
      const gone = { ...back, from: { type: 'kept', change: 'c1', number: 1 } } as Act
      const tried = apply(shell, root, [op(6, { ...gone, before: any, after: fileState('zero\n') } as Act)])
      assert.match(told(tried).at(-2) ?? '', /c1\/1\.kept are not there any more/)
    })

    test(`in ${shell.name} restore whatever stood there before an operation, and are undone themselves`, () => {
      const { root, etc, tree } = place()
      fs.writeFileSync(etc('file'), 'one\n', { mode: 0o600 })
      fs.mkdirSync(etc('tree/deep'), { recursive: true })
      fs.writeFileSync(etc('tree/deep/x'), 'x')
      fs.mkdirSync(etc('folder'))
      fs.chmodSync(etc('folder'), 0o700)
      const first = tree()
      const open = { type: 'directory', mode: 0o777, ...me } as const
      good(
        apply(
          shell,
          root,
          [
            op(1, write(etc('file'), 'two\n', any)),
            op(2, { type: 'remove', path: etc('tree'), before: any, all: true }),
            op(3, { type: 'mkdir', path: etc('folder'), before: any, after: open }),
            op(4, write(etc('fresh'), 'fresh', any)),
            op(5, { type: 'mkdir', path: etc('tree'), before: any, after: open }),
            op(6, write(etc('tree/mine'), 'mine', any)),
          ],
          ['two\n', 'fresh', 'mine'],
        ),
      )
      const second = tree()
      const paths = ['file', 'tree', 'folder', 'fresh']
      const back = paths.map((name, index) =>
        op(index + 11, {
          type: 'restore',
          path: etc(name),
          from: { type: 'kept', change, number: index + 1 },
          before: any,
        }),
      )
      good(apply(shell, root, back))
      assert.deepEqual(tree(), first)
      good(undo(shell, root, back))
      assert.deepEqual(tree(), second)
    })
  }

  const [shell = assert.fail('no shell is here')] = shellsHere()

  test('that were cut off anywhere are undone to the last byte, and leave nothing', (t) => {
    const seed = Number(process.env['TANDEM_SEED'] ?? Date.now() % 100_000)
    t.diagnostic(`TANDEM_SEED=${seed}`)
    let cutShort = 0
    let wholeMs = 0
    // The first run comes to its end, and says how long one takes here.
    for (let nth = 0; nth <= 20; nth++) {
      const { root, etc, tree } = place()
      fs.writeFileSync(etc('a'), 'a\n')
      fs.mkdirSync(etc('t/u'), { recursive: true })
      fs.writeFileSync(etc('t/u/v'), 'v')
      fs.symlinkSync('a', etc('l'))
      const first = tree()
      const directory = { type: 'directory', mode: 0o755, ...me } as const
      const ops = [
        op(1, { type: 'mkdir', path: etc('d'), before: missing, after: directory }),
        op(2, write(etc('d/f'), 'f', missing)),
        op(3, write(etc('a'), 'b', any)),
        op(4, { type: 'remove', path: etc('t'), before: any, all: true }),
        op(5, { type: 'link', path: etc('l'), before: any, after: { type: 'link', to: 'd' } }),
        op(6, write(etc('t'), 'now a file', missing)),
      ]
      const killAfterMs = nth === 0 ? 20_000 : 5 + ((seed * 31 + nth * 7919) % Math.ceil(wholeMs))
      const began = performance.now()
      const tried = apply(cutOff(shell, killAfterMs), root, ops, ['f', 'b', 'now a file'])
      if (nth === 0) wholeMs = performance.now() - began
      if (tried.code !== 0) cutShort++
      good(undo(shell, root, ops))
      assert.deepEqual(tree(), first, `cut after ${killAfterMs} ms`)
      assert.equal(fs.existsSync(join(root, 'undo', change)), false)
    }
    assert.ok(cutShort > 3, `only ${cutShort} were cut off`)
  })

  test('that name a secret by a keyed digest compare the bare one on the host, which no operation holds', () => {
    const { root, etc, tree } = place()
    const keyed = sha('keyed')
    const after = { ...fileState('hunter2'), sha256: keyed }
    const act: Act = {
      type: 'write',
      path: etc('pw'),
      from: { type: 'sent', sha256: keyed, size: 7, isSecret: true },
      before: missing,
      after,
      check: null,
    }
    const parts = {
      scripts,
      bytes: new Map([[keyed, Buffer.from('hunter2')]]),
      passwords: new Map(),
      reveal: (text: string) => text,
      mark,
      change,
    }
    const program = programOf([op(1, act)], parts)
    assert.equal(program.script.includes('hunter2'), false)
    good(runIn(shell, { ...program, script: mine + program.script }, root))
    assert.deepEqual(tree(), { pw: '640 hunter2' })
  })
})

/** Paths to what stands there; owners are ours. */
function treeOf(top: string): Readonly<Record<string, string>> {
  const all: [string, string][] = []
  const walk = (at: string, name: string): void => {
    const stat = fs.lstatSync(at)
    const mode = (stat.mode & 0o7777).toString(8)
    if (stat.isSymbolicLink()) all.push([name, `-> ${fs.readlinkSync(at)}`])
    else if (stat.isFile()) all.push([name, `${mode} ${fs.readFileSync(at, 'latin1')}`])
    else {
      if (name !== '') all.push([name, `${mode} /`])
      for (const inside of fs.readdirSync(at).toSorted())
        walk(join(at, inside), name === '' ? inside : `${name}/${inside}`)
    }
  }
  walk(top, '')
  return Object.fromEntries(all)
}
