import type { IncomingMessage } from 'node:http'

const longestMs = 60_000

/** The bytes of a body, or why there are none. */
export type TakenBody = Uint8Array<ArrayBuffer> | 'too long' | 'cut off' | 'no room'

/** How many bytes of bodies may be on their way here at a time. */
export type Room = { freeBytes: number }

/**
 * Reads a body into bytes of its own, which may be handed over to another thread. What is announced counts as taken at
 * once, so that many senders together cannot fill the memory either. What is left of a refused body is not read.
 */
export async function takeBody(request: IncomingMessage, limitBytes: number, room: Room): Promise<TakenBody> {
  const announced = Number(request.headers['content-length'] ?? Number.NaN)
  if (announced > limitBytes) return 'too long'
  let held = 0
  const hold = (bytes: number): boolean => {
    if (bytes > room.freeBytes) return false
    room.freeBytes -= bytes
    held += bytes
    return true
  }
  try {
    if (Number.isFinite(announced)) return hold(announced) ? await exactly(request, announced) : 'no room'
    return await upTo(request, limitBytes, hold)
  } finally {
    room.freeBytes += held
  }
}

/** HTTP itself sees to it that it is not more than was announced. */
function exactly(request: IncomingMessage, length: number): Promise<TakenBody> {
  const bytes = new Uint8Array(length)
  let at = 0
  const add = (piece: Buffer): null => {
    bytes.set(piece, at)
    at += piece.length
    return null
  }
  return gather(request, add, () => bytes)
}

function upTo(
  request: IncomingMessage,
  limitBytes: number,
  hold: (bytes: number) => boolean,
): Promise<TakenBody> {
  const pieces: Buffer[] = []
  let length = 0
  const add = (piece: Buffer): TakenBody | null => {
    length += piece.length
    if (length > limitBytes) return 'too long'
    if (!hold(piece.length)) return 'no room'
    pieces.push(piece)
    return null
  }
  return gather(request, add, () => {
    const bytes = new Uint8Array(length)
    let at = 0
    for (const piece of pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    return bytes
  })
}

function gather(
  request: IncomingMessage,
  add: (piece: Buffer) => TakenBody | null,
  whole: () => TakenBody,
): Promise<TakenBody> {
  return new Promise((resolve) => {
    let isDone = false
    const end = (body: TakenBody): void => {
      if (isDone) return
      isDone = true
      clearTimeout(timer)
      if (typeof body === 'string') request.pause().removeAllListeners('data')
      resolve(body)
    }
    const timer = setTimeout(() => end('cut off'), longestMs)
    request.on('data', (piece: Buffer) => {
      const fault = add(piece)
      if (fault !== null) end(fault)
    })
    request.once('end', () => end(whole()))
    request.once('error', () => end('cut off'))
    request.once('close', () => end('cut off'))
  })
}
