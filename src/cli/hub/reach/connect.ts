import { type Client, makeClient } from '../../../api/client/client.ts'
import { TroubleError } from '../../../change/trouble.ts'
import type { TeamConfig } from '../../../config/config.ts'
import { type Args, UsageError } from '../../args.ts'
import { askAhead, sudoPasswordsIfAsked } from '../../host/sudo-passwords.ts'
import type { World } from '../../world.ts'
import { chooseHub } from './choose.ts'
import { runningHub } from './hub-file.ts'
import { keptToken, localPerson, localToken } from './local-token.ts'
import { readLogins } from './logins.ts'
import { openHubHere, tellBug } from './open-hub.ts'
import { projectIn, stateDirOf } from './project.ts'

/** A hub to ask. `drives`: it is this very process, which must not end before the changes it drives. */
export type Connection = Readonly<{ client: Client; drives: boolean; close: () => Promise<void> }>

type Act = (connection: Connection) => Promise<number>

/** What a command needs of a hub in its own process. */
type Needs = Readonly<{
  /** It orders changes: it carries them out, and takes up what others left open. */
  drives: boolean
  /** It makes no sense with a mistake in tandem.ts, which is told before anything else is even loaded. */
  config: boolean
}>

/** Asks the hub that this command line means, and lets go of it. It answers with a broken tandem.ts too. */
export const withHub = (args: Args, world: World, act: Act): Promise<number> =>
  letGo(connect(args, world, { drives: false, config: false }), act)

/** As `withHub`, for what can only be answered with a good tandem.ts. */
export const withHubAndConfig = (args: Args, world: World, act: Act): Promise<number> =>
  letGo(connect(args, world, { drives: false, config: true }), act)

/** Orders something of the hub that this command line means. */
export const withOrders = (args: Args, world: World, act: Act): Promise<number> =>
  letGo(connect(args, world, { drives: true, config: false }), act)

/** As `withOrders`, for what can only be ordered with a good tandem.ts. */
export const withOrdersAndConfig = (args: Args, world: World, act: Act): Promise<number> =>
  letGo(connect(args, world, { drives: true, config: true }), act)

async function letGo(connecting: Promise<Connection>, act: Act): Promise<number> {
  const connection = await connecting
  try {
    return await act(connection)
  } finally {
    await connection.close()
  }
}

async function connect(args: Args, world: World, needs: Needs): Promise<Connection> {
  const logins = await readLogins(world)
  const choice = chooseHub({
    named: args.text('hub'),
    env: world.env,
    logins,
    project: projectIn(args, world),
  })
  if (choice.type === 'away') return away(choice.url, choice.token)
  const stateDir = stateDirOf(choice.project)
  const url = await runningHub(stateDir)
  if (url === null) return inProcess(choice.project, world, needs)
  const token = await keptToken(stateDir, localPerson(world))
  return away(url, token ?? (await newLocalToken(choice.project, stateDir, world)))
}

const away = (base: string, token: string): Connection => ({
  client: makeClient({ fetch, base, token, door: 'cli' }),
  drives: false,
  close: async () => {},
})

/** The same client, and the same app that answers HTTP, without a network between them. */
async function inProcess(project: string, world: World, needs: Needs): Promise<Connection> {
  const { configReader } = await import('../../../config/reading/keep.ts')
  const config = configReader(project)
  if (needs.config) await refuseMistakes(config)
  const stateDir = stateDirOf(project)
  const passwordOf = sudoPasswordsIfAsked(world)
  const asking = passwordOf === null ? {} : { sudoPassword: passwordOf }
  const place = { projectDir: project, stateDir, kind: 'cli', config, ...asking } as const
  const [hub, { makeApi }] = await Promise.all([openHubHere(world, place), import('../../../api/app.ts')])
  const token = await closingOnFailure(hub, () => localToken(hub.side, stateDir, world))
  const app = makeApi(hub.side, { now: world.now, broke: (_, thrown) => tellBug(world, thrown) })
  if (needs.drives) await closingOnFailure(hub, () => hub.start())
  const fetch = async (request: Request) => {
    if (passwordOf !== null) await askAhead(passwordOf, request, config)
    return app.request(request)
  }
  return {
    client: makeClient({ fetch, base: 'http://in-process', token, door: 'cli' }),
    drives: true,
    close: async () => {
      const slow = setTimeout(() => world.err('finishing what an earlier command left open'), idleQuietMs)
      await hub.idle()
      clearTimeout(slow)
      await hub.close()
    },
  }
}

const idleQuietMs = 1_000

async function refuseMistakes(config: () => Promise<TeamConfig>): Promise<void> {
  await config().catch((thrown: unknown) => {
    throw thrown instanceof TroubleError ? new UsageError(thrown.trouble) : thrown
  })
}

/** The hub that runs has not met this person on this machine yet; its store may be opened by two. */
async function newLocalToken(project: string, stateDir: string, world: World): Promise<string> {
  const hub = await openHubHere(world, { projectDir: project, stateDir, kind: 'cli' })
  const token = await closingOnFailure(hub, () => localToken(hub.side, stateDir, world))
  await hub.close()
  return token
}

async function closingOnFailure<T>(hub: { close: () => Promise<void> }, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (thrown) {
    await hub.close()
    throw thrown
  }
}
