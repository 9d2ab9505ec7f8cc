/**
 * The words that the shape of `tandem.ts` is made of. Every message says what is wanted, as a noun, with an example
 * after `such as`: `complain.ts` makes the sentence around it, as it knows where the value stood and what was found.
 */
import { z } from 'zod'

/** Text that looks like this. */
export const text = (wanted: string, pattern: RegExp) =>
  z.string({ error: wanted }).regex(pattern, { error: wanted })

/** Text that means something: `meaning` says what, or `null`; `hint` what to do about any other value. */
export const meaningful = <T>(
  wanted: string,
  meaning: (written: string) => T | null,
  hint?: (found: unknown) => string,
) =>
  z.unknown().transform((found, context) => {
    const meant = typeof found === 'string' ? meaning(found) : null
    if (meant !== null) return meant
    context.addIssue({ code: 'custom', message: wanted, ...(hint && { params: { now: hint(found) } }) })
    return z.NEVER
  })

/** A whole number between two others, both included. */
export const whole = (least: number, most: number, example: number) =>
  z.custom<number>((found) => Number.isInteger(found) && Number(found) >= least && Number(found) <= most, {
    error: `a whole number from ${least} to ${most}, such as ${example}`,
  })

export const list = <T extends z.ZodType>(item: T, example: string) =>
  z.array(item, { error: `a list, such as [${example}]` })

/** An object with these keys and no others. For an unknown key the message is the known ones. */
export const object = <T extends z.ZodRawShape>(shape: T, example: string) =>
  z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : `an object, such as { ${example} }`,
  })

/** A kind of name that people give: what it is made of, and its pattern. */
export type Naming = Readonly<{ of: string; pattern: RegExp }>

/** Keys become properties of plain objects, where one name of this kind has a meaning already. */
const taken = 'constructor'

/** An object whose keys are names that people give. */
export const named = <T extends z.ZodType>(naming: Naming, value: T, example: string) =>
  z.record(
    z
      .string()
      .regex(naming.pattern, { error: naming.of })
      .refine((key) => key !== taken, { error: 'another word, as JavaScript has taken this one' }),
    value,
    { error: `an object, such as { ${example} }` },
  )

/** A text that stands for an object with this one key. */
export const short = <T extends z.ZodType>(key: string, whole: T) =>
  z.preprocess((found) => (typeof found === 'string' ? { [key]: found } : found), whole)
