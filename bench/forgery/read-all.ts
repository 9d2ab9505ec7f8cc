import type { CodeRoutes } from '../../src/api/wire/code.ts'
import type { Door } from './followed-team.ts'

const limitMs = 60_000
const most = { refs: 12, items: 12, blames: 4 } as const

/** What reading a repository over the API came to. */
export type Reading = Readonly<{
  answers: number
  /** Addresses that the hub itself failed at. */ broken: readonly string[]
}>

/** Looks at a repository as somebody in the dashboard would who opens everything: log, files, diffs, blame. */
export async function readAll({ url, token }: Door, repo: string): Promise<Reading> {
  let answers = 0
  const broken: string[] = []
  const ask = async <T>(path: string): Promise<T | null> => {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`${url}/api/repos/${repo}${path}`, {
      headers,
      signal: AbortSignal.timeout(limitMs),
    })
    answers += 1
    if (answer.status >= 500)
      broken.push(`${answer.status} ${repo}${path}: ${(await answer.text()).slice(0, 300)}`)
    return answer.ok ? ((await answer.json()) as T) : null
  }
  const shown = await ask<CodeRoutes['GET /api/repos/:repo']>('')
  const refs = (shown?.refs ?? []).slice(0, most.refs).map(({ ref }) => ref)
  for (const ref of [...refs, '--help', '$(id)', 'HEAD']) {
    const at = `ref=${encodeURIComponent(ref)}`
    const log = await ask<CodeRoutes['GET /api/repos/:repo/commits']>(`/commits?${at}&limit=20`)
    for (const { hash } of (log?.commits ?? []).slice(0, 2)) await ask(`/commits/${hash}`)
    const tree = await ask<CodeRoutes['GET /api/repos/:repo/tree']>(`/tree?${at}`)
    for (const [nth, { name, kind }] of (tree?.items ?? []).slice(0, most.items).entries()) {
      const place = `${at}&path=${encodeURIComponent(name)}`
      await ask(kind === 'folder' ? `/tree?${place}` : `/blob?${place}`)
      if (kind === 'file' && nth < most.blames) await ask(`/blame?${place}`)
      if (nth === 0) await ask(`/commits?${place}&limit=5`)
    }
  }
  await ask('/asides?limit=50')
  await ask('/tests')
  return { answers, broken }
}
