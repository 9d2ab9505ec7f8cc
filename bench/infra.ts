import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type Lab, openLab } from '../lab/lab.ts'
import { type Ansible, ansiblePackages, openAnsible } from './ansible/ansible.ts'
import { countSessions, hostCounts, mostBetween } from './deploy/host-counts.ts'
import { type Connections, openConnections } from './floor/connections.ts'
import { playFloor } from './infra/floor.ts'
import { forksDuring, openSshCounter } from './infra/host-cost.ts'
import { median, rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom } from './lib/words.ts'
import { mustBeDone, openTeam, type Team } from './team/team.ts'
import { recipeText } from './wishes/recipe-text.ts'
import { hundredWishes, usualWishes } from './wishes/usual.ts'
import type { Wish } from './wishes/wish.ts'

/** Each tool has things of its own, so that none undoes what the other did. */
const ours = usualWishes('/srv/tandem', 'ours')
const theirs = usualWishes('/srv/ansible', 'theirs')

type Bench = Readonly<{ lab: Lab; team: Team; ansible: Ansible; floor: Connections }>

/** Milliseconds of one round with nothing to do, connections open and closed. */
type Round = Readonly<Record<'warm' | 'floorWarm' | 'cold' | 'floorCold', number>>

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { hosts: 8, rounds: 7, firsts: 3, peers: 3 })
  const folder = await mkdtemp(join(tmpdir(), 'ti-'))
  await using lab = await openLab({ hosts: asked.hosts, packages: ansiblePackages, say: console.log })
  const floor = openConnections(lab, join(folder, 'f'))
  const ansible = await openAnsible(lab, join(folder, 'ansible'))
  const team = await openTeam(lab, join(folder, 'team'))
  const bench = { lab, team, ansible, floor }
  try {
    console.log(`${ansible.version}; ${asked.hosts} hosts, ${ours.length + 1} things each; ${load()}`)
    await team.write(new Map(lab.hosts.map(({ name }) => [name, recipeText(ours)])))
    await countSessions(lab)
    const firsts = await repeated(asked.firsts, () => playFirst(bench))
    const sessions = await mostSessions(bench)
    const rounds = await repeated(asked.rounds, () => playRound(bench))
    const peers = await repeated(asked.peers, () => playPeer(bench))
    const hundred = await hundredOf(bench, join(folder, 'counted'))
    tell(rounds, peers)
    console.log(load())
    console.log(JSON.stringify(figuresOf({ rounds, peers, firsts, sessions, hundred })))
  } finally {
    await floor.cool()
    await ansible.close()
    await team.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function repeated<T>(times: number, play: () => Promise<T>): Promise<readonly T[]> {
  const all: T[] = []
  for (let nth = 0; nth < times; nth++) all.push(await play())
  return all
}

/** Both make everything on hosts that have nothing of it; one after the other. */
async function playFirst({ lab, team, ansible }: Bench): Promise<Readonly<{ our: number; their: number }>> {
  await wipe(lab)
  await team.cool()
  const applied = await team.apply()
  mustBeDone(applied)
  const played = await ansible.play(new Map(lab.hosts.map(({ name }) => [name, theirs])), true)
  if (played.failed.length > 0) throw new Error(`ansible failed: ${played.failed.join('\n')}`)
  console.log(`first: tandem ${rounded(applied.ms / 1000)} s, ansible ${rounded(played.ms / 1000)} s`)
  return { our: applied.ms, their: played.ms }
}

const wiping = `rm -rf /srv/tandem /srv/ansible /etc/cron.d/*-nightly
for user in ours theirs; do ! getent passwd "$user" >/dev/null || userdel -r "$user" 2>/dev/null || exit; done`

async function wipe({ hosts }: Lab): Promise<void> {
  for (const host of hosts) {
    const { code, stderr } = await host.exec(['sh', '-c', wiping])
    if (code !== 0) throw new Error(`${host.name} is not wiped: ${stderr}`)
  }
}

type Sessions = Readonly<{ cold: number; again: number }>

/** What an apply with nothing to do opens on a host: when nothing stands open, and right after that, when its look does. */
async function mostSessions({ lab, team }: Bench): Promise<Sessions> {
  await team.cool()
  const before = await hostCounts(lab)
  mustBeDone(await team.apply())
  const between = await hostCounts(lab)
  mustBeDone(await team.apply())
  const after = await hostCounts(lab)
  return { cold: mostBetween(before, between).sessions, again: mostBetween(between, after).sessions }
}

/** Nothing to do: ours and the floor in turn, in the same state of their connections. */
async function playRound({ lab, team, floor }: Bench): Promise<Round> {
  const floorMs = (): Promise<number> => playFloor(floor, lab.hosts, ours, lab.hosts.length)
  const ourMs = async (): Promise<number> => mustBeDone(await team.apply()).ms
  await Promise.all([team.cool(), floor.cool()])
  const cold = await ourMs()
  const floorCold = await floorMs()
  const warm = await ourMs()
  const floorWarm = await floorMs()
  return { warm, floorWarm, cold, floorCold }
}

/** Nothing to do: ours, warm, and Ansible in turn. Its connections persist as ours do. */
async function playPeer({ lab, team, ansible }: Bench): Promise<Readonly<{ our: number; their: number }>> {
  const our = mustBeDone(await team.apply()).ms
  const played = await ansible.play(new Map(lab.hosts.map(({ name }) => [name, theirs])), true)
  if (played.changed + played.failed.length > 0) throw new Error(`ansible found ${played.changed} to change`)
  console.log(`nothing to do: tandem ${rounded(our / 1000)} s, ansible ${rounded(played.ms / 1000)} s`)
  return { our, their: played.ms }
}

type Hundred = Readonly<{ forks: number; bytesUp: number; floorForks: number }>

/** What a hundred things that are as they should be cost one host, and the way to it. */
async function hundredOf({ lab, team, floor }: Bench, folder: string): Promise<Hundred> {
  const host = lab.host('h1')
  const wishes: readonly Wish[] = hundredWishes('/srv/hundred', 'many')
  await team.write(new Map([[host.name, recipeText(wishes)]]))
  mustBeDone(await team.apply([host.name]))
  const again = async (): Promise<unknown> => mustBeDone(await team.apply([host.name]))
  const forks = await forksDuring(host, 5, again)
  const hand = (): Promise<number> => playFloor(floor, [host], wishes, 1)
  await hand()
  const floorForks = await forksDuring(host, 5, hand)
  const counter = await openSshCounter(folder)
  await team.hub.stop()
  const path = process.env['PATH'] ?? ''
  process.env['PATH'] = `${counter.folder}${delimiter}${path}`
  try {
    await team.hub.start()
  } finally {
    process.env['PATH'] = path
  }
  await again()
  counter.taken()
  await again()
  return { forks, bytesUp: counter.taken(), floorForks }
}

type Pair = Readonly<{ our: number; their: number }>
type Measured = Readonly<{
  rounds: readonly Round[]
  peers: readonly Pair[]
  firsts: readonly Pair[]
  sessions: Sessions
  hundred: Hundred
}>

const middle = <Key extends string>(all: readonly Readonly<Record<Key, number>>[], key: Key): number =>
  median(all.map((one) => one[key])) / 1000

function tell(rounds: readonly Round[], peers: readonly Pair[]): void {
  const row = (name: string, s: number, than: number): readonly (string | number)[] => [
    name,
    rounded(s, 3),
    rounded(s / than),
  ]
  const [warm, cold] = [middle(rounds, 'warm'), middle(rounds, 'cold')]
  console.log(
    table([
      ['nothing to do', 's', 'times ours'],
      ['tandem, connections open', rounded(warm, 3), 1],
      row('by hand, connections open', middle(rounds, 'floorWarm'), warm),
      ['tandem, cold', rounded(cold, 3), 1],
      row('by hand, cold', middle(rounds, 'floorCold'), cold),
      row('ansible, connections open', middle(peers, 'their'), middle(peers, 'our')),
    ]),
  )
}

function figuresOf({ rounds, peers, firsts, sessions, hundred }: Measured) {
  const [cold, floorCold] = [middle(rounds, 'cold'), middle(rounds, 'floorCold')]
  const [warm, floorWarm] = [middle(rounds, 'warm'), middle(rounds, 'floorWarm')]
  return {
    tandem_noop_s: rounded(middle(peers, 'our'), 3),
    ansible_noop_s: rounded(middle(peers, 'their')),
    ratio: rounded(middle(peers, 'their') / middle(peers, 'our'), 1),
    floor_noop_s: rounded(floorCold, 3),
    floor_ratio: rounded(cold / floorCold),
    floor_warm_s: rounded(floorWarm, 3),
    floor_warm_ratio: rounded(warm / floorWarm),
    tandem_first_s: rounded(middle(firsts, 'our')),
    ansible_first_s: rounded(middle(firsts, 'their')),
    sessions: sessions.cold,
    sessions_again: sessions.again,
    forks_100: hundred.forks,
    floor_forks_100: hundred.floorForks,
    bytes_up_100: hundred.bytesUp,
  }
}

if (import.meta.main) await main()
