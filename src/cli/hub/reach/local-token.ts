import { join } from 'node:path'
import type { HubSide } from '../../../api/hub-side.ts'
import { TroubleError } from '../../../change/trouble.ts'
import type { World } from '../../world.ts'
import { readPrivate, textsIn, writePrivate } from './private-file.ts'

/** Tokens by person, for commands on the machine of the hub. Who can read this file can read the whole ledger too. */
const fileIn = (stateDir: string): string => join(stateDir, 'local-token')

/** Who we are to a hub on this machine: TANDEM_PERSON, or the name we are logged in by. */
export function localPerson(world: World): string {
  const named = world.env['TANDEM_PERSON']
  return named === undefined || named === '' ? world.user : named
}

export async function keptToken(stateDir: string, person: string): Promise<string | null> {
  return textsIn(await readPrivate(fileIn(stateDir)))[person] ?? null
}

/** A token that this hub takes for this person: the kept one, or a new one that is kept from now on. */
export async function localToken(side: HubSide, stateDir: string, world: World): Promise<string> {
  const person = localPerson(world)
  if (side.may(person) === null) {
    // Nobody is known while tandem.ts has a mistake: that is then what has to be told, and this throws it.
    await side.status()
    throw stranger(person)
  }
  const kept = await keptToken(stateDir, person)
  const known = kept === null ? null : await side.store.tokens.check(kept, world.now())
  if (kept !== null && known !== null && 'person' in known && known.person === person) return kept
  const { secret } = await side.store.tokens.create(person, 'commands on this machine', world.now(), null)
  const others = textsIn(await readPrivate(fileIn(stateDir)))
  await writePrivate(fileIn(stateDir), `${JSON.stringify({ ...others, [person]: secret }, null, 2)}\n`)
  return secret
}

const stranger = (person: string): TroubleError =>
  new TroubleError({
    what: `${person} is not in \`people\` of tandem.ts`,
    now: `add \`${person}: {}\` there, or say who you are with TANDEM_PERSON=NAME`,
  })
