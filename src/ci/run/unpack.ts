import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Header } from 'tar-stream'
import { TroubleError } from '../../change/trouble.ts'
import { readArtifact } from '../artifact/artifact.ts'
import { inside } from './inside.ts'

/**
 * Lays an artifact into the checkout of a job: `at` becomes exactly what is in it. It is unpacked beside it first, so
 * that nothing that the checkout brings can lead it elsewhere, and only bytes that give the artifact its name are used.
 */
export async function layArtifact(
  dir: string,
  release: string,
  { files, at }: Readonly<{ files: string; at: string }>,
): Promise<void> {
  const beside = `${files}.artifact`
  await unpack(dir, release, beside)
  const target = await inside(files, at)
  await rm(target, { recursive: true, force: true })
  await mkdir(dirname(target), { recursive: true })
  await rename(beside, target)
}

async function unpack(dir: string, release: string, into: string): Promise<void> {
  await rm(into, { recursive: true, force: true })
  await mkdir(into, { recursive: true })
  const { extract } = await import('tar-stream')
  const sum = createHash('sha256')
  const source = await readArtifact(dir, release)
  source.on('data', (chunk) => sum.update(chunk))
  const entries = extract()
  entries.on('entry', (header, content, next) => {
    write(into, header, Readable.from(content)).then(() => next(), next)
  })
  await pipeline(source, entries)
  if (sum.digest('hex') === release) return
  throw new TroubleError({
    what: `the artifact ${release.slice(0, 7)} is damaged: its bytes no longer give its name`,
    where: join(dir, `${release}.tar`),
    now: 'delete this file and run the commit again: `tandem runs again`',
  })
}

async function write(into: string, { name, type, linkname, mode }: Header, content: Readable): Promise<void> {
  const path = join(into, name)
  if (type === 'directory') await mkdir(path, { recursive: true })
  else await mkdir(dirname(path), { recursive: true })
  if (type === 'file') return pipeline(content, createWriteStream(path, { mode: mode ?? 0o644, flags: 'wx' }))
  if (type === 'symlink') await symlink(linkname ?? '', path)
  content.resume()
}
