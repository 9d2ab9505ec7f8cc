const MAX_LINE_BYTES = 4096

/** Takes a chunked body apart; the returned function is true once the last chunk has ended. */
export function readChunked(onBody: (piece: Buffer) => void): (bytes: Buffer) => boolean {
  let line = ''
  let left = 0
  let place: 'size' | 'bytes' | 'after bytes' | 'trailer' | 'over' = 'size'

  const takeLine = (): void => {
    const text = line.trimEnd()
    line = ''
    if (place === 'after bytes') place = 'size'
    else if (place === 'trailer') place = text === '' ? 'over' : 'trailer'
    else {
      left = sizeOf(text)
      place = left === 0 ? 'trailer' : 'bytes'
    }
  }

  const takeBytes = (bytes: Buffer, from: number): number => {
    const to = Math.min(bytes.length, from + left)
    onBody(bytes.subarray(from, to))
    left -= to - from
    if (left === 0) place = 'after bytes'
    return to
  }

  const takeUntilLineEnd = (bytes: Buffer, from: number): number => {
    const end = bytes.indexOf(10, from)
    const to = end === -1 ? bytes.length : end + 1
    line += bytes.toString('latin1', from, to)
    if (line.length > MAX_LINE_BYTES) throw new Error(`a chunk header of more than ${MAX_LINE_BYTES} bytes`)
    if (end !== -1) takeLine()
    return to
  }

  return (bytes) => {
    let at = 0
    while (at < bytes.length && place !== 'over')
      at = place === 'bytes' ? takeBytes(bytes, at) : takeUntilLineEnd(bytes, at)
    if (at < bytes.length) throw new Error(`${bytes.length - at} bytes came after the end of the answer`)
    return place === 'over'
  }
}

function sizeOf(line: string): number {
  const size = /^([0-9a-f]{1,8})\s*(;.*)?$/i.exec(line)?.[1]
  if (size === undefined) throw new Error(`not a chunk size: ${JSON.stringify(line.slice(0, 40))}`)
  return Number.parseInt(size, 16)
}
