import type { KeptRelease } from '../../api/wire/code.ts'
import { type Command, hubOptions } from '../command.ts'
import { withHub } from '../hub/reach/connect.ts'
import { ago, stamp } from '../../words/time.ts'
import { type Page, pageOf } from '../text/page.ts'
import { cell, table } from '../text/table.ts'

export const command: Command = {
  usage: ['releases'],
  about: 'Shows what the hub keeps of what was built, how large it is, and why it is kept.',
  options: hubOptions,
  most: 0,
  run: (args, world) =>
    withHub(args, world, async ({ client }) => {
      const { releases } = await client.call('GET /api/releases')
      const page = pageOf(world)
      world.out(args.has('json') ? JSON.stringify({ releases }) : releasesText(releases, page).join('\n'))
      return 0
    }),
}

export function releasesText(releases: readonly KeptRelease[], page: Page): readonly string[] {
  if (releases.length === 0) return [page.paint.dim('nothing was built here yet: see `tandem deploy`')]
  const rows = releases.map((one) => [
    cell(one.release.slice(0, 7), 'link'),
    cell(one.repo ?? ''),
    cell(one.commit?.slice(0, 7) ?? '', 'link'),
    cell(sizeText(one.bytes)),
    cell(ago(one.usedAt, page.now)),
    cell(whyText(one), one.until === null ? 'plain' : 'dim'),
  ])
  const all = releases.reduce((sum, { bytes }) => sum + bytes, 0)
  const needed = releases.filter(({ until }) => until === null).length
  return [
    ...table(['RELEASE', 'OF', 'COMMIT', 'SIZE', 'USED', 'KEPT BECAUSE'], rows, page),
    '',
    `${releases.length} releases, ${sizeText(all)}; ${needed} of them are needed`,
  ]
}

function whyText({ why, until }: KeptRelease): string {
  const [first = '', ...others] = why
  if (until !== null) return `nobody needs it; goes ${stamp(until)}, or before when room is needed`
  return others.length === 0 ? first : `${first}, and ${others.length} more`
}

function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const at = Math.min(units.length - 1, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)))
  const value = bytes / 1024 ** at
  return `${value < 10 && at > 0 ? value.toFixed(1) : Math.round(value)} ${units[at] ?? ''}`
}
