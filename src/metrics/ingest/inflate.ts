import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { Unsnapper } from './snappy/decompress.ts'
import { TooLong, Unreadable } from './unreadable.ts'

/** What bodies may be packed with, as the header `content-encoding` says it. */
export const encodings = ['', 'identity', 'gzip', 'x-gzip', 'deflate', 'zstd', 'snappy'] as const

/**
 * A body as it was before it was packed; with the same `unsnapper` it is good until the next. No more room is taken than
 * the limit. Throws Unreadable, or TooLong for the limit.
 */
export function inflate(
  body: Uint8Array,
  encoding: string,
  { limitBytes, unsnapper = new Unsnapper() }: Readonly<{ limitBytes: number; unsnapper?: Unsnapper }>,
): Uint8Array {
  const known = encodings.find((each) => each === encoding.trim().toLowerCase())
  switch (known) {
    case '':
    case 'identity':
      if (body.length > limitBytes) throw new TooLong(body.length, limitBytes)
      return body
    case 'gzip':
    case 'x-gzip':
      return byZlib(gunzipSync, body, limitBytes)
    case 'deflate':
      return byZlib(inflateSync, body, limitBytes)
    case 'zstd':
      return byZlib(zstdDecompressSync, body, limitBytes)
    case 'snappy':
      return unsnapper.open(body, limitBytes)
    case undefined:
      throw new Unreadable(`the body is packed with ${JSON.stringify(encoding)}, which nobody opens here`)
  }
}

type Inflater = (body: Uint8Array, options: { maxOutputLength: number }) => Buffer

function byZlib(inflater: Inflater, body: Uint8Array, limitBytes: number): Uint8Array {
  try {
    return inflater(body, { maxOutputLength: limitBytes })
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new TooLong(null, limitBytes)
    if (!/^(Z_|ZSTD_|ERR_ZSTD|ERR_TRAILING_JUNK)/.test(code)) throw thrown
    throw new Unreadable(`the body cannot be unpacked: ${messageOf(thrown)}`, { cause: thrown })
  }
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
