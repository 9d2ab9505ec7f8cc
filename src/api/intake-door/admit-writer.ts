import type { IncomingMessage } from 'node:http'
import { type Trouble, TroubleError } from '../../change/trouble.ts'
import { holderOf, type World } from '../person/auth.ts'
import type { HubSide } from '../hub-side.ts'
import { RefusedError } from '../refused.ts'
import { saidSecret } from '../person/said-secret.ts'

/** Who may send samples; or why somebody may not. */
export type Writer = Readonly<{ sender: string }> | Readonly<{ status: number; trouble: Trouble }>

/** Whose token or key it is. Programs that know only of names and passwords have it as the password. */
export async function admitWriter(side: HubSide, world: World, request: IncomingMessage): Promise<Writer> {
  const secret = saidSecret(request.headers.authorization)
  if (secret === null) return { status: 401, trouble: strangerTrouble }
  const key = await side.writeKeys.check(secret)
  if (key !== null) return { sender: key.name }
  try {
    const { token, may } = await holderOf(side, secret, world.now())
    if (may === 'look') return { status: 403, trouble: lookTrouble(token.person) }
    return { sender: token.person }
  } catch (thrown) {
    if (thrown instanceof RefusedError) return { status: thrown.status, trouble: thrown.trouble }
    if (thrown instanceof TroubleError) return { status: 503, trouble: thrown.trouble }
    throw thrown
  }
}

const strangerTrouble: Trouble = {
  what: 'this request has neither key nor token',
  now: 'make a key with `tandem metrics key new NAME`, and send it as `Authorization: Bearer KEY` or as the password of any name',
}

const lookTrouble = (person: string): Trouble => ({
  what: `${person} may look, not send samples`,
  now: 'send them with a key: `tandem metrics key new NAME`',
})
