import type { Socket } from 'node:net'

export type LaneOptions = Readonly<{
  delayMs: number
  /** On the clock of performance.now: nothing that was sent earlier counts as sent earlier. */
  notBefore: number
  count: (bytes: number) => void
}>

/** One direction of a connection: what comes from one socket goes to the other, later, in the same order. */
export type Lane = Readonly<{ setFrozen: (frozen: boolean) => void; close: () => void }>

type Parcel = Readonly<{ dueAt: number; bytes: Buffer | 'end' }>

// What is under way in one direction; beyond it the sender has to wait, as it would for a full TCP window.
const MAX_BYTES_UNDER_WAY = 4 * 1024 * 1024

export function openLane(from: Socket, to: Socket, { delayMs, notBefore, count }: LaneOptions): Lane {
  const underWay: Parcel[] = []
  let bytesUnderWay = 0
  let isFrozen = false
  let timer: NodeJS.Timeout | undefined

  const take = (bytes: Buffer | 'end'): void => {
    underWay.push({ dueAt: Math.max(performance.now(), notBefore) + delayMs, bytes })
    bytesUnderWay += bytes.length
    if (bytesUnderWay > MAX_BYTES_UNDER_WAY) from.pause()
    schedule()
  }

  const schedule = (): void => {
    const first = underWay[0]
    if (timer || isFrozen || !first) return
    timer = setTimeout(deliver, Math.max(0, first.dueAt - performance.now()))
  }

  const deliver = (): void => {
    timer = undefined
    const now = performance.now()
    for (let first = underWay[0]; first && first.dueAt <= now && !to.writableNeedDrain; first = underWay[0]) {
      underWay.shift()
      bytesUnderWay -= first.bytes.length
      hand(first.bytes)
    }
    if (!isFrozen && bytesUnderWay <= MAX_BYTES_UNDER_WAY) from.resume()
    if (!to.writableNeedDrain) schedule()
  }

  const hand = (bytes: Buffer | 'end'): void => {
    if (to.destroyed) return
    if (bytes === 'end') return void to.end()
    to.write(bytes)
    count(bytes.length)
  }

  from.on('data', take)
  from.on('end', () => take('end'))
  to.on('drain', schedule)
  const stop = (): void => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    setFrozen: (frozen) => {
      isFrozen = frozen
      if (frozen) {
        stop()
        from.pause()
      } else {
        from.resume()
        schedule()
      }
    },
    close: () => {
      stop()
      underWay.length = 0
    },
  }
}
