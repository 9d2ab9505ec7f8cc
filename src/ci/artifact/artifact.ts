import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, type ReadStream, type Stats } from 'node:fs'
import { lstat, open, readdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Pack } from 'tar-stream'
import { TroubleError } from '../../change/trouble.ts'
import { openArtifact } from '../kept/take.ts'
import type { Delta, Item, Manifest } from './manifest.ts'

/** An artifact on the hub's disk: `ID.tar`, named by its own SHA-256, and `ID.json`, what is in it. */
export type Artifact = Readonly<{ id: string; manifest: Manifest; bytes: number }>

/** Where artifacts lie, whoever made them. */
export const artifactDir = (stateDir: string): string => join(stateDir, 'releases')

const pathLimit = 200_000
/** Files up to this size are read in one piece, which is much faster for the many small ones. */
const wholeLimit = 1024 * 1024
/** How many are looked at and read at one time. */
const readAhead = 16

/**
 * Packs a folder into a tar whose bytes depend on names, contents and the execute bit alone: sorted, no times, no
 * owners. The same content gives the same id on every machine. `.git` is left out.
 */
export async function packFolder(folder: string, dir: string): Promise<Artifact> {
  const paths = (await walk(folder, '')).toSorted(byBytes)
  if (paths.length > pathLimit) {
    throw new TroubleError({
      what: `the release has ${paths.length} files; ${pathLimit} is the limit`,
      now: 'set build.output to the folder that is needed',
    })
  }
  const part = join(dir, `part-${process.pid}-${Math.random().toString(36).slice(2)}.tar`)
  const hash = createHash('sha256')
  const { pack } = await import('tar-stream')
  const tar = pack()
  tar.on('data', (chunk) => hash.update(chunk as Uint8Array))
  const written = pipeline(tar, createWriteStream(part))
  const filled = fill(tar, folder, paths)
  try {
    const [manifest] = await Promise.all([filled, written])
    const id = hash.digest('hex')
    const { size: bytes } = await lstat(part)
    await writeFile(join(dir, `${id}.json`), JSON.stringify(manifest))
    await syncFile(part)
    await rename(part, join(dir, `${id}.tar`))
    return { id, manifest, bytes }
  } catch (thrown) {
    await rm(part, { force: true })
    throw thrown
  }
}

async function walk(folder: string, under: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, under), { withFileTypes: true })
  const paths = await Promise.all(
    names
      .filter((name) => !(under === '' && name.name === '.git'))
      .map(async (name) => {
        const path = posix.join(under, name.name)
        if (!name.isDirectory()) return [path]
        const inside = await walk(folder, path)
        return inside.length === 0 ? [path] : inside
      }),
  )
  return paths.flat()
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

async function fill(tar: Pack, folder: string, paths: readonly string[]): Promise<Manifest> {
  const manifest: Item[] = []
  for (let from = 0; from < paths.length; from += readAhead) {
    const some = paths.slice(from, from + readAhead)
    const found = await Promise.all(some.map((path) => find(folder, path)))
    for (const one of found) manifest.push(await add(tar, one))
  }
  tar.finalize()
  return manifest
}

/** A path of the folder, with its bytes if it is a small file. */
type Found = Readonly<{ path: string; full: string; stat: Stats; content: Buffer | null }>

async function find(folder: string, path: string): Promise<Found> {
  const full = join(folder, path)
  const stat = await lstat(full)
  const content = stat.isFile() && stat.size <= wholeLimit ? await readFile(full) : null
  return { path, full, stat, content }
}

async function add(tar: Pack, { path, full, stat, content }: Found): Promise<Item> {
  if (stat.isSymbolicLink()) {
    const to = await readlink(full)
    if (posix.isAbsolute(to) || posix.normalize(posix.join(posix.dirname(path), to)).startsWith('..')) {
      throw new TroubleError({
        what: `the link ${path} leads out of the release, to ${to}`,
        where: path,
        now: 'make it a link inside the release, or a file',
      })
    }
    tar.entry({ ...plain(path, 0o777), type: 'symlink', linkname: to })
    return { type: 'link', path, to }
  }
  if (stat.isDirectory()) {
    tar.entry({ ...plain(path, 0o755), type: 'directory' })
    return { type: 'folder', path }
  }
  if (!stat.isFile())
    throw new TroubleError({
      what: `${path} is neither a file, a folder nor a link`,
      where: path,
      now: 'leave it out of the build output',
    })
  const mode = (stat.mode & 0o111) === 0 ? 0o644 : 0o755
  const header = { ...plain(path, mode), size: stat.size }
  const sha256 = content === null ? await addStreamed(tar, full, header) : addWhole(tar, content, header)
  return { type: 'file', path, mode, size: stat.size, sha256 }
}

type Plain = Readonly<{
  name: string
  mode: number
  mtime: Date
  uid: number
  gid: number
  uname: string
  gname: string
}>

const plain = (name: string, mode: number): Plain => ({
  name,
  mode,
  mtime: new Date(0),
  uid: 0,
  gid: 0,
  uname: '',
  gname: '',
})

type Sized = Plain & Readonly<{ size: number }>

function addWhole(tar: Pack, bytes: Buffer, header: Sized): string {
  tar.entry({ ...header, size: bytes.length }, bytes)
  return createHash('sha256').update(bytes).digest('hex')
}

async function addStreamed(tar: Pack, full: string, header: Sized): Promise<string> {
  const hash = createHash('sha256')
  const source = createReadStream(full)
  source.on('data', (chunk) => hash.update(chunk))
  await pipeline(source, tar.entry(header))
  return hash.digest('hex')
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The manifest of an artifact that is here, or `null`. */
export async function manifestOf(dir: string, id: string): Promise<Manifest | null> {
  try {
    return JSON.parse(await readFile(join(dir, `${id}.json`), 'utf8')) as Manifest
  } catch {
    return null
  }
}

const zip = promisify(gzip)

/** A delta below this size travels as it is: to unpack it costs a host less than to start gzip. */
const plainLimit = 128 * 1024

/**
 * The wanted items as a tar, gzipped when it is large, read out of the artifact. All of the artifact is hashed on the
 * way: one flipped byte anywhere is found before anything travels.
 */
export async function deltaTar(dir: string, id: string, delta: Delta): Promise<Uint8Array> {
  const { extract, pack } = await import('tar-stream')
  const source = await readArtifact(dir, id)
  const file = join(dir, `${id}.tar`)
  const hash = createHash('sha256')
  const from = extract()
  const to = pack()
  const gathered = buffer(to)
  gathered.catch(() => {})
  from.on('entry', (header, stream, next) => {
    const path = header.name.replace(/\/$/, '')
    // An artifact that is cut off fails here and in the pipeline, which says so.
    stream.on('error', () => {})
    if (delta.wanted.has(path)) stream.pipe(to.entry(header, next).on('error', () => {}))
    else stream.resume().on('end', next)
  })
  source.on('data', (chunk) => hash.update(chunk))
  await pipeline(source, from).catch((thrown: unknown) => {
    throw damaged(id, file, thrown)
  })
  to.finalize()
  const bytes = await gathered
  if (hash.digest('hex') !== id) throw damaged(id, file, null)
  return bytes.length > plainLimit ? zip(bytes, { level: 1 }) : bytes
}

/** The bytes of an artifact, which counts as used from now on. Throws a trouble where it is gone. */
export async function readArtifact(dir: string, id: string): Promise<ReadStream> {
  const file = await openArtifact(dir, id)
  if (file !== null) return file.createReadStream({ highWaterMark: 256 * 1024 })
  throw new TroubleError({
    what: `the artifact of release ${id.slice(0, 7)} is not on the hub any more`,
    where: dir,
    now: 'deploy its commit again, or run its jobs again: `tandem runs again`',
  })
}

export function damaged(id: string, file: string, cause: unknown): TroubleError {
  const trouble = {
    what: `the artifact of release ${id.slice(0, 7)} is damaged: its bytes no longer give its name`,
    where: file,
    now: 'delete this file; the next build of its commit makes it again',
  }
  return new TroubleError(trouble, { cause })
}
