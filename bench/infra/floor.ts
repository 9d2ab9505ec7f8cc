import type { LabHost } from '../../lab/host.ts'
import type { Connections, Sent } from '../floor/connections.ts'
import { checkText } from '../floor/check.ts'
import type { Wish } from '../wishes/wish.ts'

/** How long the hand-written check takes over all hosts, in milliseconds. Throws when a host is not as wished. */
export async function playFloor(
  connections: Connections,
  hosts: readonly LabHost[],
  wishes: readonly Wish[],
  atOnce: number,
): Promise<number> {
  const text = checkText(wishes)
  const began = performance.now()
  const sent = await connections.send(hosts, text, atOnce)
  const ms = performance.now() - began
  mustBeSame(hosts, sent)
  return ms
}

/** A floor that finds nothing because it looks at nothing would be too low. */
export function mustBeSame(hosts: readonly LabHost[], sent: readonly Sent[]): void {
  const other = sent.findIndex(({ code, out }) => code !== 0 || out !== 'same\n')
  if (other !== -1)
    throw new Error(`the check found ${hosts[other]?.name}: ${sent[other]?.code} ${sent[other]?.out}`)
}
