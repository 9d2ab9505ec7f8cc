import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '../lines/fault.ts'
import { linesOf } from '../lines/lines-of.ts'
import { flushBytes } from '../lines/read-flushes.ts'
import { kernelDrops } from './kernel-drops.ts'
import { addOwnNumbers } from './own-numbers.ts'
import { openTcp } from './tcp-server.ts'
import { openUdp, smallBufferSaid } from './udp-socket.ts'
import type { Wire, WireName } from './wire.ts'

/** What a wire says to the outside. */
export type WireNews =
  | Readonly<{ type: 'listening'; wire: WireName; address: string; port: number }>
  | Readonly<{ type: 'flush'; wire: WireName; body: Uint8Array }>
  /** What people should know: what is wrong, where, and what to do. */
  | Readonly<{ type: 'warning'; wire: WireName; text: string }>
  | Readonly<{ type: 'bad'; wire: WireName; fault: Fault; line: string }>

export type Listening = Readonly<{
  /** Says all names again with the next flush: the last one did not arrive. */
  again: () => void
  /** Flushes once more, and ends. */
  close: () => Promise<void>
}>

type World = Readonly<{ now: () => number; say: (news: WireNews) => void }>

const triedAgainMs = 10_000

/** Listens by UDP and TCP until it is closed. A port that another holds is tried again. */
export function listen(wire: Wire, { now, say }: World): Listening {
  const ending = new AbortController()
  const done = run(wire, { now, say }, ending.signal)
  return {
    again: () => wire.outbox.sayAll(),
    close: () => {
      ending.abort()
      return done
    },
  }
}

async function run(wire: Wire, world: World, ending: AbortSignal): Promise<void> {
  for (let isTold = false; !ending.aborted; isTold = true) {
    try {
      const open = await openBoth(wire)
      await untilEnd(wire, open, { ...world, ending })
      return
    } catch (thrown) {
      const text = `${wire.name}: ${failureSaid(wire, thrown)}`
      if (!isTold) world.say({ type: 'warning', wire: wire.name, text })
      await waited(triedAgainMs, ending)
    }
  }
}

function failureSaid({ name, config }: Wire, thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException
  const where = `${config.address} port ${config.port}`
  const now = `look with \`ss -lunpt 'sport = :${config.port}'\`, or set metrics.${name}.listen in tandem.ts`
  if (code === 'EADDRINUSE') return `another program listens at ${where}; ${now}`
  if (code === 'EADDRNOTAVAIL')
    return `this machine has no address ${config.address}; set metrics.${name}.listen`
  return `cannot listen at ${where}: ${message}; ${now}`
}

type Open = Awaited<ReturnType<typeof openBoth>>

async function openBoth(wire: Wire) {
  const { config, faults } = wire
  const counts = { packets: 0, lines: 0 }
  const takeLine: Wire['takeLine'] = (bytes, from, to) => {
    counts.lines += 1
    wire.takeLine(bytes, from, to)
  }
  const udp = await openUdp(config, (packet) => {
    counts.packets += 1
    linesOf(packet, takeLine)
  })
  try {
    const tcp = await openTcp({ address: config.address, port: udp.port }, { takeLine, faults })
    return { udp, tcp, counts }
  } catch (thrown) {
    await udp.close()
    throw thrown
  }
}

async function untilEnd(
  wire: Wire,
  { udp, tcp, counts }: Open,
  { now, say, ending }: World & Readonly<{ ending: AbortSignal }>,
): Promise<void> {
  const { name, config, outbox, faults } = wire
  const { address } = config
  const { port, receiveBufferBytes } = udp
  say({ type: 'listening', wire: name, address, port })
  const small = smallBufferSaid(name, config.receiveBufferBytes, receiveBufferBytes)
  if (small !== null) say({ type: 'warning', wire: name, text: small })
  const flush = async () => {
    const dropped = await kernelDrops(address, port)
    const ms = now()
    wire.flush(ms)
    addOwnNumbers(wire, { ...counts, dropped, receiveBufferBytes, connections: tcp.connections() }, ms)
    say({ type: 'flush', wire: name, body: flushBytes(outbox.take()) })
    for (const { fault, line } of faults.takeExamples()) say({ type: 'bad', wire: name, fault, line })
  }
  const untilDue = () => waited(config.flushMs - (now() % config.flushMs), ending)
  for (await untilDue(); !ending.aborted; await untilDue()) await flush()
  await Promise.all([udp.close(), tcp.close()])
  await flush()
}

const waited = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch(() => undefined)
