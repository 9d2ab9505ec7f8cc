import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Lowered } from '../recipe/resource.ts'
import { commandThing, fileThing, neededPackage, plain, rootScript, unitThing } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import type { PathWant, Thing } from '../things/thing.ts'
import { carryOut, type ModelHost, type ModelWorld } from './model-host.ts'
import type { Op } from './op.ts'
import { type HostPlan, planHost } from './plan-host.ts'
import { planRevert } from './plan-revert.ts'
import type { PathSeen, Seen } from './seen.ts'
import { digestOf, fileSeen, folderSeen, loweredOf, seenWith } from './try-plan.ts'

const trials = 200
const mostRounds = 4
const seed = Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000)

type Dice = Readonly<{
  below: (limit: number) => number
  pick: <T>(items: readonly T[]) => T
  half: () => boolean
}>

/** The mulberry32 generator: the same seed gives the same recipes. */
function diceFrom(start: number): Dice {
  let state = start
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    half: () => next() < 0.5,
  }
}

const folders = ['/srv/a', '/srv/a/b', '/etc/p1', '/home/u1']
const files = [
  '/srv/x',
  '/srv/a/x',
  '/srv/a/b/x',
  '/etc/p1/conf',
  '/home/u1/.rc',
  '/etc/systemd/system/w.service',
]
const texts = ['', 'one\n', 'one\ntwo', 'on\xe9\r\ntwo\r\n', '\x00\xff']
const users = ['u1', 'u2']
const brings: ModelWorld['brings'] = {
  p1: {
    paths: new Map([
      ['/etc/p1', folderSeen],
      ['/etc/p1/conf', fileSeen('from p1\n')],
    ]),
    unit: 'p1.service',
  },
}
/** What a package leaves when it is removed. */
const brought = (path: string): boolean => path.startsWith('/etc/p1')

function randomSeen(dice: Dice): Seen {
  const root: readonly (readonly [string, PathSeen])[] = [
    ['/srv', folderSeen],
    ['/etc', folderSeen],
    ['/home', folderSeen],
    ['/etc/systemd/system', folderSeen],
  ]
  const paths = new Map<string, PathSeen>(root)
  for (const path of [...folders, ...files]) paths.set(path, { type: 'missing' })
  for (const path of folders)
    if (dice.half() && isIn(paths, path))
      paths.set(path, { ...folderSeen, mode: dice.pick([0o755, 0o700]) } as PathSeen)
  for (const path of files) if (dice.half() && isIn(paths, path)) paths.set(path, randomFile(dice))
  for (const [path, what] of paths)
    if (what.type === 'directory')
      paths.set(path, {
        ...what,
        isEmpty: ![...paths].some(([one, { type }]) => one.startsWith(`${path}/`) && type !== 'missing'),
      })
  const hasUnit = paths.get('/etc/systemd/system/w.service')?.type === 'file'
  const unit = { load: 'not-found', active: 'inactive', file: '', needsReload: false }
  const there = dice.half()
    ? { load: 'loaded', active: 'active', file: 'enabled', needsReload: false }
    : { load: 'loaded', active: 'inactive', file: 'disabled', needsReload: false }
  return seenWith({
    paths,
    packages: new Map(
      ['p1', 'p2', 'p3'].map((name) => [
        name,
        name !== 'p1' && dice.half() ? { version: '1', held: dice.half(), arch: 'amd64' } : null,
      ]),
    ),
    users: new Map(users.map((name) => [name, null])),
    groups: new Map(
      [...users, 'g1'].map((name) => [name, name === 'g1' && dice.half() ? { gid: 500 } : null]),
    ),
    units: new Map([
      ['w.service', hasUnit ? there : unit],
      ['p1.service', unit],
    ]),
    checks: new Map(['c1', 'c2'].map((name) => [`command ${name}`, dice.below(2)])),
  })
}

function isIn(paths: ReadonlyMap<string, PathSeen>, path: string): boolean {
  return paths.get(path.slice(0, path.lastIndexOf('/')))?.type === 'directory'
}

function randomFile(dice: Dice): PathSeen {
  if (dice.below(5) === 0) return { type: 'link', to: '/dev/null', owner: 'root', group: 'root' }
  const bytes = Buffer.from(dice.pick(texts), 'latin1')
  return { ...fileSeen(''), ...fileOf(bytes), mode: dice.pick([0o644, 0o600]) } as PathSeen
}

function fileOf(bytes: Uint8Array): Readonly<{ bytes: Uint8Array; size: number; sha256: string }> {
  return { bytes, size: bytes.length, sha256: digestOf({ bytes, secrets: [] }) }
}

/** A recipe that names each thing at most once, but for edits. */
function randomRecipe(dice: Dice): readonly Lowered[] {
  // Most recipes make what their files need; the others find out what happens when they do not.
  const isWhole = dice.below(4) > 0
  const needed = isWhole ? [...folders, ...users, 'g1', 'p1', '/etc/systemd/system/w.service'] : []
  const makers: readonly (readonly [string, () => Thing])[] = [
    // What takes away what a package brings has to come after it, or it comes to rest at the second apply.
    ['p1', () => randomPackage(dice, 'p1')],
    ...folders.map(
      (path) =>
        [
          path,
          () =>
            pathThing(
              path,
              !isWhole && path.startsWith('/srv') && dice.below(3) === 0
                ? { type: 'absent', all: dice.half() }
                : { type: 'directory', ...access(dice) },
            ),
        ] as const,
    ),
    ...files.map((path) => [path, () => pathThing(path, randomWant(dice, isWhole))] as const),
    ...users.map((name) => [name, () => randomUser(dice, name)] as const),
    ...['p2', 'p3'].map((name) => [name, () => randomPackage(dice, name)] as const),
    [
      'w.service',
      () => unitThing('w.service', { running: dice.pick([true, false, null]), enabled: dice.half() }),
    ],
    ['p1.service', () => unitThing('p1.service', { running: true, enabled: dice.half() })],
    ...['c1', 'c2'].map(
      (name) =>
        [
          name,
          () =>
            commandThing({
              name,
              check: rootScript('true'),
              run: rootScript('do'),
              undo: rootScript('undo'),
            }),
        ] as const,
    ),
    [
      'g1',
      () => ({
        type: 'group',
        key: 'group g1',
        name: 'g1',
        owes: [],
        lockout: null,
        want: { type: 'present', gid: dice.pick([null, 600]), system: false },
      }),
    ],
  ]
  const chosen = makers
    .filter(([name]) => needed.includes(name) || dice.below(3) > 0)
    .map(([, make]) => make())
  const order = ['package', 'group', 'user', 'path', 'command', 'unit']
  const sorted = isWhole ? chosen.toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type)) : chosen
  return loweredOf(
    ...sorted.map((thing, number) => ({
      things: [
        dice.below(3) === 0
          ? {
              ...thing,
              owes: [
                dice.pick([
                  { type: 'restart', unit: 'w.service' },
                  { type: 'reload', unit: 'w.service' },
                  { type: 'units' },
                  { type: 'lists' },
                ] as const),
              ],
            }
          : thing,
      ],
      after: number > 0 && dice.below(3) === 0 ? [dice.below(number)] : [],
    })),
  )
}

function access(dice: Dice): Readonly<{ mode: number | null; owner: string | null; group: null }> {
  return { mode: dice.pick([null, 0o750, 0o755]), owner: dice.pick([null, null, 'u1']), group: null }
}

function randomWant(dice: Dice, isWhole: boolean): PathWant {
  const line = {
    type: 'line',
    line: dice.pick(['two', 'three']),
    replaces: dice.pick([null, '^t']),
    after: null,
  } as const
  const bytes = Buffer.from(dice.pick(texts), 'latin1')
  const file: PathWant = {
    type: 'file',
    content: { bytes, secrets: dice.below(3) === 0 ? ['s'] : [] },
    ...access(dice),
  }
  return dice.pick<PathWant>([
    file,
    {
      type: 'edited',
      create: isWhole || dice.half(),
      edits: [line, { type: 'block', begin: '#b', end: '#e', lines: 'x\ny' }],
      ...access(dice),
    },
    { type: 'link', to: dice.pick(['/dev/null', '/dev/zero']) },
    { type: 'absent', all: false },
  ])
}

function randomUser(dice: Dice, name: string): Thing {
  const groups = dice.half() ? { names: ['g1'], only: dice.half() } : null
  return {
    type: 'user',
    key: `user ${name}`,
    name,
    owes: [],
    lockout: null,
    want: {
      type: 'present',
      uid: dice.pick([null, 700]),
      group: null,
      home: null,
      shell: dice.pick([null, '/bin/sh']),
      comment: 'c',
      groups,
      system: dice.half(),
      password: null,
    },
  }
}

function randomPackage(dice: Dice, name: string): Thing {
  const want =
    dice.below(4) === 0 && name !== 'p1'
      ? ({ type: 'absent', purge: false } as const)
      : ({ type: 'installed', version: dice.pick([null, '3']) } as const)
  return { ...neededPackage(name, ''), key: `package ${name}`, want, hold: dice.pick([null, true, false]) }
}

const worldOf = (change: string, plan: HostPlan): ModelWorld => ({ change, bytes: plan.bytes, brings })

/** Plans and does, until nothing waits for what was done; what was done, in order. */
function applied(
  host: ModelHost,
  lowered: readonly Lowered[],
): Readonly<{ host: ModelHost; ops: readonly Op[] }> {
  let [now, left, done] = [host, lowered, [] as readonly Op[]]
  for (let round = 0; round < mostRounds && left.length > 0; round += 1) {
    const plan = planHost({
      host: 'h',
      lowered: left,
      seen: now.seen,
      digestOf,
      firstNumber: done.length + 1,
    })
    if (plan.troubles.length > 0) throw new Error(`nobody brought: ${plan.troubles[0]?.what}`)
    now = carryOut(now, plan.ops, worldOf('c1', plan))
    ;[left, done] = [plan.deferred, [...done, ...plan.ops]]
  }
  assert.deepEqual(left, [], 'something waits for ever')
  return { host: now, ops: done }
}

/** All of a host that a revert can bring back, folders without their emptiness: packages leave files behind. */
function essence({ seen }: ModelHost): unknown {
  const paths = [...seen.paths]
    .filter(([path, { type }]) => type !== 'missing' && !brought(path))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    paths: paths.map(([path, what]) => [path, what.type === 'directory' ? { ...what, isEmpty: null } : what]),
    packages: [...seen.packages],
    users: [...seen.users],
    groups: [...seen.groups].filter(([, group]) => group !== null),
    unit: { ...seen.units.get('w.service'), load: '', file: seen.units.get('w.service')?.file === 'enabled' },
  }
}

test('random recipes come to rest after one apply, and a revert brings back what was there', (t) => {
  let [tried, busy, refused] = [0, 0, 0]
  for (let trial = 0; trial < trials; trial += 1) {
    const dice = diceFrom(seed + trial)
    const start: ModelHost = { seen: randomSeen(dice), kept: new Map() }
    const lowered = randomRecipe(dice)
    const first = planHost({ host: 'h', lowered, seen: start.seen, digestOf })
    if (first.troubles.length > 0) continue
    const why = `TANDEM_SEED=${seed + trial} (1 trial)`
    tried += 1
    try {
      const { host, ops } = applied(start, lowered)
      if (ops.length > 3) busy += 1
      assert.deepEqual(
        planHost({ host: 'h', lowered, seen: host.seen, digestOf }).ops,
        [],
        'it comes to rest',
      )
      assert.deepEqual([...host.seen.owed], [], 'every debt is paid')
      const back = planRevert({ host: 'h', change: 'c1', ops, seen: host.seen, digestOf, isForced: false })
      assert.deepEqual(back.troubles, [], 'nothing has moved')
      const reverted = carryOut(host, back.ops, worldOf('c2', back))
      assert.deepEqual(essence(reverted), essence(start), 'all is back')
    } catch (thrown) {
      // The plan left room for what packages may bring, and this one brought less or more.
      if (thrown instanceof Error && thrown.message.startsWith('nobody')) refused += 1
      else throw new Error(why, { cause: thrown })
    }
  }
  t.diagnostic(
    `TANDEM_SEED=${seed}: ${trials} recipes, ${tried} without a trouble, ${busy} of more than 3 operations, ${refused} refused by the host`,
  )
  assert.ok(refused < tried / 2, `${refused} of ${tried} were refused`)
  assert.ok(busy > trials / 20, `only ${busy} recipes did anything`)
})

test('files that nothing joins are planned alike in any order', () => {
  for (let trial = 0; trial < 100; trial += 1) {
    const dice = diceFrom(seed + trial)
    const seen = randomSeen(dice)
    const things = ['/srv/x', '/srv/y', '/srv/z'].map((path) =>
      fileThing({ path, content: plain(dice.pick(texts)) }),
    )
    const acts = (some: readonly Thing[]): readonly string[] =>
      planHost({ host: 'h', lowered: loweredOf(...some), seen, digestOf })
        .ops.map(({ act }) => JSON.stringify(act))
        .toSorted()
    assert.deepEqual(acts(things.toReversed()), acts(things), `TANDEM_SEED=${seed + trial}`)
  }
})
