import { type Args, usage } from '../args.ts'
import { choice, type Command, hubOptions, option, whyOption } from '../command.ts'
import type { World } from '../world.ts'

export const command: Command = {
  usage: [
    'flag list',
    'flag show KEY',
    'flag new KEY [--type TYPE] [--value NAME=VALUE …] [--default NAME] [--while-off NAME]',
    'flag set KEY [VARIANT] [--on | --off] [--for WHO --serve VARIANT [--share 10%]] [--without RULE]',
    "flag set KEY --knob 0..100 --bind 'QUERY > NUMBER' --to min --every 30s | --unbind",
    "flag set KEY --watch 'QUERY < NUMBER' … | --unwatch",
    "flag roll KEY [VARIANT] --stages 1%,10%,50%,100% [--hold 10m] [--watch 'QUERY < NUMBER' …]",
    'flag roll KEY [VARIANT] --stages 20% [--for WHO | --rule RULE]',
    'flag kill KEY',
    'flag unschedule ID',
    'flag archive KEY',
    'flag explain KEY [--user ID] [--attribute NAME=VALUE …]',
    'flag segment KEY [--include ID …] [--exclude ID …] [--for WHO] [--remove]',
    'flag import FILE [--as flagd|unleash|growthbook] [--from NAME] [--replace] | export',
    'flag stale [--days 14] [--code DIR | --repo NAME] [--commit REF]',
    'flag key new [--kind browser] [--label TEXT] | key list | key revoke ID',
  ],
  about:
    'Who gets what: flags of the programs of the team. Whatever alters is shown before, asked for at a terminal, and is a ' +
    'change that `tandem revert` takes back. `kill` asks nothing and waits for nothing.',
  options: {
    in: option('ENV', 'the environment (otherwise: production)'),
    type: option('TYPE', 'boolean, string, number or object (otherwise: boolean, on and off)'),
    value: option('NAME=VALUE', 'the value of a variant, in JSON; may be given again'),
    default: option('NAME', 'the variant for those whom no rule decides'),
    'while-off': option('NAME', 'the variant while it is switched off'),
    on: choice('switch it on'),
    off: choice('switch it off'),
    for: option('WHO', 'a segment, NAME=VALUE (country=DE, email=*@shop.test), or a condition in JSON'),
    serve: option('VARIANT', 'what they get'),
    share: option('PERCENT', 'how many of them get it: 10%'),
    rule: option('RULE', 'the id of the rule that is meant'),
    without: option('RULE', 'take out the rule with this id'),
    knob: option('MIN..MAX', 'between which numbers it may be turned: 0..100'),
    bind: option('QUERY > NUMBER', 'turn it by itself while this PromQL is above (or <, below) a number'),
    to: option('END', 'which way it is turned meanwhile: min or max'),
    every: option('TIME', 'the least time between two turns: 30s'),
    back: option('TIME', 'how long all must be well before each turn back (otherwise: 5 times --every)'),
    pause: option('TIME', 'how long it is left to who turned it by hand (otherwise: 10 times --every)'),
    unbind: choice('turn it by itself no more'),
    requires: option('FLAG=VARIANT', 'only while that flag serves this; may be given again'),
    stages: option('PERCENT,…', 'how far it comes, stage by stage'),
    hold: option('TIME', 'how long each stage is looked at before the next: 10m, 2h, 1d'),
    watch: option(
      'QUERY < NUMBER',
      'what must hold of this PromQL while a stage is looked at; may be given again',
    ),
    unwatch: choice('watch nothing in its rollouts any more'),
    at: option('TIME', 'not now: in 2h, or 2026-12-01T09:00+01:00; `flag list` shows what waits'),
    wait: choice('show the rollout to its end (otherwise: the hub goes on with it)'),
    include: option('ID', 'somebody who is in the segment; may be given again'),
    exclude: option('ID', 'somebody who never is; may be given again'),
    remove: choice('take the segment away'),
    description: option('TEXT', 'what it is'),
    owner: option('PERSON', 'who answers for it'),
    tag: option('WORD', 'a word to find it by; may be given again'),
    expires: option('DAY', 'from when on it counts as forgotten: 2027-01-31'),
    file: option('FILE', 'the whole definition, in JSON'),
    user: option('ID', 'who is asked for: their targetingKey'),
    attribute: option('NAME=VALUE', 'what else is known of them; may be given again'),
    kind: option('KIND', 'server, which reads rules, or browser, which is given answers (otherwise: server)'),
    label: option('TEXT', 'what the key is for'),
    as: option('WHOSE', 'whose file it is: flagd, unleash or growthbook (otherwise: it is looked at)'),
    from: option('NAME', 'which environment of the file'),
    replace: choice('also what is there already'),
    days: option('DAYS', 'after how long a flag counts as forgotten (otherwise: 14)'),
    code: option('DIR', 'the folder to look for flags in (otherwise: here)'),
    repo: option('NAME', 'look in this repository of the hub instead'),
    commit: option('REF', 'look at this commit instead of what lies in the folder'),
    plan: choice('only show what would become of it'),
    yes: choice('do not ask'),
    ...whyOption,
    ...hubOptions,
  },
  most: 3,
  run: async (args, world) => {
    const [action = '', ...words] = args.words
    const act = Object.hasOwn(actions, action) ? actions[action] : undefined
    if (act === undefined) throw usage('flag what?', 'write `tandem flag list`, or see `tandem help flag`')
    return act(args, world, words)
  },
}

type Act = (args: Args, world: World, words: readonly string[]) => Promise<number>

/** Each in a file of its own, loaded only when it is asked for. */
const actions: Readonly<Record<string, Act>> = {
  list: async (...asked) => (await import('./list.ts')).listFlags(...asked),
  show: async (...asked) => (await import('./show.ts')).showFlag(...asked),
  new: async (...asked) => (await import('./write.ts')).newFlag(...asked),
  set: async (...asked) => (await import('./write.ts')).setFlag(...asked),
  archive: async (...asked) => (await import('./write.ts')).archiveFlag(...asked),
  roll: async (...asked) => (await import('./roll.ts')).rollFlag(...asked),
  unschedule: async (...asked) => (await import('./later.ts')).unschedule(...asked),
  kill: async (...asked) => (await import('./roll.ts')).killFlag(...asked),
  explain: async (...asked) => (await import('./explain.ts')).explainFlag(...asked),
  segment: async (...asked) => (await import('./segment.ts')).segmentCommand(...asked),
  import: async (...asked) => (await import('./import.ts')).importFlagsFrom(...asked),
  export: async (...asked) => (await import('./export.ts')).exportFlags(...asked),
  stale: async (...asked) => (await import('./stale.ts')).staleFlags(...asked),
  key: async (...asked) => (await import('./key.ts')).keyCommand(...asked),
}
