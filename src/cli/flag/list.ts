import type { EnvironmentUse, FlagUse } from '../../api/wire/flag-use.ts'
import type { FlagRoutes } from '../../api/wire/flags.ts'
import type { Flag } from '../../../sdk/flag/flag.ts'
import { ruleText } from '../../words/flag.ts'
import { ago } from '../../words/time.ts'
import { type Args, usage } from '../args.ts'
import { withHub } from '../hub/reach/connect.ts'
import { type Page, pageOf } from '../text/page.ts'
import { cell, table } from '../text/table.ts'
import type { World } from '../world.ts'
import { environmentOf } from './asked.ts'
import { waitingText } from './later.ts'

export function listFlags(args: Args, world: World, [extra]: readonly string[]): Promise<number> {
  if (extra !== undefined) throw usage(`flag list takes no name`, `write \`tandem flag show ${extra}\``)
  return withHub(args, world, async ({ client }) => {
    const query = { environment: environmentOf(args) }
    const [all, use, { schedules }] = await Promise.all([
      client.call('GET /api/flags', { query }),
      client.call('GET /api/flag-use', { query }),
      client.call('GET /api/flag-schedules'),
    ])
    const waiting = schedules.filter(
      ({ wish }) => 'environment' in wish && wish.environment === all.environment,
    )
    const page = pageOf(world)
    const text = [...flagsText(all, use, page), ...waitingText(waiting)]
    world.out(args.has('json') ? JSON.stringify({ ...all, use, schedules: waiting }) : text.join('\n'))
    return 0
  })
}

export function flagsText(
  { environment, flags, segments }: FlagRoutes['GET /api/flags'],
  use: EnvironmentUse,
  page: Page,
): readonly string[] {
  if (flags.length === 0 && segments.length === 0)
    return [page.paint.dim(`no flags in ${environment} yet: \`tandem flag new KEY\` makes the first`)]
  const used = new Map(use.flags.map((each) => [each.flag, each]))
  const rows = flags.map(({ key, flag, change, who, at }) => [
    cell(key, 'bold'),
    cell(flag.type),
    cell(flag.on ? 'on' : 'off', flag.on ? 'good' : 'bad'),
    cell(servesText(flag)),
    cell(askedText(used.get(key)), 'dim'),
    cell(change, 'link'),
    cell(`${who}, ${ago(at, page.now)}`, 'dim'),
  ])
  const names = segments.map(({ key }) => key).join(', ')
  return [
    ...table(['FLAG', 'TYPE', 'SWITCH', 'SERVES', '24 H', 'CHANGE', ''], rows, page),
    ...(segments.length === 0 ? [] : ['', page.paint.dim(`segments: ${names}`)]),
  ]
}

/** How often it was asked for, and how often it gave what. */
function askedText(use: FlagUse | undefined): string {
  const variants = new Map<string, number>()
  for (const { variant, count } of use?.day ?? [])
    variants.set(variant ?? 'own', (variants.get(variant ?? 'own') ?? 0) + count)
  if (variants.size === 0) return 'not asked for'
  return [...variants].map(([variant, count]) => `${variant} ${short.format(count)}`).join(', ')
}

const short = new Intl.NumberFormat('en', { notation: 'compact' })

/** What people get, in one line. */
export function servesText(flag: Flag): string {
  if (!flag.on) return flag.off ?? "the program's own default"
  const rules = (flag.rules ?? []).map((rule) => ruleText(rule))
  return [
    ...rules,
    `${flag.default ?? "the program's own default"} for everybody${rules.length > 0 ? ' else' : ''}`,
  ].join('; ')
}
