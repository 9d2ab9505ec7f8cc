import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, openLab } from '../lab/lab.ts'
import type { LabHost } from '../lab/host.ts'
import { type Connections, openConnections } from './floor/connections.ts'
import { playFloor } from './infra/floor.ts'
import { median, rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom } from './lib/words.ts'
import { mustBeDone, openTeam, type Team } from './team/team.ts'
import { recipeText } from './wishes/recipe-text.ts'
import { usualAccess, type Wish } from './wishes/wish.ts'

type Bench = Readonly<{ lab: Lab; team: Team; floor: Connections }>

/** Milliseconds of one round over the whole fleet, connections closed and open. */
type Round = Readonly<Record<'cold' | 'floorCold' | 'warm' | 'floorWarm', number>>

const marker = '/srv/fleet/mark'
const folders = 6
/** A hand would try whether few sessions at once or all of them are faster: the floor is the better of both. */
const fewAtOnce = 8

/** Twenty things of a host: seven folders, twelve files, and one file that says which round it is. */
function wishesOf(round: string): readonly Wish[] {
  const files = Array.from({ length: 12 }, (_, nth): Wish => ({
    sort: 'file',
    path: `/srv/fleet/folder-${nth % folders}/file-${nth}`,
    text: `setting ${nth} = on\n`.repeat(10),
    ...usualAccess,
  }))
  const dirs = Array.from({ length: folders }, (_, nth): Wish => ({
    sort: 'directory',
    path: `/srv/fleet/folder-${nth}`,
    ...usualAccess,
  }))
  return [
    { sort: 'directory', path: '/srv/fleet', ...usualAccess },
    ...dirs,
    ...files,
    { sort: 'file', path: marker, text: `${round}\n`, ...usualAccess },
  ]
}

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { hosts: 50, rounds: 7, absences: 3 })
  const folder = await mkdtemp(join(tmpdir(), 'tf-'))
  await using lab = await openLab({ hosts: asked.hosts, init: 'sshd', say: console.log })
  const floor = openConnections(lab, join(folder, 'f'))
  const team = await openTeam(lab, join(folder, 'team'))
  const bench = { lab, team, floor }
  try {
    console.log(`${asked.hosts} hosts, ${wishesOf('').length} things each; ${load()}`)
    await wishFor(bench, 'first')
    mustBeDone(await team.apply())
    const rounds: Round[] = []
    for (let nth = 0; nth < asked.rounds; nth++) rounds.push(await playRound(bench, 'first'))
    const absences: Absence[] = []
    for (let nth = 0; nth < asked.absences; nth++) absences.push(await playAbsence(bench, nth))
    tell(rounds, absences)
    console.log(load())
    console.log(JSON.stringify(figuresOf(rounds, absences)))
  } finally {
    await floor.cool()
    await team.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const wishFor = ({ lab, team }: Bench, round: string): Promise<void> =>
  team.write(new Map(lab.hosts.map(({ name }) => [name, recipeText(wishesOf(round))])))

/** Nothing to do on any host: ours and the floor in turn, in the same state of their connections. */
async function playRound({ lab, team, floor }: Bench, round: string): Promise<Round> {
  const wishes = wishesOf(round)
  const ourMs = async (): Promise<number> => mustBeDone(await team.apply()).ms
  await team.cool()
  const cold = await ourMs()
  const warm = await ourMs()
  let [floorCold, floorWarm] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (const atOnce of [fewAtOnce, lab.hosts.length]) {
    await floor.cool()
    floorCold = Math.min(floorCold, await playFloor(floor, lab.hosts, wishes, atOnce))
    floorWarm = Math.min(floorWarm, await playFloor(floor, lab.hosts, wishes, atOnce))
  }
  return { cold, floorCold, warm, floorWarm }
}

/** When the last living host had its file, in milliseconds from the order: with all alive, and with one cut off. */
type Absence = Readonly<{ allMs: number; withoutMs: number }>

async function playAbsence(bench: Bench, nth: number): Promise<Absence> {
  const { lab, team } = bench
  const dead = lab.host(`h${1 + (nth % lab.hosts.length)}`)
  const living = lab.hosts.filter((host) => host !== dead)
  const allMs = await lastArrival(bench, living, `all ${nth}`)
  await team.cool()
  dead.cut()
  try {
    await wishFor(bench, `without ${nth}`)
    const began = Date.now()
    await team.ended(await team.order())
    return { allMs, withoutMs: Math.max(...living.map((host) => arrivedAt(host))) - began }
  } finally {
    dead.mend()
    await untilHealed(bench, dead)
  }
}

async function lastArrival(bench: Bench, hosts: readonly LabHost[], round: string): Promise<number> {
  await wishFor(bench, round)
  await bench.team.cool()
  const began = Date.now()
  mustBeDone(await bench.team.apply())
  return Math.max(...hosts.map((host) => arrivedAt(host))) - began
}

/** The clock of every host is that of this machine. */
const arrivedAt = (host: LabHost): number => statSync(join(host.root, marker)).ctimeMs

const healedLimit = 30

/** A host that was away takes part again when a whole apply ends well. */
async function untilHealed({ team }: Bench, dead: LabHost): Promise<void> {
  for (let nth = 0; nth < healedLimit; nth++) {
    const { status } = await team.apply()
    const { hosts } = await team.client().call('GET /api/status')
    if (status === 'done' && hosts.every(({ fenced }) => fenced === null)) return
  }
  throw new Error(`${dead.name} was mended, and takes no part after ${healedLimit} applies`)
}

const middle = <Key extends string>(all: readonly Readonly<Record<Key, number>>[], key: Key): number =>
  median(all.map((one) => one[key])) / 1000

function tell(rounds: readonly Round[], absences: readonly Absence[]): void {
  const row = (name: string, key: keyof Round, floor: keyof Round): readonly (string | number)[] => [
    name,
    rounded(middle(rounds, key)),
    rounded(middle(rounds, floor)),
    rounded(middle(rounds, key) / middle(rounds, floor)),
  ]
  console.log(
    table([
      ['nothing to do', 'tandem s', 'by hand s', 'ratio'],
      row('cold', 'cold', 'floorCold'),
      row('connections open', 'warm', 'floorWarm'),
    ]),
  )
  console.log(
    table([
      ['last living host has its change', 's'],
      ['all alive', rounded(middle(absences, 'allMs'))],
      ['one cut off', rounded(middle(absences, 'withoutMs'))],
    ]),
  )
}

function figuresOf(rounds: readonly Round[], absences: readonly Absence[]) {
  const [cold, floorCold] = [middle(rounds, 'cold'), middle(rounds, 'floorCold')]
  const [warm, floorWarm] = [middle(rounds, 'warm'), middle(rounds, 'floorWarm')]
  const delays = absences.map(({ allMs, withoutMs }) => ({ ms: withoutMs - allMs }))
  return {
    cold_s: rounded(cold),
    cold_floor_s: rounded(floorCold),
    cold_ratio: rounded(cold / floorCold),
    warm_s: rounded(warm),
    warm_floor_s: rounded(floorWarm),
    warm_ratio: rounded(warm / floorWarm),
    dead_host_delay_s: rounded(middle(delays, 'ms')),
  }
}

if (import.meta.main) await main()
