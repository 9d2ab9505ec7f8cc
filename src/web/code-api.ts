import type { CodeRoutes } from '../api/wire/code.ts'
import type { RunId } from '../store/runs.ts'

type Answer<R extends keyof CodeRoutes> = Promise<CodeRoutes[R]>

/** A place in a repository: a ref or a commit, and a path in it (`''` is its top). */
export type Place = Readonly<{ ref: string; path: string }>

export type RunQuery = Readonly<{
  repo: string | null
  ref: string | null
  commit: string | null
  before: RunId | null
  limit: number
}>

export type TestSort = 'slow' | 'flaky' | 'failing'

/** What the dashboard asks about repositories, runs, and what goes out by itself. */
export type CodeApi = Readonly<{
  repos: () => Answer<'GET /api/repos'>
  makeRepo: (name: string) => Answer<'POST /api/repos'>
  repo: (repo: string) => Answer<'GET /api/repos/:repo'>
  /** Those that are `after` the named one in the history, which is to say older. */
  commits: (
    repo: string,
    query: Readonly<{ ref: string; path: string | null; after: string | null; limit: number }>,
  ) => Answer<'GET /api/repos/:repo/commits'>
  commit: (repo: string, hash: string) => Answer<'GET /api/repos/:repo/commits/:commit'>
  planAgain: (repo: string, hash: string) => Answer<'POST /api/repos/:repo/commits/:commit/plan'>
  tree: (repo: string, place: Place) => Answer<'GET /api/repos/:repo/tree'>
  blob: (repo: string, place: Place) => Answer<'GET /api/repos/:repo/blob'>
  blame: (repo: string, place: Place) => Answer<'GET /api/repos/:repo/blame'>
  asides: (repo: string, limit: number) => Answer<'GET /api/repos/:repo/asides'>
  tests: (repo: string, sort: TestSort) => Answer<'GET /api/repos/:repo/tests'>
  runs: (query: RunQuery) => Answer<'GET /api/runs'>
  run: (id: RunId) => Answer<'GET /api/runs/:run'>
  /** The log of a job from a byte on. */
  runLog: (
    id: RunId,
    query: Readonly<{ job: string; attempt: number; from: number }>,
  ) => Answer<'GET /api/runs/:run/log'>
  orderRun: (repo: string, ref: string) => Answer<'POST /api/runs'>
  cancelRun: (id: RunId) => Answer<'POST /api/runs/:run/cancel'>
  runAgain: (id: RunId) => Answer<'POST /api/runs/:run/again'>
  train: () => Answer<'GET /api/train'>
  hold: (target: string, why: string, until: number | null) => Answer<'POST /api/holds'>
  release: (target: string, why: string) => Answer<'DELETE /api/holds/:target'>
}>

type Ask = <T>(
  method: string,
  path: string,
  body?: Readonly<Record<string, string | number | null>>,
) => Promise<T>
type QueryOf = (fields: Readonly<Record<string, string | number | null>>) => string

export function makeCodeApi(ask: Ask, queryOf: QueryOf): CodeApi {
  const at = (repo: string, part: string) => `/api/repos/${encodeURIComponent(repo)}${part}`
  const run = (id: RunId, part: string) => `/api/runs/${encodeURIComponent(id)}${part}`
  return {
    repos: () => ask('GET', '/api/repos'),
    makeRepo: (name) => ask('POST', '/api/repos', { name }),
    repo: (repo) => ask('GET', at(repo, '')),
    commits: (repo, query) => ask('GET', at(repo, `/commits?${queryOf(query)}`)),
    commit: (repo, hash) => ask('GET', at(repo, `/commits/${encodeURIComponent(hash)}`)),
    planAgain: (repo, hash) => ask('POST', at(repo, `/commits/${encodeURIComponent(hash)}/plan`), {}),
    tree: (repo, place) => ask('GET', at(repo, `/tree?${queryOf(place)}`)),
    blob: (repo, place) => ask('GET', at(repo, `/blob?${queryOf(place)}`)),
    blame: (repo, place) => ask('GET', at(repo, `/blame?${queryOf(place)}`)),
    asides: (repo, limit) => ask('GET', at(repo, `/asides?${queryOf({ limit })}`)),
    tests: (repo, sort) => ask('GET', at(repo, `/tests?${queryOf({ sort })}`)),
    runs: (query) => ask('GET', `/api/runs?${queryOf(query)}`),
    run: (id) => ask('GET', run(id, '')),
    runLog: (id, query) => ask('GET', run(id, `/log?${queryOf(query)}`)),
    orderRun: (repo, ref) => ask('POST', '/api/runs', { repo, ref }),
    cancelRun: (id) => ask('POST', run(id, '/cancel'), {}),
    runAgain: (id) => ask('POST', run(id, '/again'), {}),
    train: () => ask('GET', '/api/train'),
    hold: (target, why, until) => ask('POST', '/api/holds', { target, why, until }),
    release: (target, why) => ask('DELETE', `/api/holds/${encodeURIComponent(target)}?${queryOf({ why })}`),
  }
}
