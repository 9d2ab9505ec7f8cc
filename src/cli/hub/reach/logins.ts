import { join } from 'node:path'
import type { World } from '../../world.ts'
import { readPrivate, textsIn, writePrivate } from './private-file.ts'

/** What `tandem login` remembers. */
export type Logins = Readonly<{
  /** The token for each hub, by its URL. */
  tokens: Readonly<Record<string, string>>
  /** The hub of each project, by its folder. */
  projects: Readonly<Record<string, string>>
}>

export function loginsFile(world: World): string {
  const config = world.env['XDG_CONFIG_HOME']
  const isSet = config !== undefined && config !== ''
  return join(isSet ? config : join(world.home, '.config'), 'tandem', 'hubs.json')
}

export async function readLogins(world: World): Promise<Logins> {
  const kept = await readPrivate(loginsFile(world))
  const parts: Record<string, unknown> = typeof kept === 'object' && kept !== null ? { ...kept } : {}
  return { tokens: textsIn(parts['tokens']), projects: textsIn(parts['projects']) }
}

export async function writeLogins(world: World, logins: Logins): Promise<void> {
  await writePrivate(loginsFile(world), `${JSON.stringify(logins, null, 2)}\n`)
}

/** With a login more: the hub's token, and the hub as that of the project if there is one. */
export function withLogin(logins: Logins, url: string, token: string, project: string | null): Logins {
  return {
    tokens: { ...logins.tokens, [url]: token },
    projects: project === null ? logins.projects : { ...logins.projects, [project]: url },
  }
}

/** Without a hub, its token and the projects that named it. */
export function withoutLogin(logins: Logins, url: string): Logins {
  const { [url]: _, ...tokens } = logins.tokens
  const projects = Object.entries(logins.projects).filter(([, hub]) => hub !== url)
  return { tokens, projects: Object.fromEntries(projects) }
}
