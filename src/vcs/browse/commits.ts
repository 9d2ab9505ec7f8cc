import type { CommitView } from '../../api/wire/code.ts'
import { TroubleError } from '../../change/trouble.ts'
import { pathIn, read } from './read.ts'

const bodyKept = 20_000
const subjectKept = 500
/** How far back a page of the log can begin. */
const mostWalked = 200_000

const format = `--format=${['H', 'T', 'P', 's', 'b', 'an', 'ae', 'ct'].map((field) => `%${field}`).join('%x00')}`
const fields = 8

/**
 * The commit that a branch, a tag, a request of a forge, a full ref or (the beginning of) a hash names; a branch goes before a tag, and names
 * before hashes. Expressions of git, like `main~3`, are no names. Throws a trouble when there is none.
 */
export async function commitAt(dir: string, ref: string): Promise<CommitView> {
  const found = await hashOf(dir, ref)
  const [commit] = found === null ? [] : await commitsAt(dir, [found])
  if (commit !== undefined) return commit
  throw new TroubleError({
    what: `there is no commit called ${JSON.stringify(ref.slice(0, 200))}`,
    now: 'see its branches with `tandem repo show NAME`; a repository that was just made has none',
  })
}

async function hashOf(dir: string, ref: string): Promise<string | null> {
  // oxlint-disable-next-line no-control-regex -- these are what git allows in no name
  if (ref === '' || /[\0-\x20~^:?*[\\\x7f]|@\{|\.\./.test(ref)) return null
  const names = ref.startsWith('refs/')
    ? [ref]
    : ['heads', 'tags', 'pull', 'merge-requests'].map((root) => `refs/${root}/${ref}`)
  const asked = /^[0-9a-f]{4,64}$/.test(ref) ? [...names, ref] : names
  const input = asked.map((name) => `${name}^{commit}\n`).join('')
  const said = await read(dir, ['cat-file', '--batch-check'], { input })
  return /^([0-9a-f]{40,64}) commit \d+$/m.exec(said)?.[1] ?? null
}

/** These commits, in this order. */
export async function commitsAt(dir: string, hashes: readonly string[]): Promise<readonly CommitView[]> {
  if (hashes.length === 0) return []
  const input = hashes.map((hash) => `${hash}\n`).join('')
  return commitsIn(await read(dir, ['log', '--no-walk=unsorted', '-z', format, '--stdin'], { input }))
}

export type LogAsked = Readonly<{
  ref: string
  /** Only commits that touched it; empty = all. */
  path: string
  /** The last commit of the page before; null = from the newest. */
  after: string | null
  limit: number
}>

/** One page of the log, newest first. `next` is what to ask for the commits after it; null where it ends. */
export async function commitsOf(
  dir: string,
  { ref, path, after, limit }: LogAsked,
): Promise<Readonly<{ commits: readonly CommitView[]; next: string | null }>> {
  const { hash } = await commitAt(dir, ref)
  const place = pathIn(path)
  const paths = place === '' ? ['--'] : ['--', place]
  const skip = after === null ? 0 : await placeAfter(dir, [hash, ...paths], after)
  const page = [`--skip=${skip}`, `--max-count=${limit + 1}`]
  const found = commitsIn(await read(dir, ['log', '-z', format, ...page, hash, ...paths]))
  const commits = found.slice(0, limit)
  return { commits, next: found.length > limit ? (commits.at(-1)?.hash ?? null) : null }
}

async function placeAfter(dir: string, walk: readonly string[], after: string): Promise<number> {
  const said = await read(dir, ['rev-list', `--max-count=${mostWalked}`, ...walk])
  const place = said.split('\n').indexOf(after)
  if (place !== -1) return place + 1
  throw new TroubleError({
    what: `${after.slice(0, 40)} is not in this log any more`,
    now: 'begin again with the newest: somebody moved the branch meanwhile',
  })
}

function commitsIn(said: string): readonly CommitView[] {
  const words = said.split('\0')
  const commits: CommitView[] = []
  for (let at = 0; at + fields <= words.length; at += fields) {
    const [
      hash = '',
      tree = '',
      parents = '',
      subject = '',
      body = '',
      author = '',
      email = '',
      seconds = '',
    ] = words.slice(at, at + fields)
    commits.push({
      hash,
      tree,
      parents: parents.split(' ').filter((parent) => parent !== ''),
      subject: subject.slice(0, subjectKept),
      body: body.slice(0, bodyKept).trimEnd(),
      author,
      email,
      at: Number(seconds) * 1000,
    })
  }
  return commits
}
