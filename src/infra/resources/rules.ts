/** What options must be to each other. Given to `superRefine` of a schema, so that its keys stay readable. */
import type { z } from 'zod'

type Found = Readonly<Record<string, unknown>>
export type Rule = (found: Found, context: z.RefinementCtx) => void

/** One of these at most. */
export const atMostOne =
  (...keys: readonly string[]): Rule =>
  (found, context) => {
    const [first, ...others] = keys.filter((key) => found[key] !== undefined)
    for (const key of others) leaveOut(key, `left out beside '${first}'`, context)
  }

/** With `key: true` there is nothing else to say but `also`. */
export const alone =
  (key: string, ...also: readonly string[]): Rule =>
  (found, context) => {
    if (found[key] !== true) return
    const others = Object.keys(found).filter((other) => ![key, 'after', ...also].includes(other))
    for (const other of others.filter((other) => found[other] !== undefined))
      leaveOut(other, `left out beside ${key}: true`, context)
  }

/** One of these, unless `unless: true`. The message is about the first. */
export const atLeastOne =
  (keys: readonly string[], example: string, unless: string | null): Rule =>
  (found, context) => {
    const isSaid = keys.some((key) => found[key] !== undefined)
    if (isSaid || (unless !== null && found[unless] === true)) return
    const wanted = keys.length === 1 ? 'said' : `one of ${keys.join(', ')}`
    context.addIssue({ code: 'custom', path: keys.slice(0, 1), message: `${wanted}, such as ${example}` })
  }

/** `key` says something only about what `needed` said. */
export const onlyWith =
  (key: string, needed: string): Rule =>
  (found, context) => {
    if (found[key] === undefined || found[key] === false) return
    if (found[needed] === undefined || found[needed] === false)
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `left out where there is no '${needed}'`,
        params: { now: `take it out, or say ${needed} as well` },
      })
  }

/** `key` says nothing beside `other: true`. */
export const onlyWithout =
  (key: string, other: string): Rule =>
  (found, context) => {
    if (found[other] === true && found[key] !== undefined)
      leaveOut(key, `left out beside ${other}: true`, context)
  }

export const all =
  (...rules: readonly Rule[]): Rule =>
  (found, context) => {
    // What is misspelt seems to be missing: that is told once.
    if (context.issues.length > 0) return
    for (const rule of rules) rule(found, context)
  }

function leaveOut(key: string, message: string, context: z.RefinementCtx): void {
  context.addIssue({ code: 'custom', path: [key], message, params: { now: 'keep one of the two' } })
}
