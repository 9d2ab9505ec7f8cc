import { crc32, deflateSync } from 'node:zlib'
import { eachDot, letterHeight, letterWidth } from './letters.ts'

/** A picture in few colours, each named by its place in the list. */
export type Picture = Readonly<{
  width: number
  height: number
  dot: (x: number, y: number, ink: number) => void
  line: (from: Point, to: Point, ink: number) => void
  /** Text whose left upper corner is there, twice the size of its dots. */
  text: (text: string, at: Point, ink: number) => void
  png: () => Uint8Array
}>

export type Point = Readonly<{ x: number; y: number }>

export type Colour = readonly [number, number, number]

const textScale = 2
export const textHeight = letterHeight * textScale
export const textWidth = (text: string): number => Array.from(text).length * letterWidth * textScale

export function makePicture(width: number, height: number, colours: readonly Colour[]): Picture {
  const pixels = new Uint8Array(width * height)
  const dot = (x: number, y: number, ink: number): void => {
    if (x >= 0 && y >= 0 && x < width && y < height) pixels[y * width + x] = ink
  }
  return {
    width,
    height,
    dot,
    line: (from, to, ink) => {
      const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1)
      for (let step = 0; step <= steps; step += 1) {
        const x = Math.round(from.x + ((to.x - from.x) * step) / steps)
        const y = Math.round(from.y + ((to.y - from.y) * step) / steps)
        dot(x, y, ink)
      }
    },
    text: (text, at, ink) =>
      eachDot(text, (x, y) => {
        for (let across = 0; across < textScale; across += 1)
          for (let down = 0; down < textScale; down += 1)
            dot(at.x + x * textScale + across, at.y + y * textScale + down, ink)
      }),
    png: () => encode(pixels, { width, height }, colours),
  }
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** As the PNG specification says, with a palette and a byte for each pixel. */
function encode(
  pixels: Uint8Array,
  { width, height }: Readonly<{ width: number; height: number }>,
  colours: readonly Colour[],
): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  const [depth, palette] = [8, 3]
  header.set([depth, palette, 0, 0, 0], 8)
  // Each row begins with the number of its filter: none.
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y += 1)
    rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(colours.flat())),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
