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

/** A push as GitHub, Gitea and Forgejo say it. */
export const push = z.object({ ref, before: commit, after: commit, sender: z.object({ login }) })

export function pushedIn({ ref: moved, before, after, sender }: z.output<typeof push>): ForgeEvent {
  return { type: 'pushed', ref: moved, from: orNull(before), to: orNull(after), login: sender.login }
}

/** A pull request as GitHub, Gitea and Forgejo say it; they say differently which repositories its ends are in. */
export const pullRequest = <Head extends z.ZodRawShape, Base extends z.ZodRawShape>(head: Head, base: Base) =>
  z.object({
    number,
    pull_request: z.object({
      title,
      state: z.enum(['open', 'closed']),
      user: z.object({ login }).nullable(),
      head: z.object({ sha: commit, ...head }),
      base: z.object({ ref: branch, ...base }),
    }),
  })

type PullRequest = Readonly<{
  number: number
  pull_request: Readonly<{
    title: string
    state: 'open' | 'closed'
    user: Readonly<{ login: string }> | null
    head: Readonly<{ sha: string }>
    base: Readonly<{ ref: string }>
  }>
}>

export function requestIn({ number: nth, pull_request: said }: PullRequest, isFork: boolean): ForgeEvent {
  const request = {
    number: nth,
    ref: `refs/pull/${nth}/head`,
    head: said.head.sha,
    title: said.title,
    onto: said.base.ref,
    author: said.user?.login ?? null,
    isFork,
    isOpen: said.state === 'open',
  }
  return { type: 'request', request }
}

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
