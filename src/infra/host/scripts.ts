import { readFile } from 'node:fs/promises'

const scriptNames = [
  'probe.sh',
  'evidence.sh',
  'as.sh',
  'runtime.sh',
  'preflight.sh',
  'paths.sh',
  'packages.sh',
  'accounts.sh',
  'units.sh',
  'debts.sh',
  'commands.sh',
  'lockout.sh',
  'disarm.sh',
  'watch.sh',
  'finish.sh',
  'undo.sh',
  'undo-paths.sh',
] as const
export type HostScriptName = (typeof scriptNames)[number]

/** The texts of the programs for hosts, read once. */
export type HostScripts = Readonly<Record<HostScriptName, string>>

export async function readHostScripts(): Promise<HostScripts> {
  const texts = scriptNames.map(async (name) => {
    const text = await readFile(new URL(name, import.meta.url), 'utf8')
    return [name, withoutComments(text)] as const
  })
  return Object.fromEntries(await Promise.all(texts)) as HostScripts
}

/** Comments are for us: they need not travel to every host each time. */
const withoutComments = (text: string): string => text.replaceAll(/^\s*(#.*)?\n/gm, '')
