import { readFile } from 'node:fs/promises'
import type { HostAddress } from '../../remote/remote.ts'
import { type Deployment, placeOf } from '../deployment.ts'

export type Slot = 'a' | 'b'

/** What one host is to do, fixed when the change is planned. */
export type HostWish = Readonly<{ slot: Slot; oldSlot: Slot | null; base: string | null; isWarm: boolean }>

const scriptNames = [
  'lib.sh',
  'systemd.sh',
  'supervised.sh',
  'supervise.sh',
  'retire.sh',
  'boot.sh',
  'facts.sh',
  'front.sh',
  'start.sh',
  'check.sh',
  'files.sh',
  'prepare.sh',
  'switch.sh',
  'unprepare.sh',
  'once.sh',
  'words.pl',
  'tree.pl',
  'front.pl',
  'ready.pl',
  'hold.pl',
] as const
export type ScriptName = (typeof scriptNames)[number]

/** The texts of the programs, read once. */
export type Scripts = Readonly<Record<ScriptName, string>>

export async function readScripts(): Promise<Scripts> {
  const texts = scriptNames.map(async (name) => {
    const text = await readFile(new URL(`../host/${name}`, import.meta.url), 'utf8')
    return [name, withoutComments(text)] as const
  })
  return Object.fromEntries(await Promise.all(texts)) as Scripts
}

/** Comments are for us: they need not travel to every host each time. */
const withoutComments = (text: string): string => text.replaceAll(/^\s*(#.*)?\n/gm, '')

/** Everything that the programs of one host share. */
export type HostParts = Readonly<{
  scripts: Scripts
  host: HostAddress
  deployment: Deployment
  wish: HostWish
  mark: string
  change: string
  token: number
}>

export const isLocal = (host: HostAddress): boolean => host.via.kind === 'local'

export const rootOf = (host: HostAddress): string =>
  host.via.kind === 'local' ? host.via.root : '/var/lib/tandem'

export const placeIn = ({ app, environment }: Deployment): string => placeOf(app, environment)

export const appDirOf = ({ host, deployment }: HostParts): string =>
  `${rootOf(host)}/apps/${placeIn(deployment)}`
