import assert from 'node:assert/strict'
import type { Json } from '../../change/json.ts'
import { statusOf } from '../../change/status.ts'
import type { HubSide } from '../hub-side.ts'
import type { FlipWish } from '../wire/flags.ts'

/** Orders a flip as a person does, and waits until it is done. */
export async function flipAt(
  { side, idle }: Readonly<{ side: HubSide; idle: () => Promise<void> }>,
  wish: FlipWish,
): Promise<void> {
  const accepted = await side.accept('flip', wish as unknown as Json)
  const order = { ...accepted, kind: 'flip', who: 'ada', door: 'cli', why: '', reverts: null } as const
  const id = await side.propose(order)
  await idle()
  assert.equal(statusOf(await side.store.ledger.of(id)), 'done')
}
