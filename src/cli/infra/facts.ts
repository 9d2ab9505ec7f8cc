import type { HostFacts } from '../../api/wire/wire.ts'
import { type Command, hubOptions } from '../command.ts'
import { withHubAndConfig } from '../hub/reach/connect.ts'
import { type Paint, paintFor, tame } from '../../words/paint.ts'

export const command: Command = {
  usage: ['facts [HOST | ROLE | GROUP …]'],
  about: 'What was found out about hosts: what recipes can ask for in `host.facts`.',
  options: hubOptions,
  most: 500,
  run: (args, world) =>
    withHubAndConfig(args, world, async ({ client }) => {
      const { hosts } = await client.call('POST /api/facts', { body: { on: args.words } })
      const paint = paintFor(world.screen())
      if (args.has('json')) world.out(JSON.stringify({ hosts }))
      else world.out(hosts.flatMap((one) => factLines(one, paint)).join('\n'))
      return hosts.some(({ away }) => away !== null) ? 1 : 0
    }),
}

export function factLines({ host, facts, away }: HostFacts, paint: Paint): readonly string[] {
  if (facts === null) return [`${paint.bold(tame(host))} ${paint.bad(tame(away ?? 'has not answered'))}`]
  const width = Math.max(0, ...Object.keys(facts).map((name) => name.length))
  const lines = Object.entries(facts).map(
    ([name, value]) => `  ${paint.dim(name.padEnd(width))} ${tame(shown(value))}`,
  )
  return [paint.bold(tame(host)), ...lines]
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value))
