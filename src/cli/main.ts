import { troubleOf } from '../change/trouble.ts'
import { readArgs, usage, UsageError } from './args.ts'
import { everyOption, hubOptions } from './command.ts'
import { commands, type Listed } from './commands.ts'
import { meant } from './meant.ts'
import type { World } from './world.ts'

/** Runs one command line and returns its exit code. Whatever goes wrong is told, not thrown. */
export async function main(argv: readonly string[], world: World): Promise<number> {
  try {
    return await run(argv, world)
  } catch (thrown) {
    return await tell(thrown, argv, world)
  }
}

async function run(argv: readonly string[], world: World): Promise<number> {
  if (argv[0] === '--version' || argv[0] === '-V') return run(['version', ...argv.slice(1)], world)
  const at = nameAt(argv)
  const name = at === -1 ? 'help' : (argv[at] ?? 'help')
  const listed = commands.find((one) => one.name === name)
  if (listed === undefined) throw await unknownCommand(name)
  const rest = argv.filter((_, index) => index !== at)
  return runCommand(
    listed,
    at === -1 ? rest.filter((word) => word !== '--help' && word !== '-h') : rest,
    world,
  )
}

async function runCommand(listed: Listed, argv: readonly string[], world: World): Promise<number> {
  const { command } = await listed.load()
  const args = await readArgs(argv, { name: listed.name, options: command.options, most: command.most })
  if (!args.has('help')) return command.run(args, world)
  const { command: help } = await import('./help.ts')
  return help.run({ ...args, words: [listed.name] }, world)
}

/** The first word that is neither an option nor the value of one that may stand before the command. */
function nameAt(argv: readonly string[]): number {
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? ''
    if (!word.startsWith('-')) return at
    const spec = { ...everyOption, ...hubOptions }[word.slice(2)]
    if (spec !== undefined && spec.value !== null) at += 1
  }
  return -1
}

async function unknownCommand(name: string): Promise<UsageError> {
  const near = await meant(
    name,
    commands.map((one) => one.name),
  )
  return usage(`there is no command '${name}'`, near ?? 'see `tandem help`')
}

async function tell(thrown: unknown, argv: readonly string[], world: World): Promise<number> {
  const { isWrongUsage } = await import('../api/client/client.ts')
  const exit = thrown instanceof UsageError || isWrongUsage(thrown) ? 2 : 1
  const trouble = troubleOf(thrown)
  if (argv.includes('--json')) {
    world.out(JSON.stringify({ trouble, exit }))
    return exit
  }
  const { troubleText } = await import('../words/trouble.ts')
  const { paintFor } = await import('../words/paint.ts')
  world.err(troubleText(trouble, paintFor(world.screen())))
  return exit
}
