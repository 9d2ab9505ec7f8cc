import { setTimeout as pause } from 'node:timers/promises'
import { isOver } from '../../src/change/status.ts'
import type { Team } from '../team/team.ts'

const quietLookMs = 100
const quietLimitMs = 120_000

/** Waits until nothing is open and no host is left behind. Resolves to null, or to what is still open. */
export async function untilQuiet(team: Team): Promise<string | null> {
  const deadline = performance.now() + quietLimitMs
  for (;;) {
    const open = await openIn(team).catch((thrown: unknown) => String(thrown))
    if (open === null || performance.now() > deadline) return open
    await pause(quietLookMs)
  }
}

async function openIn(team: Team): Promise<string | null> {
  const client = team.client()
  const { changes } = await client.call('GET /api/changes', { query: { limit: 10 } })
  const open = changes.find(({ status }) => !isOver(status) || status === 'stuck')
  if (open !== undefined) return `${open.id} is ${open.status}: ${open.trouble?.what ?? ''}`
  const { hosts } = await client.call('GET /api/status')
  const fenced = hosts.find((host) => host.fenced !== null)
  return fenced === undefined ? null : `${fenced.host} is fenced: ${fenced.fenced?.why ?? ''}`
}
