import { isObject, type Members } from '../../../sdk/flag/check-shape.ts'
import { type Json, type FlagType } from '../../../sdk/flag/flag.ts'
import { TroubleError } from '../../change/trouble.ts'
import { NoEqual } from './remark.ts'

/** What is at most read: a team with more flags than fit in here has another problem. */
const fileLimitChars = 50 * 1024 * 1024

/** The object that a file holds. */
export function readFile(text: string, whose: string): Members {
  if (text.length > fileLimitChars) throw strangeFile(whose, `it has more than ${fileLimitChars} characters`)
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (cause) {
    const trouble = {
      what: `the file is no JSON: ${String((cause as Error).message)}`,
      now: 'export it anew',
    }
    throw new TroubleError(trouble, { cause })
  }
  if (!isObject(found)) throw strangeFile(whose, 'it holds no object')
  return found
}

export function strangeFile(whose: string, what: string): TroubleError {
  return new TroubleError({
    what: `this is no file of ${whose}: ${what}`,
    now: `give the file that ${whose} exports; docs/guide/flags-moving.md says which`,
  })
}

export function membersOf(found: unknown): Members {
  return isObject(found) ? found : {}
}

export function listOf(found: unknown): readonly unknown[] {
  return Array.isArray(found) ? found : []
}

export function textOf(found: unknown): string | null {
  return typeof found === 'string' && found !== '' ? found : null
}

/** The environment that is meant: a file may hold several. */
export function chosenOf(found: readonly string[], environment: string | null): string {
  const known = [...new Set(found)].filter((name) => name !== '')
  const [only = ''] = known
  if (environment === null && known.length < 2) return only
  if (environment !== null && known.includes(environment)) return environment
  throw new TroubleError({
    what:
      environment === null
        ? `the file has ${known.length} environments: ${known.join(', ')}`
        : `the file has no environment '${environment}': it has ${known.join(', ')}`,
    now: 'say which one, with --from NAME',
  })
}

/** The one type that all values have. */
export function typeOfAll(values: readonly unknown[]): FlagType {
  const [first] = values
  const type = typeof first
  if (type !== 'boolean' && type !== 'string' && type !== 'number' && (type !== 'object' || first === null))
    throw new NoEqual(
      'its first value is nothing: a flag is made of true and false, texts, numbers or objects',
    )
  if (values.some((value) => typeof value !== type || value === null))
    throw new NoEqual('its values are of more than one type')
  return type
}

/** The names of values, so that equal ones have one: those that can be read stay as they are. */
export function namesFor(values: readonly Json[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const value of values) {
    const text = JSON.stringify(value)
    if (!names.has(text)) names.set(text, nameFor(value, names))
  }
  return names
}

function nameFor(value: Json, taken: ReadonlyMap<string, string>): string {
  if (value === true) return 'on'
  if (value === false) return 'off'
  const own = typeof value === 'object' ? '' : String(value)
  const isReadable = /^[\w.:/-][\w.:/ -]{0,99}$/.test(own) && own !== '__proto__'
  return isReadable && ![...taken.values()].includes(own) ? own : `v${taken.size + 1}`
}
