import { meant, type Path, shown } from './mistake.ts'

/** Takes down a mistake. */
export type Say = (path: Path, what: string, now: string) => void

export type Members = Readonly<Record<string, unknown>>

/** What an object may have: each member's check, and which it cannot do without. */
export type Shape = Readonly<{
  example: string
  required: Readonly<Record<string, Check>>
  optional?: Readonly<Record<string, Check>>
}>

/** Looks at a value that is there, and says what is wrong with it; true when nothing is. */
export type Check = (found: unknown, path: Path, say: Say) => boolean

export function isObject(found: unknown): found is Members {
  return typeof found === 'object' && found !== null && !Array.isArray(found)
}

/** An object with these members and no others. */
export function object({ example, required, optional = {} }: Shape): Check {
  const checks: Readonly<Record<string, Check>> = { ...required, ...optional }
  const known = Object.keys(checks)
  return (found, path, say) => {
    if (!isObject(found)) return wrong(found, path, say, `an object, such as ${example}`)
    let isRight = true
    for (const name of Object.keys(required).filter((each) => !Object.hasOwn(found, each))) {
      say(path, `it has no '${name}'`, `write it, such as ${example}`)
      isRight = false
    }
    for (const [name, value] of Object.entries(found)) {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined
      if (check === undefined) say([...path, name], `'${name}' is not known here`, meant(name, known))
      isRight = check !== undefined && check(value, [...path, name], say) && isRight
    }
    return isRight
  }
}

/** A list with so many elements, all of which pass. */
export function list(element: Check, { least = 0, most }: Readonly<{ least?: number; most: number }>): Check {
  return (found, path, say) => {
    if (!Array.isArray(found)) return wrong(found, path, say, 'a list')
    if (found.length < least) return wrong(found, path, say, `a list with ${least} or more in it`)
    if (found.length > most) {
      say(path, `it has ${found.length} elements`, `keep to ${most}`)
      return false
    }
    return found.map((each, at) => element(each, [...path, at], say)).every(Boolean)
  }
}

/** A text that looks like this. */
export function text(wanted: string, pattern = /^[^]{0,1000}$/): Check {
  return (found, path, say) =>
    (typeof found === 'string' && pattern.test(found)) || wrong(found, path, say, wanted)
}

export function whole(least: number, most: number): Check {
  const wanted = `a whole number from ${least} to ${most}`
  return (found, path, say) =>
    (Number.isInteger(found) && Number(found) >= least && Number(found) <= most) ||
    wrong(found, path, say, wanted)
}

export const finite: Check = (found, path, say) =>
  (typeof found === 'number' && Number.isFinite(found)) || wrong(found, path, say, 'a number, such as 0.5')

export const truth: Check = (found, path, say) =>
  typeof found === 'boolean' || wrong(found, path, say, 'true or false')

/** One of the known words. `elsewhere` has what others call them. */
export function word(known: readonly string[], elsewhere: Readonly<Record<string, string>> = {}): Check {
  return (found, path, say) => {
    if (typeof found === 'string' && known.includes(found)) return true
    const ours = typeof found === 'string' && Object.hasOwn(elsewhere, found) ? elsewhere[found] : undefined
    const now =
      ours === undefined ? meant(typeof found === 'string' ? found : '', known) : `did you mean '${ours}'?`
    say(path, `${shown(found)} is not known here`, now)
    return false
  }
}

/** Says that something else is wanted here. */
export function wrong(found: unknown, path: Path, say: Say, wanted: string): false {
  say(path, `it is ${shown(found)}`, `write ${wanted}`)
  return false
}
