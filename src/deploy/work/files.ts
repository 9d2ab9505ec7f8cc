import type { Json } from '../../change/json.ts'
import { TroubleError } from '../../change/trouble.ts'
import { artifactDir, deltaTar, manifestOf } from '../../ci/artifact/artifact.ts'
import { digestOfList, listOf } from '../../ci/artifact/list.ts'
import { deltaOf, type Manifest } from '../../ci/artifact/manifest.ts'
import { type Deployment, short } from '../deployment.ts'
import type { Brought } from '../program/slot-bundle.ts'
import type { RunnerWorld } from './bench.ts'

type FilesWorld = Pick<RunnerWorld, 'stateDir' | 'shelf'>

/** What brings the files of a release, made out of one that is there. */
export type Files = Brought & Readonly<{ delta: Uint8Array }>

/** Files by the release they start from: made once for all hosts that have the same. */
export type FilesByOrigin = Map<string, Promise<Files>>

export function filesFor(
  world: FilesWorld,
  deployment: Deployment,
  files: FilesByOrigin,
  base: string | null,
): Promise<Files> {
  const key = base ?? ''
  const known = files.get(key)
  if (known !== undefined) return known
  const made = makeFiles(world, deployment, base)
  files.set(key, made)
  return made
}

/** Nothing travels unless the statement that was planned with is there, signed, and about these very files. */
async function makeFiles(world: FilesWorld, deployment: Deployment, base: string | null): Promise<Files> {
  const { release, commit, run, files } = deployment
  const dir = artifactDir(world.stateDir)
  const shelf = await world.shelf()
  const signed = (await shelf.of(release)).findLast(
    ({ provenance }) => provenance.commit === commit && provenance.run === run && provenance.files === files,
  )
  if (signed === undefined) throw unsigned(deployment, dir)
  const want = await manifestHere(dir, release)
  const list = listOf(want)
  if (digestOfList(list) !== files) throw altered(deployment, dir)
  const delta = deltaOf(base === null ? [] : await manifestHere(dir, base), want)
  return {
    list,
    gone: delta.gone.map((path) => `${path}\0`).join(''),
    statement: signed.forHosts,
    hub: { id: shelf.keyId, line: shelf.keyLine },
    delta: await deltaTar(dir, release, delta),
  }
}

/** What a host says that it found, once it has compared the release with its statement. */
export function foundOn(host: string, { files, release }: Deployment, told: readonly string[]): Json {
  const [, seen, by] = told.findLast((line) => line.startsWith('checked '))?.split(' ') ?? []
  if (seen === files) return { files: seen, signedBy: by === '-' || by === undefined ? null : by }
  throw new TroubleError({
    what: `${host} has other files than release ${short(release)} consists of`,
    host,
    now: 'look at the log of the change, and at the disk of this host',
  })
}

async function manifestHere(dir: string, release: string): Promise<Manifest> {
  const found = await manifestOf(dir, release)
  if (found !== null) return found
  throw new TroubleError({
    what: `the artifact of release ${short(release)} is not on the hub any more`,
    where: dir,
    now: 'deploy its commit again: it will be built anew',
  })
}

const unsigned = ({ release, commit }: Deployment, dir: string): TroubleError =>
  new TroubleError({
    what: `nothing that this hub has signed says that release ${short(release)} was made of commit ${short(commit)}`,
    where: `${dir}/${release}.intoto.jsonl`,
    now: 'it was there when this was planned: see who writes into this folder, then order it again',
  })

const altered = ({ release }: Deployment, dir: string): TroubleError =>
  new TroubleError({
    what: `what the hub knows of the files of release ${short(release)} was altered after it was signed`,
    where: `${dir}/${release}.json`,
    now: 'delete this file and the artifact beside it; the next build of its commit makes both again',
  })
