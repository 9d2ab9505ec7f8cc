import { type ConfigPath, type Mistake, mistake, written } from '../mistakes/mistake.ts'
import { nearest } from '../mistakes/nearest.ts'
import type { Parsed } from '../parsed.ts'

/** What is wrong between repositories and what names them, and between jobs. */
export function mistakenRepos(parsed: Parsed): readonly Mistake[] {
  return [...infraRepo(parsed), ...greenWithoutRepo(parsed), ...mistakenJobs(parsed)]
}

function infraRepo({ infra, repoNames }: Parsed): readonly Mistake[] {
  if (infra.repo === undefined) {
    if (infra.apply !== 'on green') return []
    const now = "add repo: 'infra' beside it, and repos: { infra: { … } }"
    return [mistake(['infra', 'apply'], 'infra has no repository whose pushes could be green', now)]
  }
  if (repoNames.includes(infra.repo)) return []
  return [unknown(['infra', 'repo'], infra.repo, { one: 'repository', known: repoNames, add: 'repos' })]
}

/** Nothing is pushed to a folder, so nothing there turns green. */
function greenWithoutRepo({ apps, environments, repoNames }: Parsed): readonly Mistake[] {
  return [...environments].flatMap(([app, places]) =>
    [...places].flatMap(([name, { deploy }]) => {
      const repo = apps.get(app)?.repo
      if (deploy !== 'on green' || !apps.has(app) || repoNames.includes(repo ?? '')) return []
      const path = ['apps', app, 'environments', name, 'deploy']
      const now =
        repoNames.length === 0
          ? `add repos: { ${app}: {} } and repo: '${app}'`
          : `say repo: '${repoNames[0]}'`
      return [mistake(path, `apps.${app} names none of repos, so no push of it turns green`, now)]
    }),
  )
}

function mistakenJobs({ repos, ci, hosts, hostNames }: Parsed): readonly Mistake[] {
  const roles = [...hosts.values()].flatMap((host) => host.roles)
  const places = [...new Set([...hostNames, ...roles])]
  const allHostsRead = hosts.size === hostNames.length
  const known = { one: 'host or role', known: places, add: 'hosts' }
  const builders = (ci.builders ?? []).flatMap((name, at) =>
    places.includes(name) || !allHostsRead ? [] : [unknown(['ci', 'builders', at], name, known)],
  )
  const jobs = [...repos].flatMap(([repo, { jobs = {} }]) =>
    Object.entries(jobs).flatMap(([name, { on }]) => {
      if (on === undefined || places.includes(on) || !allHostsRead) return []
      const path = ['repos', repo, 'jobs', name, 'on']
      return [unknown(path, on, known)]
    }),
  )
  return [...builders, ...jobs]
}

type Known = Readonly<{ one: string; known: readonly string[]; add: string }>

function unknown(path: ConfigPath, name: string, { one, known, add }: Known): Mistake {
  const meant = nearest(name, known)
  const list = known.length === 0 ? `add ${add}: { ${name}: { … } }` : `known: ${known.join(', ')}`
  const what = `${written(path)}: there is no ${one} called '${name}'`
  return mistake(path, what, meant === null ? list : `did you mean '${meant}'?`)
}
