import { resolve } from 'node:path'
import type { Client } from '../../api/client/client.ts'
import type { CodeSearch, FlagPlace } from '../../api/wire/flag-use.ts'
import type { Judged, StaleFlag } from '../../flags/stale/judge.ts'
import { type Paint, paintFor, tame } from '../../words/paint.ts'
import { type Args, usage } from '../args.ts'
import { withHub } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'
import { environmentOf } from './asked.ts'

const usualDays = 14
const placesShown = 10

/** Which flags look forgotten, why, and where code still asks for them. */
export function staleFlags(args: Args, world: World, [extra]: readonly string[]): Promise<number> {
  if (extra !== undefined) throw usage('flag stale takes no name', 'write `tandem flag stale`')
  const days = daysIn(args)
  return withHub(args, world, async ({ client }) => {
    const query = { environment: environmentOf(args) }
    const [{ environment, flags }, use, { judge, whyText }] = await Promise.all([
      client.call('GET /api/flags', { query }),
      client.call('GET /api/flag-use', { query }),
      import('../../flags/stale/judge.ts'),
    ])
    const judged = judge(flags, use, { now: world.now(), days })
    const keys = judged.stale.map(({ key }) => key)
    const search = keys.length === 0 ? null : await searchFor(keys, client, { args, world })
    if (args.has('json')) world.out(JSON.stringify({ environment, days, ...judged, search }))
    else
      for (const line of textOf(judged, search, { environment, whyText, paint: paintFor(world.screen()) }))
        world.out(line)
    return 0
  })
}

function daysIn(args: Args): number {
  const written = args.text('days') ?? String(usualDays)
  const days = Number(written)
  if (/^\d{1,2}$/.test(written) && days >= 1 && days <= 59) return days
  throw usage(`--days ${written} is no number of days`, 'write 1 to 59: counts are kept for 60 days')
}

type Here = Readonly<{ args: Args; world: World }>

async function searchFor(
  flags: readonly string[],
  client: Client,
  { args, world }: Here,
): Promise<CodeSearch> {
  const [repo, ref] = [args.text('repo'), args.text('commit')]
  if (repo !== null)
    return (await client.call('POST /api/flag-places', { body: { repo, ref, flags } })).search
  const { isForeign, searchCode, searchLimits } = await import('../../flags/stale/search.ts')
  const dir = resolve(world.cwd, args.text('code') ?? '.')
  if (ref === null) {
    const { workTree } = await import('./work-tree.ts')
    return searchCode(dir, workTree(dir, { fileBytes: searchLimits.fileBytes, isForeign }), flags)
  }
  const [{ findCommit }, { commitFiles }] = await Promise.all([
    import('../../vcs/commit.ts'),
    import('../../vcs/browse/commit-files.ts'),
  ])
  const { hash } = await findCommit(dir, ref)
  const files = commitFiles(dir, hash, { mostBytes: searchLimits.fileBytes, leaves: isForeign })
  return searchCode(`${dir} at ${hash.slice(0, 7)}`, files, flags)
}

type Page = Readonly<{
  environment: string
  whyText: (why: StaleFlag['why'][number]) => string
  paint: Paint
}>

function textOf({ stale, doubts }: Judged, search: CodeSearch | null, page: Page): readonly string[] {
  const { environment, paint } = page
  const known = doubts.map((doubt) => paint.dim(doubt))
  if (search === null) return [`no flag in ${environment} looks forgotten`, ...known]
  const computed = search.places.filter(({ flag }) => flag === null)
  const others = search.leftOut.map(({ path, why }) => `${tame(path)}: ${why}`)
  return [
    ...stale.flatMap((flag) =>
      flagText(
        flag,
        search.places.filter((place) => place.flag === flag.key),
        page,
      ),
    ),
    ...(computed.length > 0
      ? [
          `${computed.length} calls ask by a key that is made up as the program runs: it may be one of these`,
          ...placeLines(computed, paint),
          '',
        ]
      : []),
    paint.dim(`looked at ${search.files} files in ${tame(search.where)}`),
    ...(others.length > 0 ? [paint.dim(`not looked at: ${others.join('; ')}`)] : []),
    ...known,
  ]
}

function flagText(
  { key, owner, why }: StaleFlag,
  places: readonly FlagPlace[],
  page: Page,
): readonly string[] {
  const { paint, whyText } = page
  const reasons = why.map(whyText).join(', ')
  return [
    `${paint.bold(key)}: ${reasons}${owner === null ? '' : paint.dim(` · ${tame(owner)}`)}`,
    ...placeLines(places, paint),
    ...adviceOn(key, why, places).map((line) => `  ${line}`),
    '',
  ]
}

function placeLines(places: readonly FlagPlace[], paint: Paint): readonly string[] {
  const shown = places.slice(0, placesShown).map(({ path, line, column, how, code }) => {
    const kind = how === 'asked' ? 'asks' : how === 'named' ? 'names it' : 'says it'
    return `  ${tame(path)}:${line}:${column} ${paint.dim(`${kind}:`)} ${tame(code)}`
  })
  const more = places.length - shown.length
  return more > 0 ? [...shown, paint.dim(`  and ${more} more places: --json has them all`)] : shown
}

/** Code goes first, then the flag: programs that still ask would be left to their own default. */
function adviceOn(key: string, why: StaleFlag['why'], places: readonly FlagPlace[]): readonly string[] {
  const archive = `\`tandem flag archive ${key}\``
  if (places.length === 0) return [`no code asks for it here: ${archive}`]
  const same = why.find((one) => one.type === 'always the same')
  if (same === undefined) return [`take it out of the code, release that, and then ${archive}`]
  const answer = same.variant === null ? 'the own default' : `'${same.variant}'`
  return [`write ${answer} there instead, release that, and then ${archive}`]
}
