import { mkdtemp, rm } from 'node:fs/promises'
import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Lab, openLab } from '../lab/lab.ts'
import type { LabHost } from '../lab/host.ts'
import type { Random } from '../lab/random.ts'
import { watchCommandLines } from '../e2e/lab/watch-words.ts'
import type { Ended } from '../e2e/lab/trial.ts'
import type { Entry } from '../src/change/entry.ts'
import { killProgram } from './faults/strikes.ts'
import { untilQuiet } from './faults/quiet.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'
import { type Canary, drawCanary } from './secrets/canary.ts'
import { mayHold, recipeOf, type Scenario, scenarios } from './secrets/scenarios.ts'
import { type Trace, tracesIn, tracesInText } from './secrets/traces.ts'
import { openTeam, type Team } from './team/team.ts'

type Bench = Readonly<{ lab: Lab; team: Team; host: LabHost }>

type Played = Readonly<{
  scenario: Scenario
  status: string
  trouble: string
  leaks: readonly Trace[]
  isThere: boolean
}>

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { scenarios: scenarios.length, seed: 0 })
  const random = sourceOf(asked.seed)
  const folder = await mkdtemp(join(tmpdir(), 'ts-'))
  await using lab = await openLab({ hosts: 1, say: console.log })
  const team = await openTeam(lab, join(folder, 'team'))
  try {
    console.log(load())
    const played: Played[] = []
    for (const scenario of scenarios.slice(0, asked.scenarios)) {
      const one = await play({ lab, team, host: lab.host('h1') }, scenario, random)
      console.log(sayPlayed(one))
      played.push(one)
    }
    mustHaveBeenThere(played)
    console.log(
      table([
        ['scenarios', 'with the secret in its place at the end'],
        [played.length, played.filter(({ isThere }) => isThere).length],
      ]),
    )
    console.log(load())
    const leaks = played.reduce((sum, one) => sum + one.leaks.length, 0)
    console.log(JSON.stringify({ scenarios: played.length, leaks }))
  } finally {
    await team.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A secret that never arrived cannot leak on its way either. */
function mustHaveBeenThere(played: readonly Played[]): void {
  const missing = played.filter(({ scenario, isThere }) => scenario.mishap === 'nothing' && !isThere)
  const words = missing.map(({ scenario }) => `${scenario.number} (${scenario.place})`)
  if (words.length > 0)
    throw new Error(`nothing went wrong, and the secret did not arrive: ${words.join(', ')}`)
}

async function play(bench: Bench, scenario: Scenario, random: Random): Promise<Played> {
  const { team, host } = bench
  const canary = drawCanary(random, scenario.place === 'password')
  const began = Date.now()
  const heardBefore = team.follower.heard().length
  const watch = watchCommandLines(canary.forms[0]?.bytes.toString() ?? canary.value)
  const texts: [string, string][] = []
  const keep = async (words: readonly string[], typed?: string): Promise<void> => {
    const ran = await team.command(words, typed)
    texts.push([`tandem ${words.join(' ')}`, ran.out + ran.err])
  }
  await keep(['secret', 'set', scenario.secret, '--in', 'infra'], canary.value)
  await team.write(new Map([[host.name, recipeOf(scenario)]]))
  await keep(['plan', host.name])
  await keep(['plan', host.name, '--json'])
  await keep(['plan', host.name, '--program'])
  const ended = await carryOut(bench, scenario, keep, random)
  await keep(['plan', host.name])
  await keep(['drift', host.name, '--json'])
  if (ended !== null) await keep(['show', ended.id])
  const { found, read } = await watch.stop()
  if (read < 100) throw new Error(`only ${read} command lines were read`)
  texts.push(['the event stream', JSON.stringify(team.follower.heard().slice(heardBefore))])
  texts.push(['what the hub said', team.hub.said])
  texts.push(...(await logsOf(bench, ended)))
  const leaks = [
    ...found.map((line) => ({ where: `a command line: ${line}`, form: 'as it is' })),
    ...texts.flatMap(([where, text]) => tracesInText(where, text, canary)),
    ...tracesIn(tmpdir(), canary, began).map((trace) => at('here in the folder for temporary files', trace)),
    ...leaksOn(host, scenario, canary),
  ]
  const last = ended?.entries.findLast((entry) => 'trouble' in entry && entry.trouble !== null)
  const trouble = last === undefined ? '' : troubleOf(last)
  return {
    scenario,
    status: ended?.status ?? 'planned',
    trouble,
    leaks,
    isThere: isInPlace(host, scenario, canary),
  }
}

function troubleOf(entry: Entry): string {
  const said: unknown = 'trouble' in entry ? entry.trouble : null
  return typeof said === 'object' && said !== null && 'what' in said ? String(said.what) : String(said)
}

const at = (place: string, { where, form }: Trace): Trace => ({ where: `${place}: ${where}`, form })

type Keep = (words: readonly string[], typed?: string) => Promise<void>

async function carryOut(
  bench: Bench,
  { mishap }: Scenario,
  keep: Keep,
  random: Random,
): Promise<Ended | null> {
  const { team, host } = bench
  const struck = (strike: () => unknown, mend: () => unknown): Promise<Ended | null> =>
    strikeDuring(bench, { afterMs: 600 + random.next() * 2_000, strike, mend })
  switch (mishap) {
    case 'only planned':
      return null
    case 'nothing':
      await keep(['apply', host.name, '--yes'])
      return team.apply([host.name])
    case 'a step after it fails':
    case 'it is refused by its check':
      await keep(['apply', host.name, '--yes'])
      return team.apply([host.name])
    case 'the disk is full':
      return struck(
        () => host.fill(0),
        () => host.empty(),
      )
    case 'the cable is cut':
      return struck(
        () => host.cut(),
        () => host.mend(),
      )
    case 'the program is killed':
      return struck(
        () => killProgram(host),
        () => {},
      )
    case 'the hub is killed':
      return struck(
        () => team.hub.kill(),
        () => team.hub.start(),
      )
    case 'the host loses power':
      return struck(
        () => host.kill(),
        () => host.boot(),
      )
    case 'it is reverted': {
      const { id } = await team.apply([host.name])
      return team.revert(id)
    }
  }
}

type Struck = Readonly<{ afterMs: number; strike: () => unknown; mend: () => unknown }>

const downMs = 3_000

async function strikeDuring({ team, host }: Bench, { afterMs, strike, mend }: Struck): Promise<Ended | null> {
  const heardBefore = team.follower.heard().length
  void team.order([host.name]).catch(() => null)
  await pause(afterMs)
  await strike()
  await pause(downMs)
  await mend()
  const open = await untilQuiet(team)
  if (open !== null) console.log(`still open: ${open}`)
  const [first] = team.follower.heard().slice(heardBefore)
  return first === undefined ? null : team.ended(first.entry.change)
}

async function logsOf({ team, host }: Bench, ended: Ended | null): Promise<readonly [string, string][]> {
  const journal = await host.exec(['journalctl', '-o', 'export', '--no-pager'])
  const client = team.client()
  const status = JSON.stringify(await client.call('GET /api/status'))
  if (ended === null)
    return [
      ['the journal of the host', journal.stdout],
      ['the status', status],
    ]
  const params = { id: ended.id }
  const change = JSON.stringify(await client.call('GET /api/changes/:id', { params }))
  const log = JSON.stringify(await client.call('GET /api/changes/:id/log', { params }))
  return [
    ['the journal of the host', journal.stdout],
    ['the status', status],
    ['the change', change],
    ['the log of the change', log],
  ]
}

/** All that was ever altered on the host lies in one folder here; what is in its memory is seen through its process 1. */
function leaksOn(host: LabHost, scenario: Scenario, canary: Canary): readonly Trace[] {
  const onDisk = tracesIn(join(dirname(host.root), 'disk/upper'), canary).map(({ where, form }) => ({
    where: `/${where}`,
    form,
  }))
  const inMemory = ['run', 'dev/shm'].flatMap((folder) =>
    tracesIn(join(`/proc/${host.leader()}/root`, folder), canary).map(({ where, form }) => ({
      where: `/${folder}/${where}`,
      form,
    })),
  )
  const found = [...onDisk, ...inMemory].filter(({ where }) => !mayHold(scenario, where))
  return [...found.map((trace) => at(host.name, trace)), ...openFolders(host)]
}

/** What is kept for an undo may hold secrets, so nobody but root may look into it. */
function openFolders(host: LabHost): readonly Trace[] {
  const seen = statSync(join(host.root, 'var/lib/tandem/undo'), { throwIfNoEntry: false })
  return seen === undefined || (seen.mode & 0o077) === 0
    ? []
    : [{ where: `${host.name}: /var/lib/tandem/undo`, form: 'open to others than root' }]
}

function isInPlace(host: LabHost, scenario: Scenario, canary: Canary): boolean {
  const file = scenario.place === 'password' ? '/etc/shadow' : scenario.path
  return tracesIn(join(host.root, file), canary).length > 0
}

function sayPlayed({ scenario, status, trouble, leaks, isThere }: Played): string {
  const { number, place, mishap } = scenario
  const head = `${number}. ${place}, ${mishap}: ${status}${trouble === '' ? '' : ` (${trouble})`}${isThere ? ', in its place' : ''}`
  return [head, ...leaks.map(({ where, form }) => `   leak ${form}: ${where}`)].join('\n')
}

if (import.meta.main) await main()
