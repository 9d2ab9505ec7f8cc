import type { TestSort } from '../../code-api.ts'
import type { RunId } from '../../../store/runs.ts'
import { addressWith } from '../address.ts'

/** A ref (null: the trunk) or a commit, and a path in it. */
type Place = Readonly<{ repo: string; ref: string | null; path: string }>

/** The pages about code, runs, and what goes out by itself. */
export type CodeRoute =
  | Readonly<{ page: 'repos' }>
  | (Readonly<{ page: 'tree' | 'file' | 'blame'; line: number | null }> & Place)
  | (Readonly<{ page: 'commits' }> & Place)
  | Readonly<{ page: 'commit'; repo: string; hash: string; isSplit: boolean }>
  | Readonly<{ page: 'refs'; repo: string; text: string }>
  | Readonly<{ page: 'repo runs'; repo: string; ref: string | null }>
  | Readonly<{ page: 'tests'; repo: string; sort: TestSort }>
  | Readonly<{ page: 'runs'; repo: string | null; ref: string | null }>
  | Readonly<{ page: 'run'; id: RunId; job: string | null; attempt: number | null }>
  | Readonly<{ page: 'train' }>

/** Null for what is no page about code. */
export function codeRouteOf(pathname: string, query: URLSearchParams): CodeRoute | null {
  if (pathname === '/repos') return { page: 'repos' }
  if (pathname === '/train') return { page: 'train' }
  if (pathname === '/runs') return { page: 'runs', repo: query.get('repo'), ref: query.get('ref') }
  const id = /^\/runs\/(r\d+)$/.exec(pathname)?.[1]
  if (id !== undefined)
    return { page: 'run', id, job: query.get('job'), attempt: numberIn(query.get('attempt')) }
  const [, repo, part = '', last] =
    /^\/repos\/([\w.-]+)(?:\/([a-z]+)(?:\/([0-9a-f]+))?)?$/.exec(pathname) ?? []
  if (repo === undefined) return null
  if (last === undefined) return repoRouteOf(repo, part, query)
  return part === 'commits' ? { page: 'commit', repo, hash: last, isSplit: query.has('split') } : null
}

function repoRouteOf(repo: string, part: string, query: URLSearchParams): CodeRoute | null {
  const place = { repo, ref: query.get('ref'), path: query.get('path') ?? '' }
  switch (part) {
    case '':
      return { page: 'tree', line: null, ...place }
    case 'file':
    case 'blame':
      return { page: part, line: numberIn(query.get('line')), ...place }
    case 'commits':
      return { page: part, ...place }
    case 'refs':
      return { page: part, repo, text: query.get('text') ?? '' }
    case 'runs':
      return { page: 'repo runs', repo, ref: place.ref }
    case 'tests':
      return { page: part, repo, sort: sortIn(query.get('sort')) }
    default:
      return null
  }
}

const numberIn = (text: string | null): number | null =>
  text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null

const sortIn = (text: string | null): TestSort => (text === 'slow' || text === 'flaky' ? text : 'failing')

/** Names of refs and files hold anything; they travel in the query, where everything can be written. */
export const treeAddress = (repo: string, ref: string | null, path: string): string =>
  addressWith(`/repos/${repo}`, { ref, path })

export const fileAddress = (
  repo: string,
  place: Readonly<{ ref: string | null; path: string; line?: number | null; as?: 'file' | 'blame' }>,
): string =>
  addressWith(`/repos/${repo}/${place.as ?? 'file'}`, {
    ref: place.ref,
    path: place.path,
    line: place.line === undefined || place.line === null ? null : String(place.line),
  })

export const commitsAddress = (repo: string, ref: string | null, path: string): string =>
  addressWith(`/repos/${repo}/commits`, { ref, path })

export const commitAddress = (repo: string, hash: string, isSplit = false): string =>
  addressWith(`/repos/${repo}/commits/${hash}`, { split: isSplit ? '1' : null })

export const refsAddress = (repo: string, text: string): string =>
  addressWith(`/repos/${repo}/refs`, { text })

export const repoRunsAddress = (repo: string, ref: string | null): string =>
  addressWith(`/repos/${repo}/runs`, { ref })

export const testsAddress = (repo: string, sort: TestSort): string =>
  addressWith(`/repos/${repo}/tests`, { sort })

export const runsAddress = (repo: string | null, ref: string | null): string =>
  addressWith('/runs', { repo, ref })

export const runAddress = (id: RunId, job: string | null, attempt: number | null = null): string =>
  addressWith(`/runs/${id}`, { job, attempt: attempt === null ? null : String(attempt) })

/** `src/web/app.ts` -> each folder above it with its path, the top first. */
export function crumbsOf(path: string): readonly Readonly<{ name: string; path: string }>[] {
  const names = path === '' ? [] : path.split('/')
  return names.map((name, nth) => ({ name, path: names.slice(0, nth + 1).join('/') }))
}

/** `refs/heads/main` -> `main`; what is no ref is left as it is. */
export const shortRef = (ref: string): string =>
  ref.replace(/^refs\/(?:heads|tags)\//, '').replace(/^refs\/(pull|merge-requests)\/(\d+)\/head$/, '#$2')
