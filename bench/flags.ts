import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { OpenFeature } from '@openfeature/server-sdk'
import { TandemProvider } from '../sdk/openfeature/server-provider.ts'
import { mustAgree, openPeers } from './flags/peers.ts'
import {
  type Asked,
  flagKeys,
  type FlagKey,
  makePeople,
  openHand,
  openNothing,
  openTandem,
  type Person,
} from './flags/work.ts'
import { median, rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom } from './lib/words.ts'

/** Nanoseconds of processor time for one answer, by system and flag. */
type Times = ReadonlyMap<string, Readonly<Record<FlagKey, number>>>

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { rounds: 15, ms: 25 })
  // Peers write to their log where this is not so.
  process.env['NODE_ENV'] = 'production'
  const people = makePeople()
  const tandem = openTandem(people)
  const peers = await openPeers(people)
  const systems = [tandem, openHand(people), ...peers]
  mustAgree(systems, people)
  console.log(load())
  const times = measure([openNothing(people), ...systems], people, asked)
  const openFeatureNs = await openFeatureTime(tandem, people, asked.rounds)
  const bytes = bytesPerAnswer()
  for (const { close } of systems) close()
  tell(times, openFeatureNs)
  console.log(load())
  console.log(JSON.stringify(figuresOf(times, peers, { openFeatureNs, bytes })))
}

/** Each system in turn, round after round, so that all of them see the same machine; the first round is not counted. */
function measure(
  systems: readonly Asked[],
  people: readonly Person[],
  { rounds, ms }: Readonly<{ rounds: number; ms: number }>,
): Times {
  const samples = new Map(
    systems.map(({ name }) => [name, { static: [], rule: [], segment: [] } as Record<FlagKey, number[]>]),
  )
  for (let round = 0; round <= rounds; round += 1)
    for (const key of flagKeys)
      for (const system of systems) {
        const ns = timeOf(system, key, people.length, ms)
        if (round > 0) samples.get(system.name)?.[key].push(ns)
      }
  const loop = samples.get('nothing')
  // What the loop costs by itself is nobody's.
  const own = (name: string, key: FlagKey): number =>
    median(samples.get(name)?.[key] ?? []) - median(loop?.[key] ?? [])
  return new Map(
    systems.map(({ name }) => [
      name,
      { static: own(name, 'static'), rule: own(name, 'rule'), segment: own(name, 'segment') },
    ]),
  )
}

/** Asks about all people until so many milliseconds of processor time are gone. */
function timeOf({ ask }: Asked, key: FlagKey, people: number, ms: number): number {
  let answers = 0
  let given = 0
  const before = process.cpuUsage()
  let usedUs = 0
  while (usedUs < ms * 1000) {
    for (let at = 0; at < people; at += 1) if (ask(key, at)) given += 1
    answers += people
    const { user, system } = process.cpuUsage(before)
    usedUs = user + system
  }
  if (given === 0) throw new Error(`nobody was given ${key}`)
  return (usedUs * 1000) / answers
}

/** What OpenFeature's client adds, with our provider beneath, to an answer of the rule. */
async function openFeatureTime(
  { flags }: ReturnType<typeof openTandem>,
  people: readonly Person[],
  rounds: number,
): Promise<number> {
  await OpenFeature.setProviderAndWait(new TandemProvider(flags))
  const client = OpenFeature.getClient()
  const samples: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const before = process.cpuUsage()
    for (const person of people) await client.getBooleanValue('rule', false, person)
    const { user, system } = process.cpuUsage(before)
    if (round > 0) samples.push(((user + system) * 1000) / people.length)
  }
  await OpenFeature.clearProviders()
  return median(samples)
}

function bytesPerAnswer(): number {
  const file = join(import.meta.dirname, 'flags/bytes.ts')
  // Nothing is collected while it counts.
  const argv = ['--min-semi-space-size=256', '--max-semi-space-size=256', file]
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the bytes could not be counted: ${stderr}`)
  const { answer, waste } = JSON.parse(stdout) as { answer: number; waste: number }
  console.log(`bytes for each answer: ${rounded(answer, 3)}; where each made an object: ${rounded(waste, 1)}`)
  if (waste < 10) throw new Error('the count of bytes did not see an object for each answer')
  return rounded(answer, 1)
}

function tell(times: Times, openFeatureNs: number): void {
  const [, ...systems] = [...times]
  console.log(
    table([
      ['ns of processor time for each answer', ...flagKeys],
      ...systems.map(([name, ns]) => [name, ...flagKeys.map((key) => rounded(ns[key], 1))]),
      ['tandem through OpenFeature', '', rounded(openFeatureNs, 1), ''],
    ]),
  )
}

function figuresOf(
  times: Times,
  peers: readonly Asked[],
  { openFeatureNs, bytes }: Readonly<{ openFeatureNs: number; bytes: number }>,
) {
  const ns = (name: string, key: FlagKey): number => times.get(name)?.[key] ?? Number.NaN
  const ratio = (name: string, key: FlagKey): number => ns(name, key) / ns('tandem', key)
  // Of all three flags the one where the best peer comes nearest.
  const nearest = flagKeys.map((key) => Math.min(...peers.map(({ name }) => ratio(name, key))))
  return {
    static_ns: rounded(ns('tandem', 'static'), 1),
    rule_ns: rounded(ns('tandem', 'rule'), 1),
    segment_ns: rounded(ns('tandem', 'segment'), 1),
    flagd_ratio: rounded(ratio('flagd-core', 'rule')),
    best_peer_ratio: rounded(Math.min(...nearest)),
    floor_ratio: rounded(1 / ratio('hand-written', 'rule')),
    openfeature_overhead_ns: rounded(openFeatureNs - ns('tandem', 'rule'), 0),
    alloc_bytes_per_eval: bytes,
  }
}

if (import.meta.main) await main()
