import { flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { HubSide } from '../../api/hub-side.ts'
import type { Serving } from '../../api/serve/serve.ts'
import type { Entry } from '../../change/entry.ts'
import { type Args, numberIn, usage } from '../args.ts'
import { type Command, hubOptions, option } from '../command.ts'
import { removeHubFile, runningHub, writeHubFile } from './reach/hub-file.ts'
import { localPerson, localToken } from './reach/local-token.ts'
import { openHubHere, tellBug } from './reach/open-hub.ts'
import { projectNeeded, stateDirOf } from './reach/project.ts'
import { tellHappening } from '../text/happening.ts'
import { paintFor, tame } from '../../words/paint.ts'
import { stamp } from '../../words/time.ts'
import { windDown } from './wind-down.ts'
import type { World } from '../world.ts'

const usualHost = '127.0.0.1'

export const command: Command = {
  usage: ['hub [--port N] [--host ADDRESS]'],
  about:
    'Runs the hub of the project here, with its dashboard, until it is interrupted. It lets the changes at work end; ' +
    'interrupted again it has them stopped and undone, a third time it leaves them to the next hub.',
  options: {
    port: option('N', 'the port (otherwise: the first free one of 7700 to 7720)'),
    host: option('ADDRESS', `the address to listen on (otherwise: ${usualHost}, this machine only)`),
    project: hubOptions['project'] ?? option('DIR', 'the folder of tandem.ts'),
  },
  most: 0,
  run: async (args, world) => {
    const projectDir = projectNeeded(args, world)
    const stateDir = stateDirOf(projectDir)
    const running = await runningHub(stateDir)
    if (running !== null)
      throw usage(`a hub runs on this project already: ${running}`, 'use it, or end it first')
    const hub = await openHubHere(world, { projectDir, stateDir, kind: 'hub' })
    try {
      const token = await localToken(hub.side, stateDir, world)
      const serving = await serveHub(hub.side, args, world)
      await hub.start()
      await writeHubFile(stateDir, serving.url)
      tellStart(serving.url, token, args, world)
      tellChanges(hub.side, args, world)
      // What was compiled for this start is kept for the next, also when nobody ends us in peace.
      flushCompileCache()
      await interrupted(world)
      const exit = await windDown(hub, world)
      await removeHubFile(stateDir)
      await hub.letGo()
      await serving.stop()
      return exit
    } finally {
      await hub.close()
    }
  },
}

async function serveHub(side: HubSide, args: Args, world: World): Promise<Serving> {
  const [{ makeDoors }, { serve }] = await Promise.all([
    import('../../api/doors.ts'),
    import('../../api/serve/serve.ts'),
  ])
  const doors = makeDoors(side, { now: world.now, broke: (_, thrown) => tellBug(world, thrown) })
  const isAsked = args.text('port') !== null
  const port = isAsked ? numberIn(args, 'port', { least: 0, most: 65_535, otherwise: 0 }) : null
  const webDir = fileURLToPath(new URL('../../../build/web', import.meta.url))
  return serve(doors, { host: args.text('host') ?? usualHost, port, webDir })
}

/** The link logs a browser in; it is shown on a terminal only, because what goes to a file is kept and read by others. */
function tellStart(url: string, token: string, args: Args, world: World): void {
  const screen = world.screen()
  const paint = paintFor(screen)
  const link = screen.isTty ? `${url}/login#token=${token}` : url
  if (args.has('json')) world.out(JSON.stringify({ url, pid: process.pid }))
  else {
    world.out(`the hub is at ${paint.bold(url)}`)
    if (screen.isTty) world.out(`open it as ${localPerson(world)}: ${paint.link(link)}`)
    else world.out('log in with a token of `tandem token new`')
    const host = args.text('host') ?? usualHost
    if (host !== usualHost && host !== 'localhost' && host !== '::1') {
      world.err(paint.care('it is not encrypted: put something that speaks TLS in front of it'))
    }
  }
}

/** Begins and ends of changes, so that the terminal of the hub is not silent. */
function tellChanges(side: HubSide, args: Args, world: World): void {
  const paint = paintFor(world.screen())
  const entry = (one: Entry): void => {
    if (!told.has(one.type)) return
    const { text, tone } = tellHappening(one)
    if (args.has('json')) world.out(JSON.stringify(one))
    else world.out(`${paint.dim(stamp(one.at))}  ${one.change}  ${paint[tone](tame(text))}`)
  }
  side.subscribe({ entry, aside: () => {}, log: () => {} })
}

const told: ReadonlySet<Entry['type']> = new Set([
  'ordered',
  'refused',
  'withdrawn',
  'finished',
  'undone',
  'stuck',
  'fenced',
  'healed',
])

function interrupted(world: World): Promise<void> {
  return new Promise((resolve) => {
    const giveBack = [world.onInterrupt, world.onHangup].map((on) =>
      on(() => {
        for (const give of giveBack) give()
        resolve()
      }),
    )
  })
}
