import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { before, after, describe, it } from 'node:test'

const root = join(import.meta.dirname, '..')

/** One mistake for each rule the linter is trusted with. The names are those the linter prints. */
const planted: Readonly<Record<string, string>> = {
  'import(no-default-export)': 'export default 1',
  'import(no-cycle)': "import { a } from './cycle-too.ts'\nexport const b: number = Number(a)",
  'eslint(max-lines)': 'export const a = [\n' + '  1,\n'.repeat(300) + ']',
  'eslint(max-lines-per-function)': `export function a(): void {\n${'  a()\n'.repeat(60)}}`,
  'eslint(max-params)': 'export function a(b: 1, c: 1, d: 1, e: 1, f: 1): void {\n  void [b, c, d, e, f]\n}',
  'eslint(eqeqeq)': 'export const a = (b: unknown) => b == 1',
  'eslint(no-var)': 'export var a = 1',
  'eslint(prefer-const)': 'export function a(): number {\n  let b = 1\n  return b\n}',
  'eslint(no-console)': "export const a = () => console.log('x')",
  'typescript(no-explicit-any)': 'export const a = (b: any) => b',
  'typescript(no-non-null-assertion)': 'export const a = (b: string | null) => b!',
  'typescript(no-floating-promises)': 'export function a(b: Promise<void>): void {\n  b\n}',
  'typescript(no-misused-promises)': 'export const a = (b: Promise<boolean>) => (b ? 1 : 2)',
  'typescript(await-thenable)': 'export const a = async (b: number) => await b',
  'typescript(switch-exhaustiveness-check)':
    "export function a(b: 'x' | 'y'): number {\n  switch (b) {\n    case 'x':\n      return 1\n  }\n  return 2\n}",
  'typescript(consistent-type-imports)':
    "import { Stats } from 'node:fs'\nexport const a = (b: Stats) => b.size",
  'unicorn(no-empty-file)': '// nothing',
}

function fileOf(rule: string): string {
  return `src/change/${rule.replace(/.*\((.*)\)/, '$1')}.ts`
}

describe('the linter, as it is set here, finds', () => {
  const tree = mkdtempSync(join(tmpdir(), 'tandem-lint-'))
  after(() => rmSync(tree, { recursive: true, force: true }))
  let said = ''

  before(() => {
    for (const file of ['.oxlintrc.json', 'tsconfig.json']) copyFileSync(join(root, file), join(tree, file))
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
    for (const [rule, text] of Object.entries(planted)) {
      const path = join(tree, fileOf(rule))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, `${text}\n`)
    }
    const other = "import { b } from './no-cycle.ts'\nexport const a: number = Number(b)\n"
    writeFileSync(join(tree, 'src/change/cycle-too.ts'), other)
    const oxlint = join(root, 'node_modules/.bin/oxlint')
    const argv = ['--type-aware', '--format=unix', 'src']
    said = spawnSync(oxlint, argv, { cwd: tree, encoding: 'utf8' }).stdout
  })

  for (const rule of Object.keys(planted)) {
    it(`what ${rule} is for`, () => {
      const found = said.split('\n').filter((line) => line.startsWith(fileOf(rule)) && line.includes(rule))
      assert.equal(found.length > 0, true, said)
    })
  }
})
