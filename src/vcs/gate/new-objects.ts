import { createInterface } from 'node:readline'
import { TroubleError } from '../../change/trouble.ts'
import { gitStream } from '../git.ts'

export type ObjectKind = 'commit' | 'tree' | 'blob' | 'tag'
export type NewObject = Readonly<{ hash: string; kind: ObjectKind; bytes: number }>

/** Where the objects of a push lie until it is taken. */
export type Quarantine = Readonly<{ repo: string; dir: string }>

const limitMs = 5 * 60_000

/** All objects that a push brings, also those that nothing in it reaches; null when there are more than `most`. */
export async function newObjects(
  { repo, dir }: Quarantine,
  most: number,
): Promise<readonly NewObject[] | null> {
  const running = gitStream(
    repo,
    [
      'cat-file',
      '--batch-all-objects',
      '--batch-check=%(objectname) %(objecttype) %(objectsize)',
      '--unordered',
    ],
    { env: { GIT_OBJECT_DIRECTORY: dir }, limitMs },
  )
  const objects: NewObject[] = []
  for await (const line of createInterface({ input: running.out })) {
    const [hash = '', kind = '', bytes = '0'] = line.split(' ')
    if (isKind(kind)) objects.push({ hash, kind, bytes: Number(bytes) })
    if (objects.length > most) {
      running.stop()
      running.out.destroy()
      return null
    }
  }
  const { code, err } = await running.ended
  if (code !== 0) throw unreadable(repo, err)
  return objects
}

const isKind = (kind: string): kind is ObjectKind =>
  kind === 'commit' || kind === 'tree' || kind === 'blob' || kind === 'tag'

/** The contents of these objects, one after the other. Nothing larger than the largest of them is ever held. */
export async function* contentsOf(
  { repo, dir }: Quarantine,
  objects: readonly NewObject[],
): AsyncGenerator<Readonly<{ object: NewObject; bytes: Buffer }>> {
  if (objects.length === 0) return
  const running = gitStream(repo, ['cat-file', '--batch', '--buffer'], {
    env: { GIT_OBJECT_DIRECTORY: dir, GIT_ALTERNATE_OBJECT_DIRECTORIES: `${repo}/objects` },
    input: objects.map(({ hash }) => `${hash}\n`).join(''),
    limitMs,
  })
  try {
    const read = reader(running.out)
    for (const object of objects) {
      const head = await read.line()
      if (head === null || !head.startsWith(`${object.hash} ${object.kind} ${object.bytes}`)) break
      const bytes = await read.bytes(object.bytes + 1)
      if (bytes === null) break
      yield { object, bytes: bytes.subarray(0, object.bytes) }
      if (object === objects.at(-1)) return
    }
    throw unreadable(repo, (await running.ended).err)
  } finally {
    running.stop()
    running.out.destroy()
  }
}

function unreadable(repo: string, err: string): TroubleError {
  return new TroubleError({
    what: 'cannot read what was pushed',
    where: repo,
    tail: err.trim().split('\n').slice(-3),
    now: 'push again; when it happens again, look at the repository with `git fsck`',
  })
}

type Reader = Readonly<{
  line: () => Promise<string | null>
  /** Exactly so many; null when the stream ends before. */
  bytes: (count: number) => Promise<Buffer | null>
}>

function reader(stream: AsyncIterable<Buffer>): Reader {
  const chunks = stream[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const take = (count: number): Buffer => {
    const taken = held.subarray(0, count)
    held = held.subarray(count)
    return taken
  }
  return {
    line: async () => {
      for (let end = held.indexOf(10); ; end = held.indexOf(10)) {
        if (end !== -1) return take(end + 1).toString('latin1', 0, end)
        const next = await chunks.next()
        if (next.done === true) return null
        held = Buffer.concat([held, next.value])
      }
    },
    bytes: async (count) => {
      if (held.length >= count) return take(count)
      const parts: Buffer[] = [held]
      let length = held.length
      while (length < count) {
        const next = await chunks.next()
        if (next.done === true) return null
        parts.push(next.value)
        length += next.value.length
      }
      held = Buffer.concat(parts)
      return take(count)
    },
  }
}
