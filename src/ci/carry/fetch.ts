import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { TroubleError } from '../../change/trouble.ts'
import { sh, shLine } from '../../remote/quote.ts'
import type { Remote } from '../../remote/remote.ts'
import { unpackTree } from '../tar.ts'
import type { Carried } from './carried.ts'

const limitMs = 10 * 60_000
/** A multiple of four, so that each line can be read by itself. */
const lineWidth = 3_000

/**
 * Brings back what a job left, in place of what it was given. It is packed within the walls of the job, which see no more
 * than the job did, and comes as text, the sum of all bytes first.
 */
export async function fetchBack(remote: Remote, carried: Carried): Promise<void> {
  const { host, id, files, fetch } = carried
  if (fetch === null) return
  const tar = `${files}.fetched`
  const script = [
    `cd "$ROOT"/runs/${sh(id)} || exit 1`,
    `${shLine(fetch)} >fetched.tar 2>fetched.err || { tail -n 5 fetched.err; exit 1; }`,
    `sha256sum <fetched.tar && base64 -w ${lineWidth} fetched.tar`,
  ].join('\n')
  const look = { id: `${id}-f`, script, frames: [], limitMs, secrets: [], leavesNothing: true }
  const run = remote.look(host, look)
  const out = openSync(tar, 'w', 0o600)
  const said: string[] = []
  try {
    // Without a pause: what is not read at once is left out by who hands it on.
    for await (const line of run.lines)
      if (said.length === 0) said.push(line)
      else writeSync(out, Buffer.from(line, 'base64'))
  } finally {
    closeSync(out)
  }
  const ending = await run.ending
  const sum = /^([0-9a-f]{64}) /.exec(said[0] ?? '')?.[1]
  await rm(files, { recursive: true, force: true })
  await mkdir(files, { recursive: true })
  const isWhole = sum !== undefined && ending.type === 'exited' && (await unpackTree(tar, sum, files))
  await rm(tar, { force: true })
  if (!isWhole) throw notFetched(carried, said)
}

const notFetched = ({ host }: Carried, tail: readonly string[]): TroubleError =>
  new TroubleError({
    what: `what the job left on ${host.name} could not be fetched`,
    host: host.name,
    tail,
    now: 'is its disk full? Run it again: `tandem runs again`',
  })
