import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import type { ForgeConfig } from '../../config/repo/repo.ts'
import { git, setting, unpackingBytes } from '../git.ts'
import { fold } from '../upkeep/fold.ts'
import { requestRefs } from './event.ts'
import {
  type Move,
  mostRefs,
  movesBetween,
  parseRemote,
  printRemote,
  type RemoteRefs,
} from './remote-refs.ts'

/** A repository of a forge, and where we keep what we have of it. */
export type Followed = Readonly<{
  forge: Pick<ForgeConfig, 'kind' | 'url' | 'clone'>
  /** Opens it over HTTPS; null = it is open, or its key is OpenSSH's. */
  token: string | null
  /** The bare repository. What was seen is kept inside of it, so that it is gone when the repository is. */
  dir: string
  /** The largest pack that is taken once the repository is here. */
  largestBytes: number
}>

/** What a look found. `isFirst`: there was nothing to compare with. */
export type Sight = Readonly<{
  moves: readonly Move[]
  refs: RemoteRefs['refs']
  isFirst: boolean
  /** Refs that moved and could not be fetched, and why: they are not tried again before they move again. */
  refused: readonly Readonly<{ ref: string; why: string }>[]
  /** Keeps what was seen. To be called when all moves are written down: until then the next look finds them again. */
  keep: () => Promise<void>
}>

const askLimitMs = 60_000
const fetchLimitMs = 30 * 60_000
/** How many refs are tried alone when they cannot be had together. */
const mostAlone = 50

/** Compares the refs of the forge with those of the last look and fetches what moved. Throws where it cannot be asked. */
export async function look(followed: Followed, signal: AbortSignal): Promise<Sight> {
  const seenFile = join(followed.dir, 'forge-refs')
  const kept = await readFile(seenFile, 'utf8').catch(ignoreMissing)
  const seen = parseRemote(kept ?? '')
  const now = await askRefs(followed, signal)
  const moves = movesBetween(seen, now)
  await deleteRefs(followed.dir, moves)
  const isFirst = kept === null
  // Of requests that were there before us, none is built: a forge keeps all it ever had.
  const wanted = moves.filter(({ ref, to }) => to !== null && !(isFirst && !isOwn(ref)))
  const refused = await fetchRefs(
    followed,
    wanted.map(({ ref }) => ref),
    { isFirst, signal },
  )
  if (wanted.length > 0) await fold(followed.dir, signal)
  if (now.trunk !== null && now.trunk !== seen.trunk) {
    await git(followed.dir, ['symbolic-ref', 'HEAD', now.trunk])
  }
  const failed = new Set(refused.map(({ ref }) => ref))
  return {
    moves: moves.filter(({ ref }) => !failed.has(ref)),
    refs: now.refs,
    isFirst,
    refused,
    keep: () => replaceFile(seenFile, printRemote(now)),
  }
}

/** Whether a ref is one of the repository itself, which only its people can move. */
export const isOwn = (ref: string): boolean => /^refs\/(?:heads|tags)\//.test(ref)

async function askRefs(followed: Followed, signal: AbortSignal): Promise<RemoteRefs> {
  const { forge, dir } = followed
  const patterns = ['HEAD', 'refs/heads/*', 'refs/tags/*', requestRefs[forge.kind]]
  const asked = await git(dir, [...careful, 'ls-remote', '--symref', '--', forge.clone, ...patterns], {
    env: access(followed),
    limitMs: askLimitMs,
    mostBytes: 32 * 1024 * 1024,
    signal,
  })
  if (asked.code !== 0) throw unreachable(forge, asked.err)
  const remote = parseRemote(asked.out)
  if (remote.refs.size <= mostRefs) return remote
  const now = `delete what nobody needs; the most that are followed are ${mostRefs}`
  throw new TroubleError({ what: `${forge.url} has ${remote.refs.size} refs`, where: forge.clone, now })
}

type Fetching = Readonly<{ isFirst: boolean; signal: AbortSignal }>

/** Fetches these refs together, or where that fails each alone, so that a bad one keeps nobody from the others. */
async function fetchRefs(
  followed: Followed,
  refs: readonly string[],
  fetching: Fetching,
): Promise<Sight['refused']> {
  if (refs.length === 0) return []
  const together = await fetchSome(followed, refs, fetching)
  if (together === null) return []
  if (!together.isOfContent || refs.length > mostAlone) throw unreachable(followed.forge, together.why)
  const refused: { ref: string; why: string }[] = []
  for (const ref of refs) {
    const fault = refs.length === 1 ? together : await fetchSome(followed, [ref], fetching)
    if (fault !== null && !fault.isOfContent) throw unreachable(followed.forge, fault.why)
    if (fault !== null) refused.push({ ref, why: fault.why })
  }
  return refused
}

/** `isOfContent`: it would fail as often as it is tried. */
type Fault = Readonly<{ why: string; isOfContent: boolean }>

/** Why these could not be fetched; null when they were. */
async function fetchSome(
  followed: Followed,
  refs: readonly string[],
  { isFirst, signal }: Fetching,
): Promise<Fault | null> {
  const { dir, forge, largestBytes } = followed
  const fetched = await git(dir, [...careful, ...quietFetch, '--', forge.clone], {
    env: access(followed),
    input: refs.map((ref) => `${ref}:${ref}\n`).join(''),
    limitMs: fetchLimitMs,
    largestFileBytes: isFirst ? null : largestBytes,
    mostMemoryBytes: unpackingBytes(largestBytes),
    signal,
  })
  if (fetched.code === 0) return null
  const got = await removeHalfPacks(dir)
  if (!isFirst && got >= largestBytes) {
    return { why: `it is larger than ${largestBytes} bytes`, isOfContent: true }
  }
  const isOfContent = contentFault.test(fetched.err) && !/No space left|Disk quota/i.test(fetched.err)
  return { why: lastLine(fetched.err), isOfContent }
}

/** What git says of objects that are not as they should be, and of a ref that was gone again when we came. */
const contentFault = /fsck error|invalid index-pack output|couldn't find remote ref|cannot lock ref/i

/** Removes what a fetch that was ended left behind, and says how large the largest of it had become. */
async function removeHalfPacks(dir: string): Promise<number> {
  const packs = join(dir, 'objects', 'pack')
  const names = await readdir(packs).catch(() => [])
  const halves = names.filter((name) => name.startsWith('tmp_')).map((name) => join(packs, name))
  const sizes = await Promise.all(halves.map(async (path) => (await stat(path)).size))
  await Promise.all(halves.map((path) => rm(path, { force: true })))
  return Math.max(0, ...sizes)
}

async function deleteRefs(dir: string, moves: readonly Move[]): Promise<void> {
  const gone = moves.filter(({ to }) => to === null)
  if (gone.length === 0) return
  const input = gone.map(({ ref }) => `delete ${ref}\0\0`).join('')
  const deleted = await git(dir, ['update-ref', '--stdin', '-z'], { input })
  if (deleted.code !== 0) throw troubleWith('cannot delete refs', dir, deleted.err, 'see the lines above')
}

/**
 * What a forge sends is checked before it is kept; large files go through without being held; nothing is followed to
 * another address, because our token would go there too.
 */
const careful: readonly string[] = [
  ['fetch.fsckObjects', 'true'],
  // One file, whose size can be limited.
  ['fetch.unpackLimit', '1'],
  ['core.bigFileThreshold', '16m'],
  ['pack.threads', '1'],
  ['http.followRedirects', 'false'],
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '30'],
  ['protocol.version', '2'],
  ['credential.helper', ''],
].flatMap(([name = '', value = '']) => setting(name, value))

/** Exactly the refs that are named on its input, and nothing beside. */
const quietFetch =
  'fetch --quiet --force --no-tags --no-write-fetch-head --no-auto-maintenance --refmap= --stdin'.split(' ')

/** The token goes by the environment of our own git: arguments can be read by everybody on the machine. */
function access({ forge, token }: Followed): Readonly<Record<string, string>> {
  const ssh = { GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=15' }
  if (token === null || !/^https?:/.test(forge.clone)) return ssh
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  return {
    ...ssh,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${forge.clone}.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  }
}

const lastLine = (err: string): string =>
  err
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .at(-1)
    ?.slice(0, 300) ?? 'git said nothing'

function unreachable(forge: Followed['forge'], err: string): TroubleError {
  const isSsh = !/^https?:/.test(forge.clone)
  const how = isSsh
    ? `try \`git ls-remote ${forge.clone}\` as the user of the hub: its key must be allowed, and the forge's known`
    : 'is the address right, and may the token of `forge.token` read the repository?'
  return troubleWith(`cannot fetch from ${forge.url}`, forge.clone, err, how)
}

function troubleWith(what: string, where: string, err: string, now: string): TroubleError {
  return new TroubleError({ what, where, tail: err.trim().split('\n').slice(-3), now })
}

async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600, flush: true })
  await rename(`${path}.new`, path)
}

function ignoreMissing(thrown: unknown): null {
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null
  throw thrown
}
