import { randomBytes } from 'node:crypto'
import type { Ending, Frame, HostAddress, Program, Remote } from '../../remote/remote.ts'
import { runToEnd } from '../../remote/run-to-end.ts'

/** A lab host, as far as a test that sends programs needs to know it. */
export type TryHost = Readonly<{ name: string; address: string; hostKey: string; keyFile: string }>

export function addressOf({ name, address, hostKey, keyFile }: TryHost): HostAddress {
  const key = hostKey.split(' ').slice(1).join(' ')
  const root = { kind: 'ssh', user: 'root', address, port: 22, sudo: 'no' } as const
  return { name, via: { ...root, hostKey: key, identityFile: keyFile } }
}

export type Sent = Readonly<{ script: string; frames?: readonly Frame[]; token?: number }>

type Ended = Promise<Readonly<{ lines: readonly string[]; ending: Ending }>>

/** Sends a program that changes something and follows it to its end. */
export function sendTo(remote: Remote, host: TryHost, sent: Sent): Ended {
  return runToEnd(remote.start(addressOf(host), programFor(sent)))
}

export function programFor({ script, frames = [], token = 1 }: Sent): Program {
  const id = `try-${randomBytes(6).toString('hex')}`
  return { id, script, frames, lease: { target: 'infra', token }, limitMs: 300_000, secrets: [] }
}

/** Sends a program that only looks. */
export function lookFrom(remote: Remote, host: TryHost, { script, frames = [] }: Sent): Ended {
  const id = `try-${randomBytes(6).toString('hex')}`
  return runToEnd(
    remote.look(addressOf(host), { id, script, frames, limitMs: 60_000, secrets: [], leavesNothing: true }),
  )
}
