import { parseArgs } from 'node:util'
import { TroubleError } from '../change/trouble.ts'
import { everyOption, type OptionSpec } from './command.ts'
import { meant } from './meant.ts'

/** Wrong usage: exit code 2. */
export class UsageError extends TroubleError {}

export const usage = (what: string, now: string): UsageError => new UsageError({ what, now })

/** What was written after the name of a command, taken apart. */
export type Args = Readonly<{
  words: readonly string[]
  /** The value of an option, `null` if it was not given. */
  text: (name: string) => string | null
  /** All values of an option that may be given more than once, or with commas between them. */
  texts: (name: string) => readonly string[]
  /** The same for values that may have commas in them: each as it was written. */
  whole: (name: string) => readonly string[]
  /** Whether a switch was given. */
  has: (name: string) => boolean
}>

type Specs = Readonly<Record<string, OptionSpec>>

/** Takes a command line apart. Throws a UsageError that says what was probably meant. */
export async function readArgs(
  argv: readonly string[],
  command: Readonly<{ name: string; options: Specs; most: number }>,
): Promise<Args> {
  const specs: Specs = { ...everyOption, ...command.options }
  const { tokens } = parseArgs({ args: [...argv], options: parsable(specs), strict: false, tokens: true })
  const given = new Map<string, string | true>()
  const all: Readonly<{ name: string; value: string | true }>[] = []
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const spec = specs[token.name]
    if (spec === undefined) throw await unknownOption(token.rawName, command.name, specs)
    const value = checkedValue(token.rawName, spec, token.value)
    given.set(token.name, value)
    all.push({ name: token.name, value })
  }
  const extra = words[command.most]
  if (extra !== undefined) throw tooMany(extra, command.name)
  return {
    words,
    text: (name) => {
      const value = given.get(name)
      return typeof value === 'string' ? value : null
    },
    texts: (name) =>
      all.flatMap((one) =>
        one.name === name && one.value !== true ? one.value.split(',').filter(Boolean) : [],
      ),
    whole: (name) => all.flatMap((one) => (one.name === name && one.value !== true ? [one.value] : [])),
    has: (name) => given.has(name),
  }
}

function parsable(specs: Specs) {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { value, short }]) => [
      name,
      {
        type: value === null ? ('boolean' as const) : ('string' as const),
        ...(short === null ? {} : { short }),
      },
    ]),
  )
}

function checkedValue(rawName: string, spec: OptionSpec, value: string | undefined): string | true {
  if (spec.value === null) {
    if (value === undefined) return true
    throw usage(`${rawName} takes no value`, `write ${rawName} alone`)
  }
  if (value !== undefined && value !== '') return value
  throw usage(`${rawName} needs a value`, `write ${rawName} ${spec.value}`)
}

async function unknownOption(rawName: string, command: string, specs: Specs): Promise<UsageError> {
  const known = Object.keys(specs).map((name) => `--${name}`)
  return usage(
    `${command} has no option ${rawName}`,
    (await meant(rawName, known)) ?? `see \`tandem help ${command}\``,
  )
}

const tooMany = (extra: string, command: string): UsageError =>
  usage(`${command} does not know what to do with '${extra}'`, `see \`tandem help ${command}\``)

/** A whole number given as an option; `otherwise` if it was not given. */
export function numberIn(
  args: Args,
  name: string,
  range: Readonly<{ least: number; most: number; otherwise: number }>,
): number {
  const written = args.text(name)
  if (written === null) return range.otherwise
  const number = Number(written)
  if (/^\d+$/.test(written) && number >= range.least && number <= range.most) return number
  throw usage(`--${name} ${written} is no number it can use`, `give one from ${range.least} to ${range.most}`)
}
