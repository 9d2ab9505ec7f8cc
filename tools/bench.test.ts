import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { lastLineFault } from './bench.ts'

function bench(t: TestContext, args: readonly string[]): Readonly<{ code: number | null; said: string }> {
  const root = mkdtempSync(join(tmpdir(), 'tandem-bench-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'bench/part'), { recursive: true })
  const write = (name: string, text: string) => writeFileSync(join(root, 'bench', name), text)
  write('good.ts', "console.log('a table')\nconsole.log(JSON.stringify({ args: process.argv.slice(2) }))\n")
  write('bad.ts', "console.log('a table')\n")
  write('broken.ts', 'process.exit(4)\n')
  write('good.test.ts', '')
  write('part/clock.ts', '')
  const program = join(import.meta.dirname, 'bench.ts')
  const ended = spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: 'utf8' })
  return { code: ended.status, said: ended.stdout + ended.stderr }
}

describe('npm run bench', () => {
  it('lists the names when none is given', (t) => {
    const { code, said } = bench(t, [])
    assert.equal(code, 0)
    assert.match(said, /one of: bad, broken, good\n/)
  })

  it('refuses a name there is not', (t) => {
    const { code, said } = bench(t, ['god'])
    assert.equal(code, 2)
    assert.match(said, /no bench is called god/)
  })

  it('runs the named one with the further arguments', (t) => {
    assert.deepEqual(bench(t, ['good', '--hosts', '3']), {
      code: 0,
      said: 'a table\n{"args":["--hosts","3"]}\n',
    })
  })

  it('fails one whose last line is not a JSON object, and says so', (t) => {
    const { code, said } = bench(t, ['bad'])
    assert.equal(code, 1)
    assert.match(said, /bench bad: its last line must be one JSON object, and is: a table/)
  })

  it('passes the exit code on', (t) => {
    assert.equal(bench(t, ['broken']).code, 4)
  })
})

describe('the last line of a bench', () => {
  for (const printed of ['', 'x', '[1]', '3', 'null', '{"a":1}\ntrailing', '{"a":']) {
    it(`may not be ${JSON.stringify(printed)}`, () => assert.notEqual(lastLineFault(printed), null))
  }
  it('may be an object, with or without a line end', () => {
    assert.equal(lastLineFault('a table\n{"a":1}\n'), null)
    assert.equal(lastLineFault('{"a":1}'), null)
  })
})
