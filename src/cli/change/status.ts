import type { AppView, StatusView } from '../../api/wire/wire.ts'
import { type Command, hubOptions } from '../command.ts'
import { withHubAndConfig } from '../hub/reach/connect.ts'
import { type Paint, tame } from '../../words/paint.ts'
import { type Page, pageOf } from '../text/page.ts'
import { type Cell, cell, table } from '../text/table.ts'
import { ago, took } from '../../words/time.ts'

export const command: Command = {
  usage: ['status'],
  about: 'What is live where, which hosts were left behind, and who holds or waits for what.',
  options: hubOptions,
  most: 0,
  run: (args, world) =>
    withHubAndConfig(args, world, async ({ client }) => {
      const status = await client.call('GET /api/status')
      const page = pageOf(world)
      world.out(args.has('json') ? JSON.stringify(status) : statusText(status, page).join('\n'))
      return 0
    }),
}

export function statusText(status: StatusView, page: Page): readonly string[] {
  const apps =
    status.apps.length === 0
      ? [page.paint.dim('no apps yet: add one under `apps` in tandem.ts')]
      : table(
          ['APP', 'LIVE', 'HOSTS', 'CHANGE', 'SINCE', 'URL'],
          status.apps.map((app) => appRow(app, page.now)),
          page,
        )
  const left = status.hosts.flatMap(({ host, fenced }) => (fenced === null ? [] : [{ host, fenced }]))
  const hosts = left.map(({ host, fenced }) =>
    page.paint.care(
      tame(`! ${host} was left behind by ${fenced.by} ${ago(fenced.since, page.now)}: ${fenced.why}`),
    ),
  )
  return [...apps, ...status.apps.flatMap((app) => mixed(app, page.paint)), ...hosts, ...lines(status, page)]
}

function appRow(app: AppView, now: number): readonly Cell[] {
  const reached = app.hosts.filter(({ release }) => release !== null && release === app.release).length
  const isWhole = reached === app.hosts.length
  return [
    cell(app.target, 'bold'),
    app.commit === null ? cell('nothing', 'dim') : cell(app.commit.slice(0, 7)),
    cell(`${reached} of ${app.hosts.length}`, isWhole ? 'good' : app.release === null ? 'dim' : 'care'),
    cell(app.change ?? '', 'link'),
    cell(app.since === null ? '' : ago(app.since, now)),
    cell(app.url ?? '', 'dim'),
  ]
}

/** Hosts that have another release than the app. What one has that was left behind is not known. */
function mixed(app: AppView, paint: Paint): readonly string[] {
  if (app.release === null) return []
  return app.hosts
    .filter(({ release, fenced }) => fenced === null && release !== app.release)
    .map(({ host, commit }) =>
      paint.care(
        tame(`! ${app.target} on ${host}: ${commit === null ? 'nothing' : commit.slice(0, 7)} is live there`),
      ),
    )
}

function lines({ lines: all }: StatusView, { paint, now }: Page): readonly string[] {
  return all.flatMap(({ target, holder, waiting }) => {
    const places = holder === null ? waiting : [holder, ...waiting]
    return places.map((place) => {
      const does = place === holder ? 'at work' : 'waiting'
      const why = place.why === '' ? '' : `: ${place.why}`
      const text = `${target}  ${place.change} by ${place.who}, ${does} for ${took(now - place.since)}${why}`
      return place === holder ? paint.link(tame(`● ${text}`)) : paint.dim(tame(`○ ${text}`))
    })
  })
}
