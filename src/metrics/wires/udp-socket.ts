import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import type { WireConfig } from '../../config/metrics/wires.ts'

export type UdpSocket = Readonly<{
  port: number
  /** What the kernel holds while we are busy, as it counts what it was asked for. */
  receiveBufferBytes: number
  close: () => Promise<void>
}>

/** Listens for packets. Whoever takes one has to be done with it when it returns. */
export async function openUdp(
  { address, port, receiveBufferBytes }: WireConfig,
  take: (packet: Uint8Array) => void,
): Promise<UdpSocket> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  socket.bind({ address, port, exclusive: true })
  // Rejects with the error that comes instead.
  await once(socket, 'listening')
  socket.setRecvBufferSize(receiveBufferBytes)
  socket.on('message', take)
  return {
    port: socket.address().port,
    // The kernel gives itself as much again for what it keeps of each packet, and says both.
    receiveBufferBytes: socket.getRecvBufferSize() / 2,
    close: () => closed(socket),
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(resolve))
}

/** What people are told where the kernel gives less than it was asked for; null where it does not. */
export function smallBufferSaid(name: string, asked: number, given: number): string | null {
  if (given >= asked) return null
  return (
    `${name}: the kernel holds ${megabytes(given)} of packets for us, not ${megabytes(asked)}; a burst may be lost. ` +
    `allow more: echo net.core.rmem_max=${asked} > /etc/sysctl.d/50-tandem.conf && sysctl --system, and start the hub anew`
  )
}

const megabytes = (bytes: number): string => `${Number((bytes / 1024 / 1024).toFixed(1))} MiB`
