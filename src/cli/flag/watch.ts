import type { Expectation, Flag } from '../../../sdk/flag/flag.ts'
import { expectationIn } from '../../words/expectation.ts'
import { type Args, usage } from '../args.ts'

/** What `--watch 'QUERY < NUMBER'` says must hold. */
export function watchIn(args: Args): readonly Expectation[] {
  return args.whole('watch').map((written) => {
    const expectation = expectationIn(written)
    if (expectation !== null) return expectation
    throw usage(
      `--watch ${written} says nothing of a number`,
      "write --watch 'QUERY < NUMBER', such as --watch 'sum(rate(errors[5m])) < 0.5'; >, <= and >= do as well",
    )
  })
}

/** What is watched in each rollout of a flag, with what the options say. */
export function watchOf({ watch: before }: Flag, args: Args): Pick<Flag, 'watch'> {
  const watch = watchIn(args)
  if (watch.length > 0) return { watch }
  return before === undefined || args.has('unwatch') ? {} : { watch: before }
}
