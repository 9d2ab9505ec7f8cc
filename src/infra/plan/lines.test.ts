import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandThing, fileThing, neededPackage, plain, rootScript } from '../things/make.ts'
import type { Thing } from '../things/thing.ts'
import { foldNames } from './host-names.ts'
import { planLines, planTitle } from './lines.ts'
import { type HostPlan, planHost } from './plan-host.ts'
import type { PathSeen } from './seen.ts'
import { digestOf, fileSeen, folderSeen, loweredOf, seenWith } from './try-plan.ts'

const planOn = (host: string, text: string, there: PathSeen, more: readonly Thing[] = []): HostPlan => {
  const file = fileThing({ path: '/etc/motd', content: plain(text), owes: [{ type: 'lists' }] })
  const seen = seenWith({
    paths: new Map([
      ['/etc', folderSeen],
      ['/etc/motd', there],
    ]),
    packages: new Map([
      ['tree', null],
      ['curl', { version: '1', held: false, arch: 'amd64' }],
    ]),
  })
  return planHost({ host, lowered: loweredOf(file, neededPackage('curl', 'x'), ...more), seen, digestOf })
}

const hosts = Array.from({ length: 50 }, (_, index) => `web${index + 1}`)
const told = (plans: readonly HostPlan[]): readonly string[] =>
  planLines(plans).map(({ mark, text }) => mark + text)

test('what is the same on many hosts is told once, and what differs is told apart', () => {
  const always = commandThing({ name: 'touch it', check: null, run: rootScript(['touch', '/x']) })
  const plans = hosts.map((host) =>
    planOn(host, host === 'web7' ? 'seven\n' : 'hello\n', fileSeen('old\n'), host === 'web9' ? [always] : []),
  )
  assert.deepEqual(told(plans), [
    ' web1-web6, web8-web50:',
    '~  path /etc/motd (tandem.ts:1:1)',
    '-      old',
    '+      hello',
    ' web1-web50:',
    '~  lists (tandem.ts:1:1)',
    '       for path /etc/motd',
    ' web7:',
    '~  path /etc/motd (tandem.ts:1:1)',
    '-      old',
    '+      seven',
    ' web9:',
    '~  command touch it (tandem.ts:3:1)',
    '~      touch /x',
    '       not known yet: it is done at each apply, because it has no check',
    '       cannot be undone: what touch it does is not taken back: it has no `undo`',
    ' 51 to alter, 50 things owed on 50 hosts; 50 are as they should be',
  ])
  assert.equal(planTitle(plans, null), 'apply to web1-web50: 51 to alter, 50 things owed')
})

test('hosts with nothing to do are counted', () => {
  const plans = ['web1', 'web2'].map((host) => planOn(host, 'hello\n', fileSeen('hello\n')))
  assert.deepEqual(told(plans), [' nothing to do on 2 hosts; 4 are as they should be'])
  assert.equal(planTitle(plans, null), 'apply to web1, web2: nothing to do')
})

test('names of hosts are folded where their numbers follow each other', () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[], ''],
    [['db'], 'db'],
    [['web1', 'web2'], 'web1, web2'],
    [['web1', 'web2', 'web3', 'db'], 'web1-web3, db'],
    [['web08', 'web09', 'web10'], 'web08-web10'],
    [['web8', 'web9', 'web10'], 'web8-web10'],
    [['web1', 'web3', 'web5'], 'web1, web3, web5'],
    [['a1.eu', 'a2.eu', 'a3.eu'], 'a1.eu, a2.eu, a3.eu'],
  ]
  for (const [names, text] of cases) assert.equal(foldNames(names), text)
})

test('what a resource writes beneath another name is told beneath its path', () => {
  const files = ['/etc/motd', '/etc/issue'].map((path) => fileThing({ path, content: plain(`${path}\n`) }))
  const paths = new Map([
    ['/etc', folderSeen],
    ['/etc/motd', fileSeen('old\n')],
    ['/etc/issue', fileSeen('old\n')],
  ])
  const seen = seenWith({ paths })
  const [one] = loweredOf(files)
  const plans = ['baseline debian', 'file /etc/motd'].map((id) => {
    const lowered = one === undefined ? [] : [{ ...one, resource: { ...one.resource, id } }]
    return told([planHost({ host: 'web1', lowered, seen, digestOf })]).slice(2, -1)
  })
  const issue = ['       /etc/issue', '-      old', '+      /etc/issue']
  const motd = ['-      old', '+      /etc/motd']
  assert.deepEqual(plans, [
    ['       /etc/motd', ...motd, ...issue],
    [...motd, ...issue],
  ])
})
