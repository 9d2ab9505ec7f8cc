import { usage } from './args.ts'
import { type Command, everyOption, type OptionSpec } from './command.ts'
import { commands } from './commands.ts'
import { meant } from './meant.ts'
import { type Paint, paintFor } from '../words/paint.ts'
import type { World } from './world.ts'

export const command: Command = {
  usage: ['help [COMMAND]'],
  about: 'Shows how to use a command, or which commands there are.',
  options: {},
  most: 1,
  run: async (args, world) => {
    const [name] = args.words
    return name === undefined ? overview(world) : one(name, world)
  },
}

function overview(world: World): number {
  const paint = paintFor(world.screen())
  world.out('tandem: every change to your running system is one Change.\n')
  for (const { name, about } of commands) world.out(`  ${paint.bold(name.padEnd(9))}${about}`)
  world.out('\n`tandem help COMMAND` says more. Every command has --json.')
  world.out('exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage, 3 failed and was undone,')
  world.out('4 needs a person')
  return 0
}

async function one(name: string, world: World): Promise<number> {
  const listed = commands.find((candidate) => candidate.name === name)
  if (listed === undefined) {
    const names = commands.map((candidate) => candidate.name)
    throw usage(`there is no command '${name}'`, (await meant(name, names)) ?? 'see `tandem help`')
  }
  const { command: found } = await listed.load()
  const paint = paintFor(world.screen())
  for (const line of found.usage) world.out(paint.bold(`tandem ${line}`))
  world.out(`\n${found.about}\n`)
  for (const [long, spec] of Object.entries({ ...found.options, ...everyOption })) {
    world.out(optionLine(long, spec, paint))
  }
  return 0
}

function optionLine(long: string, spec: OptionSpec, paint: Paint): string {
  const written = `${spec.short === null ? '' : `-${spec.short}, `}--${long}${spec.value === null ? '' : ` ${spec.value}`}`
  return `  ${paint.bold(written.padEnd(18))} ${spec.help}`
}
