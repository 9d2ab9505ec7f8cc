import { readFile } from 'node:fs/promises'
import type { Command } from './command.ts'

export const command: Command = {
  usage: ['version'],
  about: 'Prints the version of this tandem. `tandem status --json` has that of the hub.',
  options: {},
  most: 0,
  run: async (args, world) => {
    const version = await ownVersion()
    world.out(args.has('json') ? JSON.stringify({ version, node: process.version }) : `tandem ${version}`)
    return 0
  },
}

/** The version in our own package.json. */
export async function ownVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}
