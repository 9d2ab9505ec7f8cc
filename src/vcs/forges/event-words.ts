/** The words that bodies of webhooks are made of. Whatever is longer or of another form is not what a forge sends. */
import { z } from 'zod'
import type { ForgeEvent } from './event.ts'

export const ref = z
  .string()
  .max(1_000)
  .regex(/^refs\/[^\p{Cc}\s]+$/u)
export const commit = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/)
export const login = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]+$/u)
export const branch = z.string().min(1).max(1_000)
export const number = z.int().min(1).max(1e9)
export const id = z.int().min(0)
/** Shown to people, never compared: cut where it is long. */
export const title = z.string().transform((text) =>
  text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 200),
)

/** Forges write a ref that is not there as a hash of zeros. */
export const orNull = (hash: string): string | null => (/^0+$/.test(hash) ? null : hash)

/** What `read` makes of a body of this shape. */
export function shaped<T>(schema: z.ZodType<T>, body: unknown, read: (body: T) => ForgeEvent): ForgeEvent {
  const parsed = schema.safeParse(body)
  if (parsed.success) return read(parsed.data)
  const [issue] = parsed.error.issues
  return {
    type: 'unread',
    why: `${issue?.path.join('.') ?? 'its body'}: ${issue?.message ?? 'not as documented'}`,
  }
}
