import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { networkStreams } from '../sandbox/sandbox.ts'
import { signal } from './descendants.ts'

const program = 'slirp4netns'
const ownerScript = join(import.meta.dirname, 'own-network.pl')
const errKeptBytes = 2_048

/** The streams of a sandbox that waits for its network, in the places that `networkStreams` names. */
export const streamsOfNetwork = ['pipe', 'pipe', 'pipe'] as const

/** The network of one sandbox: it goes out through a process of ours, and reaches no loopback but its own. */
export type OwnNetwork = Readonly<{
  /** Why there is none; the sandbox has been ended for it. */
  trouble: () => string | null
  close: () => void
}>

/** Gives a sandbox its network, and lets it begin when that is there. */
export function openOwnNetwork(sandbox: ChildProcess): OwnNetwork {
  const streams: readonly (Readable | Writable | null | undefined)[] = sandbox.stdio
  const [info, asks] = [streams[networkStreams.info] as Readable, streams[networkStreams.asks] as Readable]
  const answers = streams[networkStreams.answers] as Writable
  let trouble: string | null = null
  let way: ChildProcess | null = null
  let told = ''
  let isAsked = false
  const fail = (why: string): void => {
    trouble ??= why
    if (sandbox.pid !== undefined) signal(sandbox.pid, 'SIGKILL')
  }
  const look = (): void => {
    const pid = /"child-pid": (\d+)/.exec(told)?.[1]
    if (isAsked && pid !== undefined) way ??= startWay(pid, () => answers.end('\n'), fail)
  }
  for (const stream of [info, asks, answers]) stream.on('error', () => undefined)
  info.setEncoding('utf8').on('data', (text: string) => {
    told += text
    look()
  })
  asks.once('data', () => {
    isAsked = true
    look()
  })
  return {
    trouble: () => trouble,
    // It ends when what it was given to hold is let go: also when we are killed.
    close: () => void (way?.stdio[4] as Writable | undefined)?.destroy(),
  }
}

function startWay(pid: string, ready: () => void, failed: (why: string) => void): ChildProcess {
  const own = ['--configure', '--mtu=65520', '--disable-host-loopback', '--enable-seccomp']
  const words = [...own, '--ready-fd=3', '--exit-fd=4', pid, 'tap0']
  // Root's walls are no user namespace, and what carries their packets shuts itself in.
  const isRoot = process.getuid?.() === 0
  const [first = '', ...rest] = isRoot
    ? [program, '--enable-sandbox', ...words]
    : ['perl', ownerScript, pid, program, ...words]
  const way = spawn(first, rest, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  })
  let err = ''
  let isReady = false
  way.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err = (err + text).slice(-errKeptBytes)
  })
  way.stdio[3]?.once('data', () => {
    isReady = true
    ready()
  })
  way.stdio[4]?.on('error', () => undefined)
  way.once('error', (thrown) => failed(thrown.message))
  way.once('exit', () => {
    if (!isReady) failed(`${program}: ${err.trim().split('\n').at(-1) ?? ''}`)
  })
  return way
}
