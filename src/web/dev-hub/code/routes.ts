import type { BlameLine, CommitDetail, CommitView, HoldView } from '../../../api/wire/code.ts'
import { TroubleError } from '../../../change/trouble.ts'
import type { Run } from '../../../store/runs.ts'
import type { TestSort } from '../../code-api.ts'
import { liveChanges } from '../live.ts'
import type { Asked } from '../routes.ts'
import type { PlayRepo } from './code.ts'
import { infraDiff, shopDiff } from './diffs.ts'
import { playPlan } from './plans.ts'
import { fileIn, itemsIn } from './files.ts'
import { hashOf } from './hashes.ts'
import { logKey } from './past-runs.ts'
import { testsOf } from './tests.ts'

/** Answers what is asked about code; undefined for all else. */
export function codeRoutes(route: string, asked: Asked): unknown {
  const [first = '', second = ''] = asked.parts.map(decodeURIComponent)
  if (first === 'repos') return second === '' ? repos(route, asked) : repoRoutes(route, asked, second)
  if (first === 'runs') return runRoutes(route, asked, second)
  return trainRoutes(route, asked, second)
}

function repos(route: string, { hub, me, body }: Asked): unknown {
  if (route.startsWith('GET')) return { repos: hub.code.repos().map(hub.code.view) }
  return { repo: hub.code.make((body as Readonly<{ name: string }>).name, me.name) }
}

function repoRoutes(route: string, asked: Asked, name: string): unknown {
  const { hub, parts, query } = asked
  const repo = hub.code.repo(name)
  const at = () => ({ commit: commitAt(repo, query.get('ref') ?? ''), path: query.get('path') ?? '' })
  switch (parts[2]) {
    case undefined:
      return { repo: hub.code.view(repo), refs: hub.code.refs(repo) }
    case 'commits':
      if (parts[4] === 'plan')
        return { plan: { ...playPlan(repo, commitAt(repo, parts[3] ?? '')), at: Date.now() } }
      return parts[3] === undefined ? commits(repo, query) : detail(asked, repo, parts[3])
    case 'tree': {
      const { commit, path } = at()
      return { commit, path, items: itemsIn(repo.files, path) }
    }
    case 'blob': {
      const { commit, path } = at()
      const text = fileIn(repo.files, path)
      return {
        commit,
        blob: { path, hash: hashOf(text), bytes: text.length, text: text.includes('\0') ? null : text },
      }
    }
    case 'blame': {
      const { commit, path } = at()
      return { commit, lines: blame(repo, fileIn(repo.files, path)) }
    }
    case 'asides':
      return {
        asides: hub.ledger.asides
          .filter(({ about }) => about === name)
          .slice(-Number(query.get('limit') ?? 50)),
      }
    case 'tests':
      return {
        tests: name === 'shop' ? testsOf(repo.commits, (query.get('sort') ?? 'failing') as TestSort) : [],
      }
    default:
      throw new TroubleError({ what: `this hub does not play ${route}`, now: 'look at the real one' })
  }
}

function commitAt({ name, commits: all }: PlayRepo, ref: string): CommitView {
  const found =
    all.find(({ hash }) => ref !== '' && hash.startsWith(ref)) ??
    (/^[0-9a-f]{40}$/.test(ref) ? undefined : all[0])
  if (found === undefined || ref.endsWith('nowhere'))
    throw new TroubleError({
      what: `there is no ${ref || 'commit'} in ${name}`,
      now: 'look at its branches and tags',
    })
  return found
}

function commits(repo: PlayRepo, query: URLSearchParams) {
  const after = query.get('after')
  const from =
    after === null
      ? repo.commits.indexOf(commitAt(repo, query.get('ref') ?? ''))
      : repo.commits.findIndex(({ hash }) => hash === after) + 1
  const limit = Number(query.get('limit') ?? 30)
  const page = repo.commits.slice(from, from + limit)
  return { commits: page, next: from + limit < repo.commits.length ? (page.at(-1)?.hash ?? null) : null }
}

function detail({ hub }: Asked, repo: PlayRepo, hash: string): CommitDetail {
  const commit = commitAt(repo, hash)
  const nth = repo.commits.indexOf(commit)
  const short = commit.hash.slice(0, 7)
  const changes = hub.ledger.views().filter(({ title }) => title.includes(short))
  const live = hub.status().apps.filter((app) => app.commit === commit.hash)
  return {
    commit,
    files: repo.name === 'infra' ? infraDiff : shopDiff(nth),
    cut: nth % 3 === 0 && repo.name === 'shop' ? 14 : 0,
    refs: hub.code
      .refs(repo)
      .filter(({ head }) => head.hash === commit.hash)
      .map(({ ref }) => ref),
    runs: hub.code.runs().filter((run) => run.repo === repo.name && run.commit === commit.hash),
    live: live.map(({ app, environment, change, since, release, target }) => ({
      app,
      environment,
      change: change ?? liveChanges(hub.ledger, target)[0]?.id ?? 'c1',
      since: since ?? 0,
      release: release ?? '',
    })),
    changes: changes.map(({ id }) => id),
    plan: repo.name === 'infra' ? playPlan(repo, commit) : null,
  }
}

function blame({ commits: all }: PlayRepo, text: string): readonly BlameLine[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line, nth) => {
      const commit = all[Math.floor(nth / 5) % Math.min(4, all.length)] as CommitView
      return {
        line: nth + 1,
        commit: commit.hash,
        author: commit.author,
        at: commit.at,
        subject: commit.subject,
        text: line,
      }
    })
}

function runRoutes(route: string, { hub, me, query, body, parts }: Asked, id: string): unknown {
  if (route === 'GET /api/runs') return { runs: listed(hub.code.runs(), query) }
  if (route === 'POST /api/runs')
    return {
      run: hub.code.order({
        ...(body as Readonly<{ repo: string; ref: string }>),
        commit: null,
        who: me.name,
      }),
    }
  const run = hub.code.run(id)
  switch (parts[2] ?? '') {
    case 'log':
      return log(hub.code.logs, run, query)
    case 'cancel':
      hub.code.cancel(id)
      return { ok: true }
    case 'again':
      return { run: hub.code.order({ repo: run.repo, ref: run.ref, commit: run.commit, who: me.name }) }
    default:
      return { run }
  }
}

function listed(runs: readonly Run[], query: URLSearchParams): readonly Run[] {
  const before = query.get('before')
  const first = before === null ? Infinity : Number(before.slice(1))
  const fits = (run: Run) =>
    (['repo', 'ref', 'commit'] as const).every((name) => !query.has(name) || query.get(name) === run[name])
  return runs
    .filter((run) => fits(run) && Number(run.id.slice(1)) < first)
    .slice(0, Number(query.get('limit') ?? 50))
}

/** A byte of a played log is a line. */
function log(
  logs: ReadonlyMap<string, readonly Readonly<{ ms: number; text: string }>[]>,
  run: Run,
  query: URLSearchParams,
) {
  const name = query.get('job') ?? ''
  const attempt = Number(query.get('attempt') ?? 1)
  const from = Number(query.get('from') ?? 0)
  const lines = logs.get(logKey(run.id, name, attempt)) ?? []
  const job = run.jobs.find((one) => one.name === name)
  const page = lines.slice(from, from + 1_000)
  const next = from + page.length
  return {
    lines: page,
    next,
    isOver: next === lines.length && (job?.status === 'over' || attempt < (job?.attempt ?? 1)),
  }
}

function trainRoutes(route: string, { hub, me, body, query }: Asked, target: string): unknown {
  if (route === 'GET /api/train') return hub.code.train.view()
  if (route === 'POST /api/holds') {
    const wish = body as Pick<HoldView, 'target' | 'why' | 'until'>
    const hold = hub.code.train.hold({ ...wish, who: me.name, since: Date.now() })
    hub.code.aside(hold.target, { type: 'held', who: me.name, why: hold.why, until: hold.until })
    return { hold }
  }
  hub.code.train.release(target)
  hub.code.aside(target, { type: 'released', who: me.name, why: query.get('why') ?? '' })
  return { ok: true }
}
