import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { TroubleError } from '../change/trouble.ts'

const limitMs = 10 * 60_000
const errKeptBytes = 4_096

/** Whose files they were is forgotten, and that a program would run as its owner too. */
const packing = [
  '--create',
  '--file=-',
  '--format=gnu',
  '--sort=name',
  '--numeric-owner',
  '--owner=0',
  '--group=0',
  '--mode=ug-s',
]
const unpacking = [
  '--extract',
  '--file=-',
  '--no-same-owner',
  '--preserve-permissions',
  '--delay-directory-restore',
]

/** Thrown when a folder is larger than it may be. */
export class TooLargeError extends Error {}

/** Packs all that is in a folder into a file that is not there yet, and gives its SHA-256 and its size. */
export async function packTree(
  folder: string,
  file: string,
  mostBytes: number,
): Promise<Readonly<{ sum: string; bytes: number }>> {
  const signal = AbortSignal.timeout(limitMs)
  const tar = start([...packing, '--directory', folder, '.'], signal)
  tar.stdin.end()
  const sum = createHash('sha256')
  let bytes = 0
  const counted = new Transform({
    transform: (chunk: Buffer, _, next) => {
      bytes += chunk.length
      sum.update(chunk)
      next(bytes > mostBytes ? new TooLargeError() : null, chunk)
    },
  })
  try {
    await pipeline(tar.stdout, counted, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
  } catch (thrown) {
    tar.kill('SIGKILL')
    throw thrown
  }
  await tar.ended
  await using written = await open(file, 'r')
  await written.sync()
  return { sum: sum.digest('hex'), bytes }
}

/** Unpacks such a file into a folder; false = its bytes are not those that were packed. */
export async function unpackTree(file: string, sum: string, into: string): Promise<boolean> {
  const tar = start([...unpacking, '--directory', into], AbortSignal.timeout(limitMs))
  tar.stdout.resume()
  const found = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    found.update(chunk as Buffer)
    // A tar that has seen its end reads no further: whether it was content with that, it says itself.
    if (tar.stdin.writable && !tar.stdin.write(chunk)) {
      const drained = once(tar.stdin, 'drain').catch(() => undefined)
      await Promise.race([drained, tar.closed])
    }
  }
  tar.stdin.end()
  const isWhole = found.digest('hex') === sum
  if (isWhole) await tar.ended
  else await tar.closed
  return isWhole
}

function start(words: readonly string[], signal: AbortSignal) {
  const { PATH = '/usr/bin:/bin' } = process.env
  const child = spawn('tar', words, { env: { PATH, LC_ALL: 'C' }, stdio: ['pipe', 'pipe', 'pipe'], signal })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (err.length < errKeptBytes) err += text
  })
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  const closed = ended.catch(() => undefined)
  child.once('error', reject)
  child.once('close', (code) => (code === 0 ? resolve() : reject(failed(words, err))))
  child.stdin.on('error', () => undefined)
  return Object.assign(child, { ended, closed })
}

const failed = (words: readonly string[], err: string): TroubleError =>
  new TroubleError({
    what: `tar did not ${words[0] === packing[0] ? 'pack' : 'unpack'} what it was given`,
    tail: err.trim().split('\n').slice(-5),
    now: 'see its lines above; is the disk of the hub full?',
  })
