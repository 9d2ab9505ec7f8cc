import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { endianness } from 'node:os'

/** How many packets the kernel threw away because nobody had room for them; null where it does not say. */
export async function kernelDrops(address: string, port: number): Promise<number | null> {
  const file = isIPv6(address) ? '/proc/net/udp6' : '/proc/net/udp'
  // Only Linux has it.
  const table = await readFile(file, 'latin1').catch(() => '')
  return dropsIn(table, address, port)
}

/** Finds a socket in the table of the kernel; its last column counts what was dropped. */
export function dropsIn(table: string, address: string, port: number): number | null {
  const local = `${hexOf(address)}:${port.toString(16).padStart(4, '0')}`.toUpperCase()
  for (const line of table.split('\n')) {
    const columns = line.trim().split(/\s+/)
    const drops = columns.at(-1) ?? ''
    if (columns[1] === local && /^\d+$/.test(drops)) return Number(drops)
  }
  return null
}

/** As the kernel prints addresses: each four bytes as a number of this machine. */
function hexOf(address: string): string {
  const bytes = isIPv6(address) ? ipv6Bytes(address) : address.split('.').map(Number)
  const words: string[] = []
  for (let at = 0; at < bytes.length; at += 4) {
    const four = bytes.slice(at, at + 4)
    const ordered = endianness() === 'LE' ? four.toReversed() : four
    words.push(ordered.map((byte) => byte.toString(16).padStart(2, '0')).join(''))
  }
  return words.join('')
}

function ipv6Bytes(address: string): readonly number[] {
  // A URL writes an address in its one short form, also one with four decimal numbers at its end.
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]/`).hostname.slice(1, -1)
  const [head = '', tail] = short.split('::')
  const groups = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const [front, back] = [groups(head), groups(tail ?? '')]
  const middle = Array.from({ length: 8 - front.length - back.length }, () => 0)
  return [...front, ...middle, ...back].flatMap((group) => [group >> 8, group & 0xff])
}
