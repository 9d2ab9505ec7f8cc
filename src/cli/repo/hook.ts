import type { Client } from '../../api/client/client.ts'
import type { ForgeView } from '../../api/wire/code.ts'
import type { Args } from '../args.ts'
import { type Paint, paintFor, tame } from '../../words/paint.ts'
import { ago } from '../../words/time.ts'
import type { World } from '../world.ts'

/** `tandem repo hook NAME`: what to enter on the forge, and how it goes since. */
export async function showHook(client: Client, repo: string, args: Args, world: World): Promise<number> {
  const { forge } = await client.call('GET /api/repos/:repo/forge', { params: { repo } })
  const page = { paint: paintFor(world.screen()), now: world.now() }
  world.out(args.has('json') ? JSON.stringify({ forge }) : hookText(forge, page).join('\n'))
  return 0
}

type Page = Readonly<{ paint: Paint; now: number }>

export function hookText(forge: ForgeView, { paint, now }: Page): readonly string[] {
  const { hook } = forge
  const how = entries[forge.kind]
  const url = hook.url ?? `${paint.care('https://YOUR-HUB')}${hook.path}`
  const rows = [
    [how.url, url],
    ...how.also,
    [hook.isWeak ? 'Secret token' : how.secret, `the value of ${hook.secret} in infra`],
    [how.events[0], how.events[1]],
  ] as const
  const width = Math.max(...rows.map(([label]) => label.length))
  return [
    `add a webhook at ${paint.link(`${forge.url}${how.page}`)}`,
    ...rows.map(([label, value]) => `  ${paint.dim(label.padEnd(width))}  ${value}`),
    ...missing(forge),
    '',
    ...hookState(forge, now),
    ...statusState(forge, now),
  ]
}

type Entries = Readonly<{
  page: string
  url: string
  also: readonly (readonly [string, string])[]
  secret: string
  events: readonly [string, string]
}>

const likeGitea = (kind: string): Entries => ({
  page: `/settings/hooks/${kind}/new`,
  url: 'Target URL',
  also: [
    ['HTTP method', 'POST'],
    ['Content type', 'application/json'],
  ],
  secret: 'Secret',
  events: ['Trigger on', 'push, create, delete, pull request, pull request synchronized'],
})

/** What each forge calls what it asks for. */
const entries: Readonly<Record<ForgeView['kind'], Entries>> = {
  github: {
    page: '/settings/hooks/new',
    url: 'Payload URL',
    also: [['Content type', 'application/json']],
    secret: 'Secret',
    events: ['Events', 'pushes, pull requests'],
  },
  gitea: likeGitea('gitea'),
  forgejo: likeGitea('forgejo'),
  gitlab: {
    page: '/-/hooks',
    url: 'URL',
    also: [],
    secret: 'Signing token',
    events: ['Trigger', 'push events, tag push events, merge request events'],
  },
}

/** What has to be done here before it works. */
function missing({ hook }: ForgeView): readonly string[] {
  const steps = [
    ...(hook.url === null ? ["say where the hub is in tandem.ts: url: 'https://…'"] : []),
    ...(hook.isSecretSet ? [] : [`set the secret: \`tandem secret set ${hook.secret} --in infra\``]),
    ...(hook.isWeak ? ['GitLab 19 and later can sign: leave out `webhook`, which is stronger'] : []),
  ]
  return steps.map((step) => `next: ${step}`)
}

function hookState({ hook, looked }: ForgeView, now: number): readonly string[] {
  const last =
    hook.lastTakenAt === null ? 'no webhook was taken' : `last webhook ${ago(hook.lastTakenAt, now)}`
  const counts = [`${hook.taken} taken`, `${hook.repeated} repeated`, `${hook.refused} refused`].join(', ')
  const { lastRefusal } = hook
  return [
    `${last} (since the hub began: ${counts})`,
    ...(lastRefusal === null ? [] : [`last refused ${ago(lastRefusal.at, now)}: ${tame(lastRefusal.why)}`]),
    looked.at === null ? 'its refs were not looked at yet' : `its refs were looked at ${ago(looked.at, now)}`,
    ...(looked.trouble === null
      ? []
      : [`trouble: ${tame(looked.trouble.what)}; ${tame(looked.trouble.now)}`]),
    ...looked.refused.map(({ ref, why }) => `not fetched: ${tame(ref)}: ${tame(why)}`),
  ]
}

function statusState({ statuses }: ForgeView, now: number): readonly string[] {
  if (statuses.token === null) return ['it is told no statuses: `forge.token` names no secret']
  const sent = statuses.sentAt === null ? 'none was sent yet' : `last sent ${ago(statuses.sentAt, now)}`
  const waiting = statuses.waiting === 0 ? '' : `, ${statuses.waiting} wait`
  const trouble = statuses.trouble === null ? [] : [`trouble: ${tame(statuses.trouble)}`]
  return [`statuses: ${sent}${waiting}`, ...trouble]
}
