/** Dots of a letter of braille: two beside each other, four above. */
const across = 2
const down = 4
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const
const emptyBraille = 0x2800

/** A picture made of dots; each letter has the ink of who drew in it last. */
export type Canvas = Readonly<{
  width: number
  height: number
  /** Draws from the point before; both ends are dots, y from above. */
  line: (from: Dot, to: Dot, ink: number) => void
  /** Letters by rows; ink -1 where nothing was drawn. */
  rows: () => readonly (readonly Readonly<{ letter: string; ink: number }>[])[]
}>

export type Dot = Readonly<{ x: number; y: number }>

export function makeCanvas(columns: number, rows: number): Canvas {
  const masks = new Uint8Array(columns * rows)
  const inks = new Int16Array(columns * rows).fill(-1)
  const [width, height] = [columns * across, rows * down]
  const dot = (x: number, y: number, ink: number): void => {
    if (x < 0 || y < 0 || x >= width || y >= height) return
    const at = Math.floor(y / down) * columns + Math.floor(x / across)
    masks[at] = (masks[at] ?? 0) | (bits[y % down]?.[x % across] ?? 0)
    inks[at] = ink
  }
  return {
    width,
    height,
    line: (from, to, ink) => {
      const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1)
      for (let step = 0; step <= steps; step += 1)
        dot(
          Math.round(from.x + ((to.x - from.x) * step) / steps),
          Math.round(from.y + ((to.y - from.y) * step) / steps),
          ink,
        )
    },
    rows: () =>
      Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (_none, column) => {
          const at = row * columns + column
          const mask = masks[at] ?? 0
          return { letter: mask === 0 ? ' ' : String.fromCharCode(emptyBraille + mask), ink: inks[at] ?? -1 }
        }),
      ),
  }
}
