/** Internet addresses and ranges of them, of both versions. One of version 4 is `::ffff:a.b.c.d` within. */

const units = 8

/** Whether an address lies in one of the ranges; null when one is no range. Texts that are no address lie in none. */
export function networkTest(ranges: readonly string[]): ((text: string) => boolean) | null {
  const networks = ranges.map(networkOf)
  const known = networks.filter((network) => network !== null)
  if (known.length < networks.length) return null
  const seen = new Uint16Array(units)
  return (text) => {
    if (!readAddress(text, seen)) return false
    for (const network of known) if (holds(network, seen)) return true
    return false
  }
}

type Network = Readonly<{ address: Uint16Array; mask: Uint16Array }>

function networkOf(range: string): Network | null {
  const [text = '', bits, more] = range.split('/')
  const address = new Uint16Array(units)
  if (more !== undefined || !readAddress(text, address)) return null
  const most = text.includes(':') ? 128 : 32
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity
  if (length > most) return null
  const mask = Uint16Array.from({ length: units }, (_, at) => {
    const ones = Math.min(16, Math.max(0, length + 128 - most - at * 16))
    return 0xffff << (16 - ones)
  })
  return { address, mask }
}

function holds({ address, mask }: Network, seen: Uint16Array): boolean {
  for (let at = 0; at < units; at += 1)
    if ((((seen[at] ?? 0) ^ (address[at] ?? 0)) & (mask[at] ?? 0)) !== 0) return false
  return true
}

/** Reads an address into eight units; false when it is none. Nothing is allocated. */
function readAddress(text: string, into: Uint16Array): boolean {
  if (text.length > 45) return false
  if (!text.includes(':')) {
    into.fill(0)
    into[5] = 0xffff
    return readDotted(text, 0, into, 6)
  }
  return readColons(text, into)
}

const colon = 0x3a
const dot = 0x2e

function readColons(text: string, into: Uint16Array): boolean {
  into.fill(0)
  let at = 0
  let count = 0
  let gap = -1
  if (text.startsWith('::')) {
    gap = 0
    at = 2
  }
  while (at < text.length) {
    if (count === units) return false
    const end = wordEnd(text, at)
    if (text.charCodeAt(end) === dot) {
      if (count > units - 2 || !readDotted(text, at, into, count)) return false
      count += 2
      break
    }
    const word = end - at >= 1 && end - at <= 4 ? hex(text, at, end) : -1
    if (word < 0) return false
    into[count] = word
    count += 1
    at = end
    if (at === text.length) break
    if (text.charCodeAt(at) !== colon || at + 1 === text.length) return false
    at += 1
    if (text.charCodeAt(at) !== colon) continue
    if (gap !== -1) return false
    gap = count
    at += 1
  }
  if (gap === -1) return count === units
  if (count === units) return false
  into.copyWithin(gap + units - count, gap, count)
  into.fill(0, gap, gap + units - count)
  return true
}

function wordEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) !== colon && text.charCodeAt(at) !== dot) at += 1
  return at
}

/** The number that hexadecimal digits say; -1 when one is none. */
function hex(text: string, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at += 1) {
    const unit = text.charCodeAt(at)
    const lower = unit | 0x20
    if (unit >= 48 && unit <= 57) number = number * 16 + unit - 48
    else if (lower >= 97 && lower <= 102) number = number * 16 + lower - 87
    else return -1
  }
  return number
}

/** Reads `a.b.c.d`, to the end of the text, into two units. Octets with a 0 before them are octal elsewhere: none. */
function readDotted(text: string, from: number, into: Uint16Array, unit: number): boolean {
  let at = from
  for (let octet = 0; octet < 4; octet += 1) {
    const began = at
    let number = 0
    while (at - began < 4 && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57)
      number = number * 10 + text.charCodeAt(at++) - 48
    const size = at - began
    if (size === 0 || number > 255 || (size > 1 && text.charCodeAt(began) === 48)) return false
    const place = unit + (octet >> 1)
    into[place] = octet % 2 === 0 ? number << 8 : (into[place] ?? 0) | number
    if (octet === 3) return at === text.length
    if (text.charCodeAt(at) !== dot) return false
    at += 1
  }
  return false
}
