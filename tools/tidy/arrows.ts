import { posix } from 'node:path'
import { type Finding, type Import, importsOf, isScript, isTest, type SourceFile } from './source.ts'

/**
 * Who may import whom. A unit is a folder of `src/`, a file directly in `src/`, or a folder beside `src/`; a target is a
 * unit, or one file of it. `types` are arrows that cost nothing when the program runs; `lazy` ones are `import()`.
 */
export type Arrows = Readonly<
  Record<
    string,
    Readonly<{ values: readonly string[]; types: readonly string[]; lazy: readonly string[]; any?: true }>
  >
>

/** A kind of change may know all that a plan is made of and carried by, and never another kind. */
function kind(also: readonly string[]): Arrows[string] {
  return {
    // What a configuration means is computed where its types are; that is pure.
    values: [
      'change',
      'remote',
      'config/config.ts',
      'config/find.ts',
      'config/mistakes/nearest.ts',
      'config/reading/said.ts',
      // The words that shapes are made of: options of resources are said with them as well.
      'config/values/wanted.ts',
      'config/values/units.ts',
      ...also,
    ],
    // The views of a kind's state are declared where they go over the wire.
    types: ['pipeline', 'store', 'config', 'api/wire/wire.ts', 'api/wire/flags.ts', 'api/wire/flag-use.ts'],
    lazy: [],
  }
}

/** The arrows of this house (ARCHITECTURE.md draws them). All point at `change`; kinds never see each other. */
export const arrows: Arrows = {
  change: { values: [], types: [], lazy: [] },
  store: { values: ['change'], types: [], lazy: [] },
  mask: { values: [], types: [], lazy: [] },
  remote: { values: ['change', 'mask'], types: [], lazy: [] },
  guard: { values: ['change'], types: [], lazy: [] },
  // The seam file also declares the error that the pipeline tells apart: a lease that was lost.
  pipeline: { values: ['change', 'store/store.ts'], types: ['store'], lazy: [] },
  // What is wrong in files of recording rules is told with the rest.
  config: { values: ['change'], types: ['remote'], lazy: ['metrics/rules/file/read-rules.ts'] },
  // A release is an artifact that the builds made out of a commit.
  deploy: kind(['vcs', 'ci']),
  // What a recipe says is parsed and complained about in the words of `tandem.ts`.
  infra: kind([
    'config/values/wanted.ts',
    'config/values/units.ts',
    'config/mistakes/mistake.ts',
    'config/mistakes/complain.ts',
  ]),
  // What becomes of a flag is said in the same words wherever people read it.
  flags: kind(['sdk', 'words/flag.ts', 'words/expectation.ts', 'words/time.ts']),
  // Patterns of queries are made of the same sets of characters as those of flags.
  // One process writes samples down, and the store knows how to hold a folder. Hosts say their numbers in sessions, and
  // what is sent there is made where strings become shell.
  metrics: {
    values: ['change', 'sdk/regex/set.ts', 'store/lock.ts', 'remote/quote.ts'],
    types: ['store', 'config', 'remote'],
    lazy: [],
  },
  checks: { values: ['change', 'remote'], types: ['metrics', 'store', 'config'], lazy: [] },
  chat: { values: ['change'], types: ['store', 'config'], lazy: [] },
  // The views of repositories and runs are declared where they go over the wire.
  vcs: {
    values: ['change', 'mask', 'config/repo/repo.ts', 'config/find.ts', 'config/mistakes/nearest.ts'],
    types: ['store', 'config', 'api/wire/code.ts'],
    lazy: [],
  },
  ci: {
    values: [
      'change',
      'remote',
      'mask',
      'vcs',
      'store/runs.ts',
      // Jobs of a checkout are run by the queue of the hub, in a store of their own.
      'store/open.ts',
      // A supervisor is known by its process as those who hold leases are.
      'store/holder.ts',
      'config/repo/repo.ts',
      'config/find.ts',
      'config/mistakes/nearest.ts',
      // What the first lines of a job say is parsed and complained about in the words of `tandem.ts`.
      'config/repo/schema.ts',
      'config/repo/resolve.ts',
      'config/mistakes/complain.ts',
      'config/mistakes/mistake.ts',
    ],
    types: ['store', 'config', 'api/wire/code.ts'],
    lazy: [],
  },
  // What flags are, and how hub and programs speak of them, is said by the sdk.
  // Samples are asked for in the words of metrics.
  api: {
    values: ['change', 'sdk/wire/messages.ts'],
    types: ['store', 'sdk', 'metrics/metrics-side.ts', 'metrics/storage/top.ts'],
    lazy: [],
  },
  // The heart is pure, so the page computes a status as the hub does, by the same lines; and it folds a log as the
  // terminal does.
  web: {
    values: [
      'change',
      // What rules say in words is said by the same lines in the terminal.
      'words/flag.ts',
      'words/bound.ts',
      'words/expectation.ts',
      'ci/log/fold.ts',
      // A form offers what the evaluator knows.
      'sdk/flag/flag.ts',
      'sdk/condition/attribute.ts',
    ],
    types: [
      'api/wire/wire.ts',
      'api/wire/code.ts',
      'api/wire/flags.ts',
      'api/wire/flag-use.ts',
      'api/wire/graphs.ts',
      'api/wire/marks.ts',
      'store/store.ts',
      'store/runs.ts',
      'sdk',
    ],
    lazy: [],
  },
  // A stand-in for the hub, to look at the page with.
  'web/dev-hub': { values: [], types: [], lazy: [], any: true },
  cli: {
    values: [
      'change',
      'words',
      'api/client/client.ts',
      'api/wire/wire.ts',
      'api/wire/code.ts',
      'api/wire/flags.ts',
      'api/wire/marks.ts',
      'api/wire/queries.ts',
      // Edits are made and checked by the same lines that evaluate them.
      'sdk',
      'ci/log/fold.ts',
      // What a run is, and which outcomes are green.
      'store/runs.ts',
    ],
    types: ['api', 'config', 'hub.ts', 'hub/options.ts'],
    // `tandem ci` runs the jobs of a checkout where it is called, without a hub; flags are read out of files and looked for
    // in code where these lie.
    lazy: [
      'api',
      'config',
      'remote',
      'hub.ts',
      'ci',
      'flags/exchange/import.ts',
      'flags/exchange/flagd/export.ts',
      'flags/stale/judge.ts',
      'flags/stale/search.ts',
      'vcs/git.ts',
      'vcs/commit.ts',
      'vcs/browse/commit-files.ts',
    ],
  },
  // What the terminal, who pushes and the rooms are told in the same words.
  words: { values: ['change', 'sdk'], types: ['api/wire/wire.ts', 'api/wire/flags.ts'], lazy: [] },
  'hub.ts': { values: [], types: [], lazy: [], any: true },
  // The parts of the composition root that are larger than a line.
  hub: { values: [], types: [], lazy: [], any: true },
  'bin.ts': { values: ['cli'], types: [], lazy: ['cli'] },
  sdk: { values: [], types: [], lazy: [] },
  lab: { values: [], types: [], lazy: [] },
  e2e: { values: [], types: [], lazy: [], any: true },
  bench: { values: [], types: [], lazy: [], any: true },
  tools: { values: ['lab'], types: [], lazy: ['lab'] },
  examples: { values: ['sdk'], types: ['config'], lazy: [] },
}

/** The unit a file of the tree belongs to; null for one that lies outside all units (a config file at the root). */
export function unitOf(path: string): string | null {
  const [top = '', second] = path.split('/')
  if (second === undefined) return null
  if (top !== 'src') return top
  if (path.startsWith('src/web/dev-hub')) return 'web/dev-hub'
  return second
}

type Arrow = Readonly<{ from: string; to: string; path: string; target: string; import: Import }>

/** Imports that no arrow allows. Tests may stand anywhere; what they hold is left out of the program. */
export function strayImports(files: readonly SourceFile[], allowed: Arrows): readonly Finding[] {
  return files.flatMap((file) => crossings(file)).flatMap((arrow) => judge(arrow, allowed))
}

function judge(arrow: Arrow, allowed: Arrows): readonly Finding[] {
  const { from, to, path, target } = arrow
  const line = arrow.import.line
  const row = allowed[from]
  if (row === undefined)
    return [{ path, line, says: `${from}/ has no row in tools/tidy/arrows.ts; say there what it may import` }]
  if (row.any) return []
  const local = target.replace(/^src\//, '')
  const permits = (names: readonly string[]) => names.includes(to) || names.includes(local)
  const kind = arrow.import.kind
  if (permits(row.values)) return []
  if (kind === 'type' && (permits(row.types) || permits(row.lazy))) return []
  if (kind === 'dynamic' && permits(row.lazy)) return []
  const how = kind === 'value' && permits(row.types) ? ' (only by `import type`)' : ''
  const when = kind === 'value' && permits(row.lazy) ? ' (only by `import()`)' : ''
  return [
    { path, line, says: `${from} may not import ${local}${how}${when}; take it as an argument instead` },
  ]
}

/** The imports of a file that leave its unit for another of the house. */
function crossings(file: SourceFile): readonly Arrow[] {
  const from = unitOf(file.path)
  if (from === null || !isScript(file.path) || isTest(file.path)) return []
  return importsOf(file).flatMap((found) => {
    const target = targetOf(file.path, found.specifier)
    const to = target === null ? null : unitOf(target)
    return target === null || to === null || to === from
      ? []
      : [{ from, to, path: file.path, target, import: found }]
  })
}

function targetOf(path: string, specifier: string): string | null {
  if (specifier === '@tandem/sdk' || specifier.startsWith('@tandem/sdk/')) return 'sdk/index.ts'
  if (!specifier.startsWith('.')) return null
  const target = posix.join(posix.dirname(path), specifier)
  return target.startsWith('..') ? null : target
}

/** Units that import each other in a ring, by values or types: none of them can be understood alone. */
export function rings(files: readonly SourceFile[]): readonly Finding[] {
  const sites = new Map<string, Map<string, Arrow>>()
  for (const arrow of files.flatMap((file) => crossings(file))) {
    if (arrow.import.kind === 'dynamic') continue
    const targets = sites.get(arrow.from) ?? new Map<string, Arrow>()
    if (!targets.has(arrow.to)) targets.set(arrow.to, arrow)
    sites.set(arrow.from, targets)
  }
  const ring = firstRing(new Map([...sites].map(([from, targets]) => [from, [...targets.keys()]])))
  const [from = '', to = ''] = ring
  const site = sites.get(from)?.get(to)
  if (site === undefined) return []
  const says = `folders import each other in a ring: ${ring.join(' -> ')}; turn one arrow round or pass a function`
  return [{ path: site.path, line: site.import.line, says }]
}

/** The first ring met walking the graph, its first name again at its end; empty when there is none. */
function firstRing(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>()
  const visit = (name: string, trail: readonly string[]): readonly string[] => {
    const seenAt = trail.indexOf(name)
    if (seenAt !== -1) return [...trail.slice(seenAt), name]
    if (done.has(name)) return []
    for (const next of graph.get(name) ?? []) {
      const ring = visit(next, [...trail, name])
      if (ring.length > 0) return ring
    }
    done.add(name)
    return []
  }
  for (const name of graph.keys()) {
    const ring = visit(name, [])
    if (ring.length > 0) return ring
  }
  return []
}
