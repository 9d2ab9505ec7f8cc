import type { Args } from './args.ts'
import type { World } from './world.ts'

export type OptionSpec = Readonly<{
  /** What stands for its value in the help; `null` for a switch that takes none. */
  value: string | null
  short: string | null
  help: string
}>

/** A command as its own file exports it. */
export type Command = Readonly<{
  /** Ways to write it, without `tandem`. */
  usage: readonly string[]
  about: string
  options: Readonly<Record<string, OptionSpec>>
  /** How many words it takes after its name, at most. */
  most: number
  /** The exit code. */
  run: (args: Args, world: World) => Promise<number>
}>

export const option = (value: string, help: string): OptionSpec => ({ value, short: null, help })
export const choice = (help: string, short: string | null = null): OptionSpec => ({
  value: null,
  short,
  help,
})

/** Options of every command. */
export const everyOption: Readonly<Record<string, OptionSpec>> = {
  json: choice('JSON on standard output, for programs'),
  help: choice('show this', 'h'),
}

/** Options of every command that asks a hub. */
export const hubOptions: Readonly<Record<string, OptionSpec>> = {
  hub: option(
    'URL',
    'the hub to ask (otherwise: TANDEM_HUB, the login of this project, this project itself)',
  ),
  project: option('DIR', 'the folder of tandem.ts (otherwise: the nearest one upward)'),
}

export const whyOption: Readonly<Record<string, OptionSpec>> = {
  why: option('TEXT', 'the reason, for the ledger and the room'),
}

export const verboseOption: Readonly<Record<string, OptionSpec>> = {
  verbose: choice('also what the steps print', 'v'),
}

/** Whose recipes. */
export const commitOption: Readonly<Record<string, OptionSpec>> = {
  commit: option(
    'REF',
    'the recipes of this commit, branch or tag (otherwise: those in the folder of the hub)',
  ),
}
