import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import type { Finding, SourceFile, Tree } from './tidy/source.ts'
import { readTree } from './tidy/walk.ts'
import { tidy } from './tidy.ts'

/** One planted mistake: the files of a tree, where the finding must be and what it must speak of. */
type Planted = Readonly<{ files: Readonly<Record<string, string>>; at: string; says: RegExp }>

function treeOf(files: Readonly<Record<string, string>>): Tree {
  const list: SourceFile[] = Object.entries(files).map(([path, text]) => ({ path, text }))
  return { files: list, paths: new Set(list.map((file) => file.path)) }
}

function findingsIn(files: Readonly<Record<string, string>>): readonly string[] {
  return tidy(treeOf(files)).map(({ path, line, says }: Finding) => `${path}:${line} ${says}`)
}

const assertion = 'assert.equal(sum(1), 1)\n'

function lock(packages: Readonly<Record<string, object>>): string {
  return JSON.stringify({ packages })
}

const planted: Readonly<Record<string, Planted>> = {
  'the heart imports nothing': {
    files: { 'src/change/plan.ts': "import { a } from '../store/store.ts'\n" },
    at: 'src/change/plan.ts:1',
    says: /change may not import store\/store\.ts/,
  },
  'kinds never import each other, not even types': {
    files: { 'src/deploy/stage.ts': "\nimport type { A } from '../infra/apply.ts'\n" },
    at: 'src/deploy/stage.ts:2',
    says: /deploy may not import infra\/apply\.ts/,
  },
  'an arrow for types carries no values': {
    files: { 'src/deploy/stage.ts': "import { a } from '../config/load.ts'\n" },
    at: 'src/deploy/stage.ts:1',
    says: /only by `import type`/,
  },
  'an import of types and one value is an import of values': {
    files: { 'src/deploy/stage.ts': "import {\n  type A,\n  b,\n} from '../config/load.ts'\n" },
    at: 'src/deploy/stage.ts:1',
    says: /only by `import type`/,
  },
  'the command line loads the hub only when it needs it': {
    files: { 'src/cli/main.ts': "import { openHub } from '../hub.ts'\n" },
    at: 'src/cli/main.ts:1',
    says: /only by `import\(\)`/,
  },
  'a re-export is an import': {
    files: { 'sdk/index.ts': "export { a } from '../src/flags/rate.ts'\n" },
    at: 'sdk/index.ts:1',
    says: /sdk may not import flags/,
  },
  'a lazy import is an import': {
    files: { 'src/guard/rate.ts': "const a = await import('../metrics/rate.ts')\n" },
    at: 'src/guard/rate.ts:1',
    says: /guard may not import metrics/,
  },
  'an import inside a template is one': {
    files: { 'src/guard/rate.ts': "const a = `x ${await import('../metrics/rate.ts')} y`\n" },
    at: 'src/guard/rate.ts:1',
    says: /guard may not import metrics/,
  },
  'an import after a pattern that holds a quote is one': {
    files: { 'src/guard/rate.ts': "const tick = /`/\nimport { a } from '../metrics/rate.ts'\n" },
    at: 'src/guard/rate.ts:2',
    says: /guard may not import metrics/,
  },
  'the program does not import its tools': {
    files: { 'src/store/open.ts': "import { a } from '../../lab/lab.ts'\n" },
    at: 'src/store/open.ts:1',
    says: /store may not import lab/,
  },
  'a new folder is given its arrows': {
    files: { 'src/novelty/a.ts': "import { a } from '../change/plan.ts'\n" },
    at: 'src/novelty/a.ts:1',
    says: /has no row in tools\/tidy\/arrows\.ts/,
  },
  'folders do not import each other in a ring': {
    files: {
      'src/hub.ts': "import { a } from './cli/a.ts'\n",
      'src/cli/a.ts': "import type { H } from '../hub.ts'\n",
    },
    at: 'src/hub.ts:1',
    says: /ring: hub\.ts -> cli -> hub\.ts/,
  },
  'a file name that holds anything': {
    files: { 'src/store/sqlite-utils.ts': '' },
    at: 'src/store/sqlite-utils.ts:1',
    says: /"utils"/,
  },
  'an exported name that says nothing': {
    files: { 'src/store/open.ts': 'export const a = 1\nexport async function makeDataStore() {}\n' },
    at: 'src/store/open.ts:2',
    says: /makeDataStore says "data"/,
  },
  'handlers outside HTTP': {
    files: { 'src/store/open.ts': 'export type ErrorHandler = () => void\n' },
    at: 'src/store/open.ts:1',
    says: /"handler"/,
  },
  'interfaces with an I': {
    files: { 'src/store/open.ts': 'export interface IStore {}\n' },
    at: 'src/store/open.ts:1',
    says: /without the I/,
  },
  'a word of another house': {
    files: { 'docs/guide.md': '\nThen roll the deploy back or `rollback`.\n' },
    at: 'docs/guide.md:2',
    says: /changes are reverted/,
  },
  'unfinished work': {
    files: { 'src/store/open.ts': '// TODO: the rest\n' },
    at: 'src/store/open.ts:1',
    says: /finish it/,
  },
  'a re-export of everything': {
    files: { 'src/store/all.ts': "export * from './open.ts'\n" },
    at: 'src/store/all.ts:1',
    says: /re-exporting/,
  },
  'a file that passes names on': {
    files: { 'src/store/all.ts': "\nexport {\n  a,\n} from './open.ts'\n" },
    at: 'src/store/all.ts:2',
    says: /re-exporting/,
  },
  'a skipped test': {
    files: { 'src/store/a.test.ts': `it.skip('x', () => {})\n${assertion}` },
    at: 'src/store/a.test.ts:1',
    says: /skipped test without words/,
  },
  'a test skipped by option': {
    files: { 'src/store/a.test.ts': `it('x', { skip: true }, () => {})\n${assertion}` },
    at: 'src/store/a.test.ts:1',
    says: /skipped test without words/,
  },
  'a test that skips itself without a word': {
    files: { 'src/store/a.test.ts': `it('x', (t) => t.skip())\n${assertion}` },
    at: 'src/store/a.test.ts:1',
    says: /skipped test without words/,
  },
  'a test that silences the others': {
    files: { 'src/store/a.test.ts': `it.only('x', () => {})\n${assertion}` },
    at: 'src/store/a.test.ts:1',
    says: /`only` silences/,
  },
  'a test that silences the others by option': {
    files: { 'src/store/a.test.ts': `test('x', { timeout: 1, only: true }, () => {})\n${assertion}` },
    at: 'src/store/a.test.ts:1',
    says: /`only` silences/,
  },
  'a test that is yet to be written': {
    files: { 'src/store/a.test.ts': `it.todo('x')\n${assertion}` },
    at: 'src/store/a.test.ts:1',
    says: /yet to be written/,
  },
  'an assertion that cannot fail': {
    files: { 'src/store/a.test.ts': `assert.ok(true)\n` },
    at: 'src/store/a.test.ts:1',
    says: /cannot fail/,
  },
  'a test file that asserts nothing': {
    files: { 'src/store/a.test.ts': "it('x', () => { run() }) // assert.equal(1, 2)\n" },
    at: 'src/store/a.test.ts:1',
    says: /without an assertion/,
  },
  'the database outside the store': {
    files: { 'src/api/app.ts': "import { DatabaseSync } from 'node:sqlite'\n" },
    at: 'src/api/app.ts:1',
    says: /node:sqlite is closed/,
  },
  'processes started where no permit is': {
    files: { 'src/api/app.ts': "import { spawn } from 'node:child_process'\n" },
    at: 'src/api/app.ts:1',
    says: /node:child_process is closed/,
  },
  'a string handed to a shell': {
    files: { 'src/remote/ssh.ts': "import { exec } from 'node:child_process'\n" },
    at: 'src/remote/ssh.ts:1',
    says: /exec hands a string to a shell/,
  },
  'an option that makes a shell of it': {
    files: {
      'lab/run.ts': "import { spawn } from 'node:child_process'\nspawn('ls', [], { shell: true })\n",
    },
    at: 'lab/run.ts:2',
    says: /`shell` hands a string/,
  },
  'a value spliced into a script': {
    files: { 'src/remote/ssh.ts': "spawn('sh', ['-c', `rm ${path}`])\n" },
    at: 'src/remote/ssh.ts:1',
    says: /spliced into a script/,
  },
  'a link to a file that is not there': {
    files: { 'docs/guide.md': 'See [this](other.md).\n' },
    at: 'docs/guide.md:1',
    says: /other\.md points at no file/,
  },
  'a place of a file that has moved': {
    files: { 'docs/guide.md': 'See `api/wire.ts` and `./c.ts`.\n', 'src/api/wire/wire.ts': 'export {}\n' },
    at: 'docs/guide.md:1',
    says: /there is no api\/wire\.ts/,
  },
  'a room that is not on the map': {
    files: {
      'ARCHITECTURE.md': '```\n  change/  the heart\n```\n',
      'src/ci/a.ts': '',
      'src/change/a.ts': '',
    },
    at: 'ARCHITECTURE.md:1',
    says: /does not show src\/ci\//,
  },
  'a link to a heading that is not there': {
    files: { 'docs/guide.md': '# One\n\n[two](#two) [one](#one)\n' },
    at: 'docs/guide.md:3',
    says: /#two points at no heading/,
  },
  'an example that came adrift': {
    files: { 'docs/guide.md': '<!-- from a.ts -->\n```ts\nrun(2)\n```\n', 'a.ts': 'run(1)\n' },
    at: 'docs/guide.md:1',
    says: /does not have these lines/,
  },
  'a decision that goes on': {
    files: { 'docs/decisions/0001-a.md': 'line\n'.repeat(81) },
    at: 'docs/decisions/0001-a.md:81',
    says: /this has 81/,
  },
  'a gap in the decisions': {
    files: { 'docs/decisions/0001-a.md': '', 'docs/decisions/0003-b.md': '' },
    at: 'docs/decisions/0003-b.md:1',
    says: /next decision is 0002/,
  },
  'two decisions of one number': {
    files: { 'docs/decisions/0001-a.md': '', 'docs/decisions/0001-b.md': '' },
    at: 'docs/decisions/0001-b.md:1',
    says: /next decision is 0002/,
  },
  'a version left to chance': {
    files: { 'examples/package.json': '{\n"dependencies": {\n"zod": "^4.0.0" } }' },
    at: 'examples/package.json:3',
    says: /zod is wanted as "\^4\.0\.0"/,
  },
  'a dependency nobody accounts for': {
    files: { 'package.json': '{\n"dependencies": { "zod": "4.0.0" } }' },
    at: 'package.json:2',
    says: /zod has no row/,
  },
  'an account of a dependency that is gone': {
    files: { 'package.json': '{}', 'docs/decisions/dependencies.md': '\n| `left-pad` | pads |\n' },
    at: 'docs/decisions/dependencies.md:2',
    says: /left-pad is not a dependency any more/,
  },
  'a lock file with a hole': {
    files: {
      'package-lock.json': lock({ 'node_modules/a': { optionalDependencies: { 'a-mac': '1.0.0' } } }),
    },
    at: 'package-lock.json:1',
    says: /^package-lock\.json:1 a-mac not held, so that npm ci refuses/,
  },
  'a lock file that holds a package where it is not looked for': {
    files: {
      'package-lock.json': lock({
        'node_modules/a': { dependencies: { b: '1.0.0' } },
        'node_modules/c/node_modules/b': {},
      }),
    },
    at: 'package-lock.json:1',
    says: /b not held/,
  },
  'a runtime dependency of the sdk': {
    files: { 'sdk/package.json': '{ "dependencies": { "zod": "4.0.0" } }' },
    at: 'sdk/package.json:1',
    says: /do without zod/,
  },
}

describe('tidy finds', () => {
  for (const [mistake, { files, at, says }] of Object.entries(planted)) {
    it(mistake, () => {
      const found = findingsIn(files)
      assert.equal(found.length, 1, found.join('\n'))
      assert.ok(found[0]?.startsWith(`${at} `), `${found[0]} is not at ${at}`)
      assert.match(found[0] ?? '', says)
    })
  }
})

const allowed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'arrows of the list, tests anywhere, files of the own folder': {
    'src/deploy/stage.ts': "import { a } from '../change/plan.ts'\nimport { b } from './b.ts'\n",
    'src/deploy/kind.ts': "import { type C, type D } from '../config/config.ts'\n",
    'src/cli/main.ts': "const { openHub } = await import('../hub.ts')\n",
    'src/deploy/stage.test.ts': "import { z } from '../infra/z.ts'\nassert.equal(z, 1)\n",
  },
  'types of a declaration file, which loads nothing': {
    'examples/tandem.d.ts': "export type A = import('../src/config/wish.ts').A\n",
  },
  'a ring that closes only by a lazy import': {
    'src/hub.ts': "import { a } from './cli/a.ts'\n",
    'src/cli/a.ts': "const { openHub } = await import('../hub.ts')\n",
  },
  'imports that stand in comments, strings, templates and patterns': {
    'src/change/text.ts': [
      "// import { a } from '../store/store.ts'",
      "const a = `\nimport { a } from '../store/store.ts'\n`",
      'const b = "import(\'../store/store.ts\')"',
      "const c = /['\"`]/.test(b) ? `${`${b}`}` : 'it\\'s'",
      "/* export * from '../store/store.ts' */",
    ].join('\n'),
  },
  'words of recipes that mean something else to tests and processes': {
    'src/infra/user.test.ts': `lowered(user, 'ada', { shell: '/bin/sh', only: true })\n${assertion}`,
  },
  'words that only look like banned ones': {
    'src/store/database.ts': 'export const base64 = 1\nexport type Inflight = 1\nexport const Id = 2\n',
    'src/api/handlers.ts': 'export const handlers = 1\n',
    'docs/peers-say.md': 'As `cap deploy:rollback` and `kamal rollback` do.\n',
    'src/store/ledger.ts': "const undo = 'rollback'\nconst temporary = 'tandem-XXXXXX'\n",
  },
  'tests that skip with words': {
    'src/store/a.test.ts': "it('x', (t) => t.skip('needs root'))\nassert.ok(truth)\n",
    'src/store/b.test.ts': "import { suite } from './conformance.ts'\nsuite()\n",
  },
  'permitted modules, and shell whose values are arguments': {
    'src/store/open.ts': "import { DatabaseSync } from 'node:sqlite'\n",
    'src/remote/ssh.ts':
      "import { spawn } from 'node:child_process'\nspawn('sh', ['-c', 'ls \"$1\"', 'sh', dir])\n",
    'src/remote/quote.ts': "export const script = ['-c', `ls ${sh(dir)}`]\n",
  },
  'documents in order': {
    'docs/guide.md':
      '# A `b` C!\n[x](../src/a.ts) [y](https://x.test/a) [z](#a-b-c) [d](decisions/)\n```md\n[no](no.md)\n```\n',
    'docs/decisions/0001-a.md': '<!-- from src/a.ts -->\n```ts\nrun(\n1)\n```\n',
    'docs/decisions/0002-b.md': '',
    'src/a.ts': 'function a() {\n  run(\n    1)\n}\n',
  },
  'places that are named from the root, from src/ and from the document': {
    'docs/guide.md': 'See `src/a/b.ts`, `a/b.ts`, `deep/c.sh`, `./plan.ts` and `plan.ts`.\n',
    'docs/deep/c.sh': '',
    'src/a/b.ts': 'export const b = 1\n',
  },
  'dependencies in order': {
    'package-lock.json': lock({
      '': { dependencies: { a: '1.0.0' } },
      sdk: { dependencies: { a: '1.0.0' } },
      'node_modules/a': { dependencies: { b: '1.0.0', c: '1.0.0', '@d/e': '1.0.0' } },
      'node_modules/a/node_modules/b': { dependencies: { c: '1.0.0', '@d/e': '1.0.0' } },
      'node_modules/a/node_modules/@d/e': { dependencies: { b: '1.0.0' } },
      'node_modules/c': {},
    }),
    'package.json': '{ "dependencies": { "zod": "4.0.0" }, "devDependencies": { "own": "file:sdk" } }',
    'docs/decisions/dependencies.md': '| name | for |\n|---|---|\n| `zod` | edges |\n| `own` | flags |\n',
  },
}

describe('tidy has nothing against', () => {
  for (const [what, files] of Object.entries(allowed)) {
    it(what, () => assert.deepEqual(findingsIn(files), []))
  }
})

it('a folder of the house may be called build; only what is built is left out', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'tandem-walk-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  for (const path of [
    'build/web/a.js',
    'sdk/build/a.js',
    'sdk/node_modules/b/a.js',
    'src/deploy/build/a.ts',
  ]) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), '')
  }
  assert.deepEqual([...readTree(root).paths], ['src/deploy/build/a.ts'])
})
