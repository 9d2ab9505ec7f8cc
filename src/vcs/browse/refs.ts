import type { CommitView, RefView } from '../../api/wire/code.ts'
import { isProtected, type RepoConfig } from '../../config/repo/repo.ts'
import { commitsAt } from './commits.ts'
import { read } from './read.ts'

const mostRefs = 1_000

const roots: Readonly<Record<string, RefView['kind']>> = {
  'refs/heads/': 'branch',
  'refs/tags/': 'tag',
  'refs/pull/': 'request',
  'refs/merge-requests/': 'request',
}

/** Branches, tags and requests of a forge that stand for commits: those that moved last first, at most 1,000. */
export async function refViews(
  dir: string,
  config: Pick<RepoConfig, 'protect'>,
): Promise<readonly Omit<RefView, 'run'>[]> {
  const format = '--format=%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)'
  const sorted = ['--sort=-creatordate', `--count=${mostRefs}`]
  const said = await read(dir, ['for-each-ref', format, ...sorted, ...Object.keys(roots)])
  const found = said.split('\n').flatMap((line) => {
    const [ref = '', kind, hash = '', tagged, behindTag = ''] = line.split('\0')
    return kind === 'commit' ? [{ ref, hash }] : tagged === 'commit' ? [{ ref, hash: behindTag }] : []
  })
  const heads = await commitsAt(dir, [...new Set(found.map(({ hash }) => hash))])
  const byHash = new Map(heads.map((head) => [head.hash, head]))
  return found.flatMap(({ ref, hash }) => {
    const head = byHash.get(hash)
    return head === undefined ? [] : viewOf(ref, head, config)
  })
}

function viewOf(
  ref: string,
  head: CommitView,
  config: Pick<RepoConfig, 'protect'>,
): readonly Omit<RefView, 'run'>[] {
  const [root, kind] = Object.entries(roots).find(([start]) => ref.startsWith(start)) ?? []
  if (root === undefined || kind === undefined) return []
  const name = ref.slice(root.length)
  return [{ ref, name, kind, isProtected: kind === 'branch' && isProtected(config, name), head }]
}

/** Refs, in full, that hold a commit: at most 100. */
export async function refsWith(dir: string, hash: string): Promise<readonly string[]> {
  const asked = ['--format=%(refname)', '--count=100', `--contains=${hash}`]
  const said = await read(dir, ['for-each-ref', ...asked, ...Object.keys(roots)])
  return said.split('\n').filter((ref) => ref !== '')
}

/** How many branches there are, and what all of it takes on the disk. */
export async function sizeOf(dir: string): Promise<Readonly<{ branches: number; bytes: number }>> {
  const [refs, counts] = await Promise.all([
    read(dir, ['for-each-ref', '--format=x', 'refs/heads/']),
    read(dir, ['count-objects', '-v']),
  ])
  const kibibytes = [...counts.matchAll(/^size(?:-pack|-garbage)?: (\d+)$/gm)].map(([, size]) => Number(size))
  return {
    branches: refs.split('\n').length - 1,
    bytes: kibibytes.reduce((sum, size) => sum + size, 0) * 1024,
  }
}
