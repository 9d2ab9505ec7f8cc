import type { ParsedTarget } from './schema.ts'
import { type ConfigPath, type Mistake, mistake, written } from '../mistakes/mistake.ts'
import { nearest } from '../mistakes/nearest.ts'
import type { Parsed } from '../parsed.ts'

/** What is said of numbers that cannot be at the same time, or names what is not there. */
export function mistakenMetrics(parsed: Parsed): readonly Mistake[] {
  const { scrape = {} } = parsed.metrics
  const targets = Object.entries(scrape.targets ?? {}).flatMap(([job, target]) => {
    const path = ['metrics', 'scrape', 'targets', job]
    const interval = target.interval ?? scrape.interval
    return [
      ...mistakenPlace(path, target),
      ...mistakenHosts([...path, 'on'], target.on ?? [], parsed),
      ...lateAnswer(path, target.timeout, interval),
    ]
  })
  const apps = [...parsed.apps].flatMap(([name, app]) => {
    if (app.metrics === undefined || app.metrics.port !== undefined || app.port !== undefined) return []
    const what = `apps.${name} has no port, so its metrics need one`
    return [mistake(['apps', name, 'metrics'], what, "write metrics: { path: '/metrics', port: 9394 }")]
  })
  return [
    ...lateAnswer(['metrics', 'scrape'], scrape.timeout, scrape.interval),
    ...targets,
    ...apps,
    ...mistakenRemote(parsed.metrics.remote),
  ]
}

function mistakenRemote(remote: Parsed['metrics']['remote']): readonly Mistake[] {
  if (remote === undefined || remote.write !== undefined || remote.read !== undefined) return []
  const what = 'metrics.remote says neither where to write nor where to read'
  return [mistake(['metrics', 'remote'], what, "add write: 'https://mimir.example.org/api/v1/push'", 'key')]
}

function mistakenPlace(path: ConfigPath, target: ParsedTarget): readonly Mistake[] {
  const here = written(path)
  const { url, on, port } = target
  if (url === undefined && on === undefined)
    return [mistake(path, `${here} says nowhere to ask`, "add url: '10.0.0.5:9187'", 'key')]
  if (url?.length === 0)
    return [mistake([...path, 'url'], `${here} names no address`, "write url: '10.0.0.5:9187'")]
  if (url !== undefined) {
    const stray = (['on', 'port', 'path'] as const).filter((key) => target[key] !== undefined)
    return stray.map((key) =>
      mistake([...path, key], `${here} has a url, and beside it '${key}'`, 'leave one of the two out'),
    )
  }
  if (port === undefined)
    return [mistake(path, `${here} says on which hosts, but not at which port`, 'add port: 9187', 'key')]
  return []
}

function mistakenHosts(path: ConfigPath, on: readonly string[], parsed: Parsed): readonly Mistake[] {
  const known = [...new Set([...parsed.hostNames, ...[...parsed.hosts.values()].flatMap((one) => one.roles)])]
  // A role may be that of a host with a mistake in it.
  const allHostsRead = parsed.hosts.size === parsed.hostNames.length
  return on.flatMap((word, index) => {
    if (known.includes(word) || !allHostsRead) return []
    const meant = nearest(word, known)
    const now = meant === null ? `known: ${known.join(', ') || 'none'}` : `did you mean '${meant}'?`
    return [mistake([...path, index], `no host is called '${word}' or has that role`, now)]
  })
}

/** An answer that may take longer than the next question would overlap with it. */
function lateAnswer(path: ConfigPath, timeout: number | undefined, interval: number | undefined): Mistake[] {
  if (timeout === undefined || timeout <= (interval ?? Infinity)) return []
  const what = `${written([...path, 'timeout'])} is longer than the interval of ${(interval ?? 0) / 1000}s`
  return [mistake([...path, 'timeout'], what, 'write a shorter time, or a longer interval')]
}
