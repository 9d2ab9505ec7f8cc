import { resolve } from 'node:path'
import type { Command } from '../command.ts'

export const command: Command = {
  usage: ['init [DIR]'],
  about: 'Looks at the project here and writes a small tandem.ts that fits it.',
  options: {},
  most: 1,
  run: async (args, world) => {
    const { initProject } = await import('./init.ts')
    const made = await initProject(resolve(world.cwd, args.words[0] ?? '.'))
    if (args.has('json')) world.out(JSON.stringify(made))
    else for (const line of [...made.lines, `next: ${made.next}`]) world.out(line)
    return 0
  },
}
