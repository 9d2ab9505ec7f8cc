import { mkdtemp, rm } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, openLab } from '../lab/lab.ts'
import type { LabHost } from '../lab/host.ts'
import type { Ended } from '../e2e/lab/trial.ts'
import { ansiblePackages, openAnsible } from './ansible/ansible.ts'
import { rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import { differences, type Tree, treeOf } from './lib/tree.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'
import { type Case, drawCase } from './plan/cases.ts'
import { lay } from './plan/lay.ts'
import { homesOf, plannedOps, predicted } from './plan/predicted.ts'
import { openTeam, type Team } from './team/team.ts'
import { recipeText } from './wishes/recipe-text.ts'
import type { Wish } from './wishes/wish.ts'

/** A host of ours and one of Ansible's, which begin alike and are wished the same. */
type Lane = Readonly<{ our: LabHost; their: LabHost; cases: readonly Case[] }>

/** What went wrong with a case; null: nothing of that sort. */
type Judged = Readonly<{
  one: Case
  /** How many operations the plan had for it. */
  ops: number
  error: string | null
  mismatch: string | null
  peer: string | null
}>

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { cases: 200, pairs: 2, together: 10, seed: 0 })
  const random = sourceOf(asked.seed)
  const cases = Array.from({ length: asked.cases }, (_, nth) => drawCase(random, nth + 1))
  const folder = await mkdtemp(join(tmpdir(), 'tp-'))
  await using lab = await openLab({ hosts: 2 * asked.pairs, packages: ansiblePackages, say: console.log })
  const lanes = lanesOf(lab, cases)
  for (const { our, their, cases: own } of lanes)
    for (const host of [our, their]) for (const { old } of own) lay(host.root, old)
  const ansible = await openAnsible(lab, join(folder, 'ansible'))
  const team = await openTeam(lab, join(folder, 'team'))
  try {
    console.log(`${ansible.version}; ${cases.length} cases on ${asked.pairs} pairs of hosts; ${load()}`)
    const began = performance.now()
    const applied = await applyAll(team, lanes, asked.together)
    console.log(`tandem has applied all after ${rounded((performance.now() - began) / 1000)} s`)
    const wishes = new Map(
      lanes.map(({ their, cases: own }) => [their.name, inLayers(own.filter((one) => one.hasPeer))]),
    )
    const played = await ansible.play(wishes, false)
    console.log(`ansible has applied all after ${rounded(played.ms / 1000)} s`)
    const judged = applied.map((one) => withPeer(one, lanes, played.failed))
    tell(judged, played.failed)
    mustHavePlanned(judged)
    console.log(load())
    console.log(JSON.stringify(figuresOf(judged)))
  } finally {
    await ansible.close()
    await team.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function lanesOf(lab: Lab, cases: readonly Case[]): readonly Lane[] {
  const pairs = lab.hosts.length / 2
  return Array.from({ length: pairs }, (_, pair) => ({
    our: lab.host(`h${2 * pair + 1}`),
    their: lab.host(`h${2 * pair + 2}`),
    cases: cases.filter((_, nth) => nth % pairs === pair),
  }))
}

/** The first wishes of all cases, then the second ones …: of one sort after the other, for long loops in Ansible. */
function inLayers(cases: readonly Case[]): readonly Wish[] {
  const deepest = Math.max(0, ...cases.map(({ wishes }) => wishes.length))
  return Array.from({ length: deepest }, (_, nth) =>
    cases
      .flatMap(({ wishes }) => wishes.slice(nth, nth + 1))
      .toSorted((a, b) => a.sort.localeCompare(b.sort)),
  ).flat()
}

type Turn = ReadonlyMap<Lane, readonly Case[]>

/** Some cases of every lane in each change; those of a change that failed are tried again one by one. */
async function applyAll(team: Team, lanes: readonly Lane[], together: number): Promise<readonly Judged[]> {
  const judged: Judged[] = []
  const turns = Math.ceil(Math.max(...lanes.map(({ cases }) => cases.length)) / together)
  for (let turn = 0; turn < turns; turn++) {
    const now: Turn = new Map(
      lanes.map((lane) => [lane, lane.cases.slice(turn * together, (turn + 1) * together)]),
    )
    const outcome = await applyTurn(team, now)
    judged.push(...(outcome ?? (await oneByOne(team, now))))
  }
  return judged
}

async function oneByOne(team: Team, turn: Turn): Promise<readonly Judged[]> {
  const judged: Judged[] = []
  for (const [lane, cases] of turn) {
    for (const one of cases) {
      const alone = await applyTurn(team, new Map([[lane, [one]]]))
      judged.push(
        ...(alone ?? [{ one, ops: 0, error: 'the change did not end well', mismatch: null, peer: null }]),
      )
    }
  }
  return judged
}

/** Null when the change did not end well. */
async function applyTurn(team: Team, turn: Turn): Promise<readonly Judged[] | null> {
  await team.write(
    new Map(
      [...turn].map(([{ our }, cases]) => [our.name, cases.map(({ wishes }) => recipeText(wishes)).join('')]),
    ),
  )
  const names = [...turn.keys()].map(({ our }) => our.name)
  const before = new Map([...turn].map(([{ our }, cases]) => [our, treeOf(our.root, rootsOf(cases))]))
  const first = await team.apply(names)
  if (first.status !== 'done') {
    console.log(
      `${first.id} ended ${first.status}: ${JSON.stringify(first.entries.slice(-2)).slice(0, 2000)}`,
    )
    return null
  }
  const second = await team.apply(names)
  return [...turn].flatMap(([{ our }, cases]) =>
    cases.map((one) => judge(one, our, before.get(our) ?? new Map(), [first, second])),
  )
}

const rootsOf = (cases: readonly Case[]): readonly string[] => cases.map(({ root }) => root)

/** The host is as its plan said, and the next plan has nothing to do. */
function judge(one: Case, host: LabHost, before: Tree, [first, second]: readonly Ended[]): Judged {
  const ops = plannedOps(first?.entries ?? [], host.name)
  const homes = homesOf(ops)
  // What is in a home that was made here is the distribution's affair, but for what the plan itself names.
  const named = new Set(ops.flatMap(({ act }) => ('path' in act ? [act.path] : [])))
  const isOurs = (path: string): boolean =>
    isIn(one, path) &&
    (named.has(path) || !homes.some((home) => path === home || path.startsWith(`${home}/`)))
  const said = differences(only(predicted(before, ops), isOurs), only(treeOf(host.root, [one.root]), isOurs))
  const again = plannedOps(second?.entries ?? [], host.name).filter(
    ({ act }) => 'path' in act && isIn(one, act.path),
  )
  const mismatches = [...said, ...again.map(({ resource }) => `planned once more: ${resource}`)]
  const own = ops.filter(({ act }) => 'path' in act && isIn(one, act.path)).length
  return {
    one,
    ops: own,
    error: null,
    mismatch: mismatches.length === 0 ? null : mismatches.join('\n  '),
    peer: null,
  }
}

const isIn = ({ root }: Case, path: string): boolean => path === root || path.startsWith(`${root}/`)

const only = (tree: Tree, wanted: (path: string) => boolean): Tree =>
  new Map([...tree].filter(([path]) => wanted(path)))

function withPeer(judged: Judged, lanes: readonly Lane[], failed: readonly string[]): Judged {
  const { one } = judged
  const lane = lanes.find(({ cases }) => cases.includes(one))
  if (lane === undefined || judged.error !== null || !one.hasPeer || couldNot(one, failed)) return judged
  const [ours, theirs] = [treeOf(lane.our.root, [one.root]), treeOf(lane.their.root, [one.root])]
  const other = [...differences(ours, theirs), ...usersOf(one, lane)]
  return other.length === 0 ? judged : { ...judged, peer: other.join('\n  ') }
}

const couldNot = ({ root }: Case, failed: readonly string[]): boolean =>
  failed.some((line) => line.includes(`${root}/`) || line.includes(`${root}"`))

/** The lines of passwd of the users of a case, without their numbers. */
function usersOf({ wishes }: Case, { our, their }: Lane): readonly string[] {
  const names = wishes.flatMap((wish) => (wish.sort === 'user' ? [wish.name] : []))
  return names.flatMap((name) => {
    const [here, there] = [our, their].map((host) => passwdOf(host, name))
    return here === there ? [] : [`user ${name}: ${here} | ${there}`]
  })
}

function passwdOf(host: LabHost, name: string): string {
  const lines = readFileSync(join(host.root, 'etc/passwd'), 'utf8').split('\n')
  const [, , , , ...rest] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
  return rest.join(':')
}

function tell(judged: readonly Judged[], failed: readonly string[]): void {
  for (const { one, error, mismatch, peer } of judged) {
    if (error === null && mismatch === null && peer === null) continue
    console.log(`${one.name}: ${JSON.stringify(one.wishes).slice(0, 600)}`)
    if (error !== null) console.log(`  ${error}`)
    if (mismatch !== null) console.log(`  planned | there:\n  ${mismatch}`)
    if (peer !== null) console.log(`  tandem | ansible:\n  ${peer}`)
  }
  for (const line of failed.slice(0, 10)) console.log(`ansible could not: ${line}`)
  const sorts = Map.groupBy(
    judged.flatMap(({ one }) => one.wishes),
    ({ sort }) => sort,
  )
  console.log(table([['wishes', 'count'], ...[...sorts].map(([sort, all]) => [sort, all.length] as const)]))
}

/** A prediction out of no operations would agree with hosts to which nothing was done. */
function mustHavePlanned(judged: readonly Judged[]): void {
  const ops = judged.reduce((sum, one) => sum + one.ops, 0)
  console.log(`${ops} operations on paths were planned`)
  if (ops < judged.length) throw new Error('the plans had less than one operation for a case')
}

function figuresOf(judged: readonly Judged[]) {
  return {
    cases: judged.length,
    plan_errors: judged.filter(({ error }) => error !== null).length,
    plan_mismatches: judged.filter(({ mismatch }) => mismatch !== null).length,
    ansible_mismatches: judged.filter(({ peer }) => peer !== null).length,
  }
}

if (import.meta.main) await main()
