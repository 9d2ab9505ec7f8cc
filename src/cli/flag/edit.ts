import { randomBytes } from 'node:crypto'
import type { About, Flag, FlagType, Json, Rule, Share } from '../../../sdk/flag/flag.ts'
import { type Args, usage } from '../args.ts'
import { pairIn, percentIn } from './asked.ts'
import { knobIn } from './knob.ts'
import { readValue } from './value.ts'
import { watchOf } from './watch.ts'
import { whoIn } from './who.ts'

/** The flag that `tandem flag new` asks for. */
export function made(args: Args): Flag {
  const type = (args.text('type') ?? 'boolean') as FlagType
  const values = valuesIn(args)
  const variants = Object.keys(values).length === 0 ? variantsOf(type) : values
  const [first = ''] = Object.keys(variants)
  const usual = type === 'boolean' && Object.hasOwn(variants, 'off') ? 'off' : first
  const flag: Flag = { type, on: true, variants, default: usual, off: usual }
  return edited(flag, null, args)
}

function variantsOf(type: FlagType): Readonly<Record<string, Json>> {
  if (type === 'boolean') return { on: true, off: false }
  throw usage(
    `a flag of type ${type} needs values`,
    'give at least one: --value NAME=VALUE, such as --value small=10',
  )
}

const valuesIn = (args: Args): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    args.texts('value').map((written) => {
      const [name, value] = pairIn(written, 'value')
      return [name, readValue(value)]
    }),
  )

/** A flag with what the options say. Whether all of it goes together is for the hub to say. */
export function edited(flag: Flag, variant: string | null, args: Args): Flag {
  const usual = variant ?? args.text('default')
  const off = args.text('while-off')
  const about = aboutIn(flag, args)
  const requires = args.texts('requires').map((written) => {
    const [key, serves] = pairIn(written, 'requires')
    return { flag: key, serves: serves.split('|') }
  })
  const { watch: _, ...rest } = flag
  return {
    ...rest,
    ...(args.has('on') && { on: true }),
    ...(args.has('off') && { on: false }),
    variants: { ...flag.variants, ...valuesIn(args) },
    ...(usual !== null && { default: usual }),
    ...(off !== null && { off }),
    ...(requires.length > 0 && { requires }),
    ...rulesIn(flag, args),
    ...knobIn(flag, args),
    ...watchOf(flag, args),
    ...(about !== null && { about }),
  }
}

function aboutIn({ about }: Flag, args: Args): About | null {
  const texts = (['description', 'owner', 'expires'] as const).flatMap((name) => {
    const text = args.text(name)
    return text === null ? [] : [[name, text] as const]
  })
  const tags = args.texts('tag')
  if (texts.length === 0 && tags.length === 0) return about ?? null
  return { ...about, ...Object.fromEntries(texts), ...(tags.length > 0 && { tags }) }
}

function rulesIn(flag: Flag, args: Args): Pick<Flag, 'rules'> {
  const rules = flag.rules ?? []
  const without = args.text('without')
  if (without !== null && !rules.some(({ id }) => id === without))
    throw usage(
      `there is no rule ${without}`,
      `the rules are: ${rules.map(({ id }) => id).join(', ') || 'none'}`,
    )
  const left = rules.filter(({ id }) => id !== without)
  const rule = ruleIn(args)
  if (rule === null) return without === null ? {} : { rules: left }
  const at = left.findIndex(({ id }) => id === rule.id)
  return { rules: at === -1 ? [rule, ...left] : left.with(at, altered(left[at] ?? rule, rule)) }
}

/** What lots are drawn by stays as it was: other lots would move people. */
function altered(old: Rule, { share, ...rule }: Rule): Rule {
  if (share === undefined) return { ...old, ...rule }
  return { ...old, ...rule, share: { ...share, ...old.share, weight: share.weight, of: share.of } }
}

/** The rule of `--for WHO --serve VARIANT --share 10%`; with `--rule`, that one is altered. */
function ruleIn(args: Args): Rule | null {
  const [who, serve] = [args.text('for'), args.text('serve')]
  const share = args.text('share')
  if (serve === null) {
    if (who === null && share === null) return null
    throw usage('a rule must give something', 'write --for WHO --serve VARIANT')
  }
  const id = args.text('rule') ?? `r${randomBytes(4).toString('hex')}`
  return {
    id,
    serve,
    ...(who !== null && { when: whoIn(who) }),
    ...(share !== null && { share: shareOf(id, percentIn(share, 'share')) }),
  }
}

const fine = 1000

function shareOf(id: string, percent: number): Share {
  const draw = { hash: 'tandem-1', salt: `${id}:` } as const
  if (Number.isInteger(percent)) return { ...draw, weight: percent, of: 100 }
  return { ...draw, weight: Math.round(percent * fine), of: 100 * fine }
}
