import { setTimeout as pause } from 'node:timers/promises'
import type { Trial } from '../../e2e/lab/trial.ts'
import { isOver } from '../../src/change/status.ts'
import type { Entry } from '../../src/change/entry.ts'

const lookMs = 100
const changesLooked = 10

/** Waits until nothing is open and every host answers with what the ledger says. Resolves to null, or to why not. */
export async function untilConsistent(trial: Trial, limitMs: number): Promise<string | null> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const fault = await inconsistency(trial).catch((thrown: unknown) => String(thrown))
    if (fault === null || performance.now() > deadline) return fault
    await pause(lookMs)
  }
}

async function inconsistency(trial: Trial): Promise<string | null> {
  const client = trial.client()
  const { apps, lines } = await client.call('GET /api/status')
  const held = lines[0]
  if (held !== undefined) return `${held.target} is held by ${held.holder?.change ?? 'nobody'} and waited for`
  const { changes } = await client.call('GET /api/changes', { query: { limit: changesLooked } })
  const open = changes.find(({ status }) => !isOver(status) || status === 'stuck')
  if (open !== undefined) return `${open.id} is ${open.status}: ${open.trouble?.what ?? ''}`
  const app = apps[0]
  const fenced = app?.hosts.find((host) => host.fenced !== null)
  if (fenced !== undefined) return `${fenced.host} is fenced: ${fenced.fenced?.why ?? ''}`
  const answers = await trial.answers()
  const other = answers.find(({ status, release }) => status !== 200 || release !== app?.release)
  if (other === undefined) return null
  return `${other.host} answers ${other.status} ${other.release.slice(0, 7)}, the ledger says ${app?.release?.slice(0, 7) ?? 'nothing'}`
}

/** Entries that somebody was told of and that the ledger does not have, or has otherwise. */
export async function lostEntries(
  trial: Pick<Trial, 'client'>,
  told: readonly Entry[],
): Promise<readonly Entry[]> {
  const client = trial.client()
  const kept = new Map<number, string>()
  for (const id of new Set(told.map(({ change }) => change))) {
    const found = await client.call('GET /api/changes/:id', { params: { id } }).catch(() => null)
    for (const { seq, hash } of found?.entries ?? []) kept.set(seq, hash)
  }
  return told.filter(({ seq, hash }) => kept.get(seq) !== hash)
}
