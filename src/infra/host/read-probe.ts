import { TroubleError } from '../../change/trouble.ts'
import type { KnownHost, Seen } from '../plan/seen.ts'
import type { ProbeWants } from './probe-wants.ts'
import { readCandidates, readPackages } from './read-packages.ts'
import { readFacts } from './read-facts.ts'
import { readPaths } from './read-paths.ts'
import { readGroups, readHomes, readUsers } from './read-accounts.ts'
import { readUnits } from './read-units.ts'

/** What a probe told, by the word that each line began with, in order. */
export type Told = (word: string) => readonly string[]

export type ProbeTold = Readonly<{
  host: string
  wants: ProbeWants
  known: KnownHost | null
  mark: string
  lines: readonly string[]
}>

/** What was seen. Throws a TroubleError when the probe did not come to its end, or the host lacks what is needed. */
export async function readProbe({ host, wants, known, mark, lines }: ProbeTold): Promise<Seen> {
  const told = toldIn(lines, mark)
  if (told('end').length === 0) throw new TroubleError(incomplete(host, told('changed').length > 0))
  const { boot, facts } = readFacts(told, known)
  const needs = { host, wants, facts }
  return {
    boot,
    facts,
    paths: await readPaths(told, wants, host),
    packages: readPackages(told, needs),
    candidates: readCandidates(told),
    users: readUsers(told, wants.users),
    groups: readGroups(told, wants.groups),
    homes: readHomes(told, wants.homes),
    units: readUnits(told, needs),
    checks: readChecks(told, wants),
    owed: new Set(told('o')),
  }
}

/** Lines that do not begin with the mark are noise of the host. */
function toldIn(lines: readonly string[], mark: string): Told {
  const words = new Map<string, string[]>()
  for (const line of lines) {
    if (!line.startsWith(`@${mark} `)) continue
    const [word = '', ...rest] = line.slice(mark.length + 2).split(' ')
    const texts = words.get(word) ?? []
    texts.push(rest.join(' '))
    words.set(word, texts)
  }
  return (word) => words.get(word) ?? []
}

function incomplete(host: string, hasChanged: boolean): TroubleError['trouble'] {
  return {
    what: hasChanged
      ? `files on ${host} came and went while we looked at them`
      : `${host} did not answer in full`,
    host,
    now: 'look again; if it stays, see what the shell of root prints or limits there',
  }
}

function readChecks(told: Told, { checks }: ProbeWants): Seen['checks'] {
  const codes = new Map(
    told('c')
      .map((line) => line.split(' '))
      .map(([nth, code]) => [nth, code] as const),
  )
  return new Map(
    checks.map(({ key }, nth) => {
      const code = codes.get(String(nth))
      return [key, code === undefined ? null : Number(code)]
    }),
  )
}
