import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { makeMask } from '../../mask/mask.ts'
import { collectReports } from './collect.ts'
import { ofBothAttempts, readReport } from './report.ts'

let folder = ''
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-reports-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

const short = async (text: string) => {
  const { tests } = await readReport(text)
  return tests.map(({ name, outcome, ms, message }) => [name, outcome, ms, message?.split('\n')[0] ?? null])
}

const nodeTests = `
import { describe, test } from 'node:test'
import assert from 'node:assert/strict'
describe('basket', () => {
  test('adds # one', () => {})
  test('takes "two"', () => assert.equal(1, 2))
  test('later', { skip: 'no time' }, () => {})
  test('some day', { todo: true }, () => assert.equal(1, 3))
  describe('inner', () => { test('works', () => {}) })
})
test('alone', async (t) => { await t.test('sub', () => { throw new Error('bad thing') }) })
describe('hooked', () => { test('never', () => {}) })
`

describe('what node --test says', () => {
  for (const reporter of ['spec', 'tap', 'junit'])
    test(`is read from its reporter ${reporter}, in the middle of a log too`, async () => {
      const file = join(folder, 'a.test.mjs')
      writeFileSync(file, nodeTests)
      const { NODE_TEST_CONTEXT: _, ...env } = process.env
      const args = ['--test', `--test-reporter=${reporter}`, file]
      const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
      const log = reporter === 'junit' ? stdout : `> npm test\n\n${stdout}\nnpm error code 1\n`
      const { tests, notes } = await readReport(log)
      assert.deepEqual(notes, [])
      assert.deepEqual(
        tests.map(({ name, outcome }) => `${outcome} ${name}`),
        [
          'passed basket > adds # one',
          'failed basket > takes "two"',
          'skipped basket > later',
          'skipped basket > some day',
          'passed basket > inner > works',
          'failed alone > sub',
          'passed hooked > never',
        ],
      )
      assert.ok(tests.every(({ ms }) => ms !== null && ms >= 0))
      assert.match(tests[1]?.message ?? '', /Expected values to be strictly equal:\n\n1 !== 2/)
      assert.match(tests[5]?.message ?? '', /bad thing/)
      assert.equal(tests[0]?.message, null)
    })
})

describe('JUnit XML', () => {
  test('of pytest', async () => {
    const text = `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1"
      skipped="1" tests="3" time="0.05"><testcase classname="tests.test_basket.TestAdd" name="test_one[a-1]" time="0.001" />
      <testcase classname="tests.test_basket" name="test_two" time="0.002"><failure message="assert 1 == 2">def test_two():
&gt;       assert 1 == 2</failure></testcase><testcase classname="tests.test_basket" name="test_three" time="0.000"><skipped
      type="pytest.skip" message="not now">x.py:3: not now</skipped></testcase></testsuite></testsuites>`
    assert.deepEqual(await short(text), [
      ['tests.test_basket.TestAdd > test_one[a-1]', 'passed', 1, null],
      ['tests.test_basket > test_two', 'failed', 2, 'assert 1 == 2'],
      ['tests.test_basket > test_three', 'skipped', 0, 'not now'],
    ])
  })

  test('of JUnit itself, with errors, CDATA and a lone suite', async () => {
    const text = `<testsuite name="shop.BasketTest" time="1,234.5"><properties><property name="a" value="b"/></properties>
      <testcase name="adds" classname="shop.BasketTest" time="1,234.5"/>
      <testcase name="adds" classname="shop.BasketTest" time="x"><error type="java.lang.Error"><![CDATA[java.lang.Error: <boom>
	at shop.Basket.add]]></error><system-out>noise</system-out></testcase></testsuite>`
    assert.deepEqual(await short(text), [
      ['shop.BasketTest > adds', 'passed', 1_234_500, null],
      ['shop.BasketTest > adds #2', 'failed', null, 'java.lang.Error: <boom>'],
    ])
  })

  const hostile: readonly [name: string, text: string, note: RegExp][] = [
    [
      'an entity that grows',
      `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><testsuite name="&b;"/>`,
      /not well-formed: invalid character entity/,
    ],
    [
      'an entity of a file',
      `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite><testcase name="a"><failure>&x;</failure></testcase></testsuite>`,
      /not well-formed/,
    ],
    ['depth without end', '<testsuite>'.repeat(100_000), /more than 100 deep/],
    [
      'an attribute without end',
      `<testsuite name="${'x'.repeat(300_000)}`,
      /not well-formed: max buffer length/,
    ],
    ['another kind of XML', '<html><body/></html>', /no JUnit report: <html>/],
    [
      'an element that is not closed',
      '<testsuite><testcase name="a"/>',
      /not well-formed: unclosed root tag/,
    ],
  ]
  for (const [name, text, note] of hostile)
    test(`of ${name} is told and harmless`, async () => {
      const began = process.cpuUsage()
      const { notes } = await readReport(text)
      assert.match(notes.join(), note)
      assert.ok(process.cpuUsage(began).user < 5_000_000)
    })

  test('keeps what was read before a fault', async () => {
    const { tests, notes } = await readReport('<testsuite><testcase name="a"/><testcase name="b"')
    assert.deepEqual([tests.map(({ name }) => name), notes.length], [['a'], 1])
  })

  test('of too many tests is cut, and says so', async () => {
    const text = `<testsuite>${'<testcase name="a"/>'.repeat(20_005)}</testsuite>`
    const { tests, notes } = await readReport(text)
    assert.deepEqual([tests.length, notes], [20_000, ['has too many tests: 5 of them are left out']])
  })

  test('is read in turns with others', async () => {
    const text = `<testsuite>${'<testcase name="a" classname="b" time="0.1"/>'.repeat(60_000)}</testsuite>`
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    await readReport(text)
    clearInterval(timer)
    assert.ok(turns >= 5, `${turns} turns`)
  })
})

describe('TAP', () => {
  test('13, with plans, directives, escapes and a bail-out', async () => {
    const text = String.raw`TAP version 13
1..6
ok 1 - first
not ok 2 second
# a comment
  ---
  message: "it broke"
  severity: fail
  ...
ok 3 # SKIP no database
not ok 4 - fourth # todo some day
ok 5 - with \# and \\
ok
some other line: ok
Bail out! the disk is full`
    assert.deepEqual(await short(text.replace('# a comment\n', '')), [
      ['first', 'passed', null, null],
      ['second', 'failed', null, 'it broke'],
      ['(no name)', 'skipped', null, 'no database'],
      ['fourth', 'skipped', null, 'some day'],
      [String.raw`with # and \ `.trim(), 'passed', null, null],
      ['(no name) #2', 'passed', null, null],
      ['Bail out!', 'failed', null, 'the disk is full'],
    ])
  })

  test('14, with subtests; a group that failed by itself is told', async () => {
    const text = `TAP version 14
# Subtest: outer
    # Subtest: inner
        ok 1 - a
          ---
          duration_ms: 1.5
          ...
        1..1
    ok 1 - inner
    1..1
not ok 2 - outer
  ---
  error: |-
    the hook
    failed
  ...
1..2
`
    assert.deepEqual(await short(text), [
      ['outer > inner > a', 'passed', 1.5, null],
      ['outer', 'failed', null, 'the hook'],
    ])
  })

  test('of hostile lines takes no time', async () => {
    const began = process.cpuUsage()
    await readReport(
      `TAP version 13\n${`ok 1 ${' '.repeat(15_000)}x\n`.repeat(200)}${'\n'.repeat(100_000)}${' '.repeat(2_000_000)}`,
    )
    await readReport(`${'\n'.repeat(1_000_000)}✔ ${'a ('.repeat(500_000)}`)
    assert.ok(process.cpuUsage(began).user < 5_000_000)
  })
})

test('what is no report says so', async () => {
  for (const text of ['', 'hello', '{"a":1}'])
    assert.match((await readReport(text)).notes.join(), /is no report that can be read/)
})

test('colours and control characters are no part of names', async () => {
  const [[name] = []] = await short('ok 1 - \u001B[32mgreen\u001B[0m \u0007bell')
  assert.equal(name, 'green \u{FFFD}bell')
})

test('what failed before it passed is kept beside the pass', () => {
  const one = (name: string, outcome: 'passed' | 'failed') => ({ name, outcome, ms: 1, message: null })
  const first = [one('a', 'failed'), one('b', 'failed'), one('c', 'passed')]
  const second = [one('a', 'passed'), one('b', 'failed'), one('c', 'passed')]
  assert.deepEqual(ofBothAttempts(first, second), [one('a', 'failed'), ...second])
})

describe('reports in the folder of a job', () => {
  test('are found by pattern and masked; links out of it and pipes are not opened', async () => {
    const root = join(folder, 'job')
    const outside = join(folder, 'outside')
    mkdirSync(join(root, 'reports'), { recursive: true })
    mkdirSync(outside)
    const report = (name: string) => `<testsuite><testcase name="${name}"/></testsuite>`
    writeFileSync(join(outside, 'x.xml'), report('outside'))
    writeFileSync(join(root, 'reports', 'a.xml'), report('a'))
    writeFileSync(join(root, 'reports', 'b.xml'), report('has hunter2hunter in it'))
    symlinkSync(join(outside, 'x.xml'), join(root, 'reports', 'c.xml'))
    symlinkSync(outside, join(root, 'linked'))
    execFileSync('mkfifo', [join(root, 'reports', 'd.xml')])
    const patterns = ['reports/*.xml', 'linked/x.xml', 'none.xml', '../outside/x.xml']
    const { tests, notes } = await collectReports(root, { patterns, mask: makeMask(['hunter2hunter']) })
    assert.deepEqual(
      tests.map(({ name }) => name),
      ['a', 'has [secret] in it'],
    )
    assert.deepEqual(notes, [
      'reports/c.xml leads out of the folder of the job',
      'reports/d.xml is no file',
      'linked/x.xml leads out of the folder of the job',
      'none.xml: there is no such file',
      '../outside/x.xml leads out of the folder of the job',
    ])
  })
})
