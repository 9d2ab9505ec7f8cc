import { mkdir, rm, writeFile } from 'node:fs/promises'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { spawn } from 'node:child_process'
import type { Lab } from '../../lab/lab.ts'
import type { LabHost } from '../../lab/host.ts'
import { run } from '../../lab/run.ts'
import { type Follower, openFollower, untilOver } from '../../e2e/lab/follower.ts'
import { commandEnvironment, HubProcess, tandem } from '../../e2e/lab/hub-process.ts'
import { person } from '../../e2e/lab/project.ts'
import { endProcessesOf } from '../../e2e/lab/stray-processes.ts'
import { type Ended, type Ran, runToEnd } from '../../e2e/lab/trial.ts'
import type { Client } from '../../src/api/client/client.ts'
import type { ChangeId } from '../../src/change/order.ts'
import { recipeWords } from '../../src/config/reading/said.ts'
import type { Json } from '../../src/change/json.ts'

/** A team with recipes and no apps: its hosts are those of a lab, its hub runs in a process of its own. */
export type Team = Readonly<{
  folder: string
  stateDir: string
  hub: HubProcess
  follower: Follower
  client: () => Client
  /** Writes `tandem.ts` anew: a recipe for each named host, and the files that recipes read. */
  write: (recipes: Recipes, files?: Readonly<Record<string, string | Uint8Array>>) => Promise<void>
  /** Orders an apply of hosts (all with a recipe when there are none) and waits for its end. */
  apply: (on?: readonly string[]) => Promise<Ended>
  /** Orders without waiting. */
  order: (on?: readonly string[]) => Promise<ChangeId>
  revert: (change: ChangeId) => Promise<Ended>
  ended: (id: ChangeId, limitMs?: number) => Promise<Ended>
  /** Runs `tandem WORDS` in the project, with something typed in. */
  command: (words: readonly string[], typed?: string) => Promise<Ran>
  /** Ends the connections that are kept open to hosts: what comes next begins with a cold one. */
  cool: () => Promise<void>
  close: () => Promise<void>
}>

/** By name of the host: the text of its resources, one call after the other, each followed by a comma. */
export type Recipes = ReadonlyMap<string, string>

const endLimitMs = 10 * 60_000
/** Makes the project in a folder and starts its hub. The hosts have no recipe yet. */
export async function openTeam(lab: Lab, folder: string): Promise<Team> {
  const stateDir = join(folder, '.tandem')
  const write: Team['write'] = async (recipes, files = {}) => {
    await mkdir(folder, { recursive: true })
    for (const [name, bytes] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), bytes)
    }
    await writeFile(join(folder, 'tandem.ts'), projectText(lab.hosts, recipes))
  }
  await write(new Map())
  const hub = new HubProcess({ folder, stateDir })
  await hub.start()
  return teamOf({ folder, stateDir, hub, write })
}

function teamOf(parts: Pick<Team, 'folder' | 'stateDir' | 'hub' | 'write'>): Team {
  const { folder, stateDir, hub } = parts
  const client = (): Client => hub.client()
  const follower = openFollower(client)
  const toTheEnd = async (began: number, id: ChangeId, limitMs: number): Promise<Ended> => {
    const status = await untilOver(follower, id, limitMs)
    return { id, status, entries: follower.of(id), ms: performance.now() - began }
  }
  const order = async (on: readonly string[] = []): Promise<ChangeId> => {
    const wish: Json = { do: 'recipes', on: [...on] }
    return (await client().call('POST /api/changes', { body: { kind: 'apply', wish, why: '' } })).id
  }
  return {
    ...parts,
    follower,
    client,
    order,
    apply: async (on) => {
      const began = performance.now()
      return toTheEnd(began, await order(on), endLimitMs)
    },
    revert: async (change) => {
      const began = performance.now()
      const body = { change, target: null, why: '' }
      return toTheEnd(began, (await client().call('POST /api/reverts', { body })).id, endLimitMs)
    },
    ended: (id, limitMs = endLimitMs) => toTheEnd(performance.now(), id, limitMs),
    command: (argv, typed = '') => {
      const env = commandEnvironment({ folder })
      const child = spawn('setpriv', ['--pdeathsig', 'KILL', tandem, ...argv], { cwd: folder, env })
      // A command that reads nothing may end before it was typed.
      child.stdin.on('error', () => undefined)
      child.stdin.end(typed)
      return runToEnd(child)
    },
    cool: () => cool(join(stateDir, 'ssh')),
    close: async () => {
      follower.close()
      await hub.stop()
      endProcessesOf(folder)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A time counts only when the change came to its end as it should. */
export function mustBeDone(ended: Ended): Ended {
  if (ended.status === 'done') return ended
  throw new Error(`${ended.id} is ${ended.status}: ${JSON.stringify(ended.entries.slice(-4)).slice(0, 3000)}`)
}

/** Each connection that is shared listens on a socket in this folder; the other files there are host keys. */
async function cool(folder: string): Promise<void> {
  const names = existsSync(folder) ? readdirSync(folder) : []
  const sockets = names.filter((name) => !name.includes('.known'))
  await Promise.all(sockets.map((name) => run(['ssh', '-S', join(folder, name), '-O', 'exit', 'host'])))
}

function projectText(hosts: readonly LabHost[], recipes: Recipes): string {
  const team = {
    people: { [person]: { name: 'Ada', may: 'everything' } },
    hosts: Object.fromEntries(hosts.map((host) => [host.name, hostWish(host)])),
    infra: { stages: ['rest'], drift: 'never' },
  }
  const roles = [...recipes].map(([name, own]) => `    'for-${name}': (host) => [\n${own}    ],\n`)
  const calls = [...recipes.values()].join('')
  const words = ['tandem', ...recipeWords, 'secret'].filter(
    (word) => word === 'tandem' || new RegExp(`\\b${word}\\(`).test(calls),
  )
  return `import { ${words.join(', ')} } from 'tandem'

export default tandem({
  ...${JSON.stringify(team)},
  roles: {
${roles.join('')}  },
})
`
}

function hostWish(host: LabHost): Readonly<Record<string, unknown>> {
  return {
    address: `root@${host.address}`,
    roles: [`for-${host.name}`],
    hostKey: host.hostKey.split(' ').slice(1, 3).join(' '),
    identityFile: host.keyFile,
  }
}
