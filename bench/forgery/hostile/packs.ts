import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

/** What is sent to `git-receive-pack` in place of what git would send, and what is wrong with it. */
export type HostilePack = Readonly<{ name: string; body: () => Buffer }>

const zeros = '0'.repeat(40)

/** One line as git frames it. */
const framed = (text: string): Buffer =>
  Buffer.from((Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text)
const flush = Buffer.from('0000')

const able = '\0 report-status side-band-64k object-format=sha1'

/** A wish to move a ref, and the pack that comes with it. */
const push = (hash: string, pack: Buffer, ref = 'refs/heads/main'): Buffer =>
  Buffer.concat([framed(`${zeros} ${hash} ${ref}${able}`), flush, pack])

const kinds = { commit: 1, tree: 2, blob: 3, tag: 4, nothing: 5, offset: 6, ref: 7 } as const
type Kind = keyof typeof kinds

/** The head of an object: its kind, and how long it says that it is. */
function head(kind: Kind, bytes: number): Buffer {
  const out = [(kinds[kind] << 4) | (bytes & 15)]
  for (let rest = Math.floor(bytes / 16); rest > 0; rest = Math.floor(rest / 128)) {
    out[out.length - 1] = (out.at(-1) ?? 0) | 128
    out.push(rest % 128)
  }
  return Buffer.from(out)
}

/** A number as deltas write it. */
function varint(value: number): Buffer {
  const out = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    out[out.length - 1] = (out.at(-1) ?? 0) | 128
    out.push(rest % 128)
  }
  return Buffer.from(out)
}

const entry = (kind: Kind, content: Buffer, before: Buffer = Buffer.alloc(0)): Buffer =>
  Buffer.concat([head(kind, content.length), before, deflateSync(content)])

function pack(objects: readonly Buffer[], count = objects.length): Buffer {
  const start = Buffer.alloc(12)
  start.write('PACK')
  start.writeUInt32BE(2, 4)
  start.writeUInt32BE(count, 8)
  const bytes = Buffer.concat([start, ...objects])
  return Buffer.concat([bytes, createHash('sha1').update(bytes).digest()])
}

const hashOf = (kind: Kind, content: Buffer): string =>
  createHash('sha1').update(`${kind} ${content.length}\0`).update(content).digest('hex')

const ada = 'Ada <ada@example.org> 1700000000 +0000'
const treeOf = (blob: string): Buffer => Buffer.concat([Buffer.from('100644 a\0'), Buffer.from(blob, 'hex')])
const commitOf = (tree: string): Buffer =>
  Buffer.from(`tree ${tree}\nauthor ${ada}\ncommitter ${ada}\n\nBe good\n`)

/** A whole and honest push of one file; what is hostile begins with it. */
function honest(blob: Buffer): Readonly<{ hash: string; objects: readonly Buffer[] }> {
  const tree = treeOf(hashOf('blob', blob))
  const commit = commitOf(hashOf('tree', tree))
  return { hash: hashOf('commit', commit), objects: [entry('commit', commit), entry('tree', tree)] }
}

const megabytes = 1024 * 1024
const mostCopied = 0xffffff

/** A delta that copies its base again and again: a few hundred bytes that are some gigabytes when they are unpacked. */
function bombs(times: number): readonly Buffer[] {
  const base = Buffer.alloc(16 * megabytes)
  const copy = Buffer.from([0x80 | 0x70, 0xff, 0xff, 0xff])
  const delta = Buffer.concat([
    varint(base.length),
    varint(times * mostCopied),
    ...Array.from({ length: times }, () => copy),
  ])
  return [entry('blob', base), entry('ref', delta, Buffer.from(hashOf('blob', base), 'hex'))]
}

const small = Buffer.from('a\n')
const good = honest(small)
const whole = pack([...good.objects, entry('blob', small)])

function flipped(bytes: Buffer, at: number): Buffer {
  const other = Buffer.from(bytes)
  other[at] = (other[at] ?? 0) ^ 0x55
  return other
}

/** A pack that is filled up to so many objects with blobs of nothing, so that it is kept as it is. */
const filled = (objects: readonly Buffer[]): Buffer =>
  pack([...objects, ...Array.from({ length: 120 }, (_, nth) => entry('blob', Buffer.from(`${nth}`)))])

export const packs: readonly HostilePack[] = [
  { name: 'a-pack-cut-off', body: () => push(good.hash, whole.subarray(0, whole.length - 30)) },
  { name: 'a-pack-of-nothing', body: () => push(good.hash, Buffer.alloc(0)) },
  { name: 'a-pack-with-a-wrong-sum', body: () => push(good.hash, flipped(whole, whole.length - 1)) },
  { name: 'a-pack-with-a-flipped-byte', body: () => push(good.hash, flipped(whole, 40)) },
  {
    name: 'a-pack-that-says-four-thousand-million',
    body: () => push(good.hash, pack(good.objects, 2 ** 32 - 1)),
  },
  { name: 'a-pack-of-another-version', body: () => push(good.hash, flipped(whole, 7)) },
  { name: 'a-pack-without-its-file', body: () => push(good.hash, pack(good.objects)) },
  {
    name: 'an-object-that-says-it-is-huge',
    body: () =>
      push(good.hash, pack([...good.objects, Buffer.concat([head('blob', 2 ** 50), deflateSync(small)])])),
  },
  {
    name: 'an-object-longer-than-it-says',
    body: () =>
      push(
        good.hash,
        pack([...good.objects, Buffer.concat([head('blob', 2), deflateSync(Buffer.alloc(90_000_000))])]),
      ),
  },
  {
    name: 'an-object-of-no-kind',
    body: () => push(good.hash, pack([...good.objects, entry('nothing', small)])),
  },
  {
    name: 'a-delta-of-itself',
    body: () => {
      const delta = Buffer.concat([varint(2), varint(2), Buffer.from([0x90, 0x02])])
      return push(
        good.hash,
        pack([...good.objects, entry('ref', delta, Buffer.from(hashOf('blob', small), 'hex'))]),
      )
    },
  },
  {
    name: 'a-delta-that-reaches-before-the-pack',
    body: () =>
      push(good.hash, pack([...good.objects, entry('offset', varint(2), Buffer.from([0xff, 0xff, 0x7f]))])),
  },
  {
    name: 'a-delta-that-copies-beyond-its-base',
    body: () => {
      const delta = Buffer.concat([varint(2), varint(99), Buffer.from([0x80 | 0x11, 0x01, 0x63])])
      const base = Buffer.from(hashOf('blob', small), 'hex')
      return push(good.hash, pack([...good.objects, entry('blob', small), entry('ref', delta, base)]))
    },
  },
  { name: 'a-delta-of-three-gigabytes', body: () => push(good.hash, pack([...good.objects, ...bombs(200)])) },
  {
    name: 'a-delta-of-three-gigabytes-among-many',
    body: () => push(good.hash, filled([...good.objects, ...bombs(200)])),
  },
  {
    name: 'a-branch-that-is-a-file',
    body: () => push(hashOf('blob', small), pack([entry('blob', small)])),
  },
  {
    name: 'a-tree-in-disorder',
    body: () => {
      const item = (name: string) =>
        Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(hashOf('blob', small), 'hex')])
      const tree = Buffer.concat(['b', 'a', 'a'].map(item))
      const commit = commitOf(hashOf('tree', tree))
      const objects = [entry('commit', commit), entry('tree', tree), entry('blob', small)]
      return push(hashOf('commit', commit), pack(objects))
    },
  },
  ...[
    'refs/heads/../../../hooks/x',
    'refs/heads/x.lock',
    'HEAD',
    'config',
    'refs/../config',
    '../x',
    'refs/heads/a\nend 0',
  ].map((ref, nth): HostilePack => ({
    name: `a-ref-that-is-no-ref-${nth}`,
    body: () => push(good.hash, whole, ref),
  })),
  { name: 'a-length-that-is-none', body: () => Buffer.from('zzzzx') },
  { name: 'a-line-that-does-not-end', body: () => Buffer.concat([Buffer.from('fff0'), Buffer.alloc(100)]) },
  {
    name: 'a-hundred-thousand-refs',
    body: () => {
      const lines = Array.from({ length: 100_000 }, (_, nth) =>
        framed(`${zeros} ${good.hash} refs/heads/r${nth}${nth === 0 ? able : ''}`),
      )
      return Buffer.concat([...lines, flush, whole])
    },
  },
]
