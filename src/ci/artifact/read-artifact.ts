import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Header } from 'tar-stream'
import { damaged, manifestOf, readArtifact } from './artifact.ts'
import { digestOfList, listOf } from './list.ts'
import type { Item, Manifest } from './manifest.ts'

/** What is in an artifact, read out of its bytes; throws a trouble unless they give its name. */
export async function manifestIn(dir: string, id: string): Promise<Manifest> {
  const { extract } = await import('tar-stream')
  const source = await readArtifact(dir, id)
  const file = join(dir, `${id}.tar`)
  const whole = createHash('sha256')
  const items: Item[] = []
  source.on('data', (chunk) => whole.update(chunk))
  const from = extract()
  from.on('entry', (header, stream, next) => {
    sumOf(stream).then((sha256) => {
      items.push(itemOf(header, sha256))
      next()
    }, next)
  })
  await pipeline(source, from).catch((thrown: unknown) => {
    throw damaged(id, file, thrown)
  })
  if (whole.digest('hex') !== id) throw damaged(id, file, null)
  return items
}

async function sumOf(content: AsyncIterable<unknown>): Promise<string> {
  const sum = createHash('sha256')
  for await (const chunk of content) sum.update(chunk as Uint8Array)
  return sum.digest('hex')
}

function itemOf({ name, type, linkname, mode, size }: Header, sha256: string): Item {
  const path = name.replace(/\/$/, '')
  if (type === 'symlink') return { type: 'link', path, to: linkname ?? '' }
  if (type === 'directory') return { type: 'folder', path }
  return { type: 'file', path, mode, size, sha256 }
}

/**
 * What is in an artifact whose list has this digest. What the hub has noted down of it is taken where it fits, and made
 * anew where it does not; throws a trouble where the artifact itself is another.
 */
export async function manifestWith(dir: string, id: string, files: string): Promise<Manifest> {
  const noted = await manifestOf(dir, id)
  if (noted !== null && digestOfList(listOf(noted)) === files) return noted
  const read = await manifestIn(dir, id)
  if (digestOfList(listOf(read)) !== files) throw damaged(id, join(dir, `${id}.tar`), null)
  await writeFile(join(dir, `${id}.json`), JSON.stringify(read))
  return read
}
