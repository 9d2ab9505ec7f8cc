import { tame } from '../../words/paint.ts'
import { type Args, usage } from '../args.ts'
import { withHub } from '../hub/reach/connect.ts'
import type { World } from '../world.ts'
import { environmentOf, keyIn, pairIn } from './asked.ts'
import { readValue, withValue } from './value.ts'

export function explainFlag(args: Args, world: World, words: readonly string[]): Promise<number> {
  const key = keyIn(words, 'explain')
  const body = { environment: environmentOf(args), context: contextIn(args) }
  return withHub(args, world, async ({ client }) => {
    const answer = await client.call('POST /api/flags/:key/explain', { params: { key }, body })
    world.out(args.has('json') ? JSON.stringify(answer) : answer.explanation.lines.map(tame).join('\n'))
    return 0
  })
}

/** Who is asked for: `--user` is who they are, `--attribute` what else is known. */
export function contextIn(args: Args): Readonly<Record<string, unknown>> {
  const user = args.text('user')
  return args
    .texts('attribute')
    .map((written) => pairIn(written, 'attribute'))
    .reduce<Readonly<Record<string, unknown>>>(
      (context, [name, value]) => {
        if (name === 'targetingKey' && user !== null)
          throw usage('who they are is said twice', 'give --user or --attribute targetingKey=…, not both')
        return withValue(context, name.split('.'), readValue(value))
      },
      user === null ? {} : { targetingKey: user },
    )
}
