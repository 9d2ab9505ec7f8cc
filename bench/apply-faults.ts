import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Lab, openLab } from '../lab/lab.ts'
import type { Random } from '../lab/random.ts'
import { editedFile, type Generation, generationOf } from './faults/generation.ts'
import { leftoversOn, lookAt, lostRestart, notAs } from './faults/host-state.ts'
import { givePackages } from './faults/package-source.ts'
import { untilQuiet } from './faults/quiet.ts'
import { changesOn, drawStrike, mostSteps, untilStep } from './faults/strikes.ts'
import { tornIn } from './faults/verdict.ts'
import { median, percentile, rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import type { Tree } from './lib/tree.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'
import { mustBeDone, openTeam, type Team } from './team/team.ts'

type Bench = Readonly<{ lab: Lab; team: Team; random: Random; spanMs: number; steps: number }>

type Played = Readonly<{
  name: string
  /** What was struck was still at work. */
  hit: boolean
  status: string
  recoverMs: number
  torn: readonly string[]
  leftovers: readonly string[]
  lostRestarts: readonly string[]
  unconverged: readonly string[]
}>

const stepWaitMs = 10_000
const hearLimitMs = 10_000

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { trials: 300, hosts: 2, seed: 0 })
  const random = sourceOf(asked.seed)
  const folder = await mkdtemp(join(tmpdir(), 'ta-'))
  await using lab = await openLab({ hosts: asked.hosts, say: console.log })
  await givePackages(lab)
  for (const host of lab.hosts)
    await writeFile(join(host.root, editedFile), '# settings\ngeneration = none\n')
  const team = await openTeam(lab, join(folder, 'team'))
  try {
    const { spanMs, steps } = await usualSpan(lab, team)
    console.log(`an apply takes ${rounded(spanMs / 1000)} s here, in ${steps} operations; ${load()}`)
    const played: Played[] = []
    for (let nth = 1; nth <= asked.trials; nth++) {
      const one = await play({ lab, team, random, spanMs, steps }, generationOf(warmups + nth))
      console.log(`${nth}. ${sayPlayed(one)}`)
      played.push(one)
    }
    tell(played)
    console.log(load())
    console.log(JSON.stringify(figuresOf(played)))
  } finally {
    await team.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const warmups = 3

const wishFor = (lab: Lab, team: Team, { recipe, files }: Generation): Promise<void> =>
  team.write(new Map(lab.hosts.map(({ name }) => [name, recipe])), files)

/** How long an apply takes that nobody strikes, and how many operations it writes down on a host. */
async function usualSpan(lab: Lab, team: Team): Promise<Readonly<{ spanMs: number; steps: number }>> {
  const spans: number[] = []
  for (let number = 1; number <= warmups; number++) {
    await wishFor(lab, team, generationOf(number))
    spans.push(mustBeDone(await team.apply()).ms)
  }
  const host = lab.host('h1')
  const steps = mostSteps(host)
  if (steps === 0) throw new Error('a host keeps nothing of what was before an apply: no step to strike at')
  const faults = await notAs(host, generationOf(warmups))
  if (faults.length > 0) throw new Error(`an apply that nobody struck left: ${faults.join('; ')}`)
  return { spanMs: median(spans.slice(1)), steps }
}

async function play(bench: Bench, generation: Generation): Promise<Played> {
  const { lab, team, random, spanMs } = bench
  const before = lab.hosts.map(lookAt)
  await wishFor(lab, team, generation)
  const host = random.pick(lab.hosts)
  const strike = drawStrike(team, host, random)
  const nthStep = random.next() < 0.5 ? random.between(1, bench.steps) : null
  const momentMs = random.next() * spanMs
  // Short absences heal by themselves; a long one outlives every patience of hosts and hub.
  const downMs = random.next() < 0.8 ? 200 + random.next() * 2_000 : 12_000 + random.next() * 6_000
  const known = new Set(changesOn(host))
  const heardBefore = team.follower.heard().length
  // An order that the hub did not live to answer may be in the ledger or not: both are right.
  void team.order().catch(() => null)
  if (nthStep === null) await pause(momentMs)
  else await untilStep(host, known, nthStep, stepWaitMs)
  const hit = await strike.strike()
  await pause(downMs)
  const began = performance.now()
  await strike.mend()
  const fault = await untilQuiet(team)
  const recoverMs = performance.now() - began
  const status = await statusHeard(team, heardBefore)
  const struck = lab.hosts.map(lookAt)
  const name = `${strike.name} ${nthStep === null ? `after ${momentMs.toFixed(0)} ms` : `at step ${nthStep}`}`
  const rest = await converge(bench, generation)
  const torn = lab.hosts.flatMap((each, index) =>
    tornIn({ before: treeAt(before, index), struck: treeAt(struck, index), after: lookAt(each) }, status),
  )
  const unconverged = [...(fault === null ? [] : [fault]), ...rest.unconverged]
  return { ...rest, name, hit, status, recoverMs, torn, unconverged }
}

const treeAt = (trees: readonly Tree[], index: number): Tree => trees[index] ?? new Map()

/** How the struck change ended, once the last of it was heard; `never` when it was not heard of at all. */
async function statusHeard(team: Team, heardBefore: number): Promise<string> {
  const [first] = team.follower.heard().slice(heardBefore)
  if (first === undefined) return 'never'
  return (await team.ended(first.entry.change, hearLimitMs)).status
}

/** The same wish once more must end well, make every host as wished, and leave nothing behind. */
async function converge(
  { lab, team }: Bench,
  generation: Generation,
): Promise<Pick<Played, 'leftovers' | 'lostRestarts' | 'unconverged'>> {
  const again = await team.apply().catch((thrown: unknown) => String(thrown))
  const ended =
    typeof again === 'string' ? [again] : again.status === 'done' ? [] : [`${again.id} is ${again.status}`]
  const other = await Promise.all(lab.hosts.map((host) => notAs(host, generation)))
  const left = await Promise.all(lab.hosts.map((host) => leftoversOn(host, generation)))
  const lost = lab.hosts.map(lostRestart).filter((fault) => fault !== null)
  return { unconverged: [...ended, ...other.flat()], leftovers: left.flat(), lostRestarts: lost }
}

const faultsOf = ({ torn, leftovers, lostRestarts, unconverged }: Played): readonly string[] => [
  ...torn.map((what) => `torn: ${what}`),
  ...leftovers.map((what) => `left over: ${what}`),
  ...lostRestarts.map((what) => `lost restart: ${what}`),
  ...unconverged.map((what) => `unconverged: ${what}`),
]

function sayPlayed(one: Played): string {
  const faults = faultsOf(one).slice(0, 20)
  const head = `${one.name}${one.hit ? '' : ' (nothing was there to strike)'}: ${one.status}`
  return [`${head}, quiet after ${rounded(one.recoverMs / 1000)} s`, ...faults].join('\n   ')
}

function tell(played: readonly Played[]): void {
  const sortOf = ({ name }: Played): string => name.replace(/ (?:of|on) h\d.*| (?:after|at step) \d.*/, '')
  const rows = [...Map.groupBy(played, sortOf)].map(([sort, all]): readonly (string | number)[] => [
    sort,
    all.length,
    all.filter(({ hit }) => hit).length,
    all.filter(({ status }) => status === 'done').length,
    all.filter((one) => faultsOf(one).length > 0).length,
    rounded(
      percentile(
        all.map(({ recoverMs }) => recoverMs / 1000),
        0.95,
      ),
    ),
  ])
  console.log(table([['strike', 'trials', 'hit', 'done', 'bad', 'quiet after s (p95)'], ...rows]))
}

function figuresOf(played: readonly Played[]) {
  const count = (isBad: (one: Played) => boolean): number => played.filter(isBad).length
  return {
    trials: played.length,
    torn: count(({ torn }) => torn.length > 0),
    leftovers: count(({ leftovers }) => leftovers.length > 0),
    lost_restarts: count(({ lostRestarts }) => lostRestarts.length > 0),
    unconverged: count(({ unconverged }) => unconverged.length > 0),
  }
}

if (import.meta.main) await main()
