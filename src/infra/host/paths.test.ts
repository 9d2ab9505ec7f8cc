import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Act, Op, PathState } from '../plan/op.ts'
import type { Debt } from '../things/thing.ts'
import { debtHash } from './debt-hash.ts'
import { programOf } from './program.ts'
import { type HostScripts, readHostScripts } from './scripts.ts'
import { runIn, shellsHere, type Tried, type TryShell } from './try-shells.ts'
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

function op(number: number, act: Act, rest: Partial<Op> = {}): Op {
  const where = { resource: `thing ${number}`, at: `tandem.ts:${number}:3`, key: `thing ${number}` }
  return { number, ...where, act, owes: [], lockout: null, cannotUndo: null, ...rest }
}

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
  }
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
