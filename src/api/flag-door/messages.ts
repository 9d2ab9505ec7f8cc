import type { Flag, Segment } from '../../../sdk/flag/flag.ts'
import { encodeEvent } from '../client/sse.ts'
import type { EnvironmentFlags, FlagDelta } from '../wire/flags.ts'

/** What is said to programs: docs/formats/flag-stream.md. */
export const pingMs = 5_000

/** All that there is, as the data of `full`. Each definition is made into text once. */
export function setText(here: EnvironmentFlags): string {
  const head = JSON.stringify({ rev: here.rev(), pingMs, environment: here.environment })
  const flags = here.list().map(({ key, flag }) => `${JSON.stringify(key)}:${told(flag)}`)
  const segments = here.segments().map(({ key, segment }) => `${JSON.stringify(key)}:${told(segment)}`)
  return `${head.slice(0, -1)},"flags":{${flags.join(',')}},"segments":{${segments.join(',')}}}`
}

export function fullEvent(here: EnvironmentFlags): string {
  return encodeEvent({ event: 'full', id: here.rev(), data: setText(here) })
}

export function deltaEvent({ rev, prev, flags, segments }: FlagDelta): string {
  const head = JSON.stringify({ rev, prev })
  const data = `${head.slice(0, -1)},"flags":${byKey(flags)},"segments":${byKey(segments)}}`
  return encodeEvent({ event: 'delta', id: rev, data })
}

export function pingEvent(rev: string): string {
  return encodeEvent({ event: 'ping', id: rev, data: JSON.stringify({ rev, pingMs }) })
}

function byKey(definitions: Readonly<Record<string, Flag | Segment | null>>): string {
  const members = Object.entries(definitions).map(
    ([key, definition]) => `${JSON.stringify(key)}:${definition === null ? 'null' : told(definition)}`,
  )
  return `{${members.join(',')}}`
}

const texts = new WeakMap<Flag | Segment, string>()

/** A definition as programs get it: what is for people stays here. */
function told(definition: Flag | Segment): string {
  const known = texts.get(definition)
  if (known !== undefined) return known
  const text = JSON.stringify({
    ...definition,
    about: undefined,
    watch: undefined,
    ...('knob' in definition && { knob: { ...definition.knob, bound: undefined } }),
  })
  texts.set(definition, text)
  return text
}
