import { z } from 'zod'
import type { Json } from '../change/json.ts'
import { TroubleError } from '../change/trouble.ts'
import type { TeamConfig } from '../config/config.ts'
import { hostsMeant } from './hosts-meant.ts'

const changeId = z.string().regex(/^c\d{1,12}$/)
const hostNames = z.array(z.string().max(64)).max(500)

const driftNote = z.strictObject({
  host: z.string().max(64),
  resources: z
    .array(
      z.strictObject({ resource: z.string().max(5_000), evidence: z.array(z.string().max(5_000)).max(10) }),
    )
    .max(10_000),
})

/** Drift on one host, as it is written down. */
export type DriftNote = z.output<typeof driftNote>

/**
 * What can be ordered: what the recipes say (`recipes`), the opposite of what a change did (`undo`), a command for
 * looking (`run`), or that drift be written down (`note`).
 */
const wishSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('recipes'),
    /** Roles, groups and hosts as people wrote them; left out: all hosts that have a recipe. */
    on: hostNames.optional(),
    /** A plan that somebody has seen: what differs from it is refused. Host to resource to digest. */
    seen: z.record(z.string(), z.record(z.string(), z.string())).nullish(),
    /** Only on hosts that have drifted from what was applied last. */
    drift: z.boolean().optional(),
    /** A commit, a branch or a tag whose recipes are meant; left out: those in the hub's own folder. */
    commit: z.string().min(1).max(200).nullish(),
  }),
  z.strictObject({
    do: z.literal('undo'),
    change: changeId,
    on: hostNames.optional(),
    /** The change never came to its end here: what it began is put back, whatever was found since. */
    isLeft: z.boolean().optional(),
  }),
  z.strictObject({
    do: z.literal('run'),
    on: hostNames.min(1),
    command: z.array(z.string().max(100_000)).min(1).max(1_000),
    limitMs: z.int().min(1_000).max(3_600_000).optional(),
  }),
  z.strictObject({ do: z.literal('note'), drift: z.array(driftNote).min(1).max(500) }),
])

export type Wish = Readonly<
  | {
      do: 'recipes'
      hosts: readonly string[]
      seen: Readonly<Record<string, Readonly<Record<string, string>>>> | null
      drift: boolean
      /** Named when it was ordered, and by its whole hash from then on. */
      commit: string | null
    }
  | { do: 'undo'; change: string; hosts: readonly string[] | null; isLeft: boolean }
  | { do: 'run'; hosts: readonly string[]; command: readonly string[]; limitMs: number }
  | { do: 'note'; drift: readonly DriftNote[] }
>

const runLimitMs = 60_000

/** Fills in what is left out, and looks up the hosts that are meant. */
export function readWish(wish: Json, config: TeamConfig): Wish {
  const read = wishSchema.safeParse(wish)
  if (!read.success) {
    const issue = read.error.issues[0]
    throw new TroubleError({
      what: `this is no wish for the infrastructure: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
      now: 'say what to do: recipes, undo or run',
    })
  }
  const { data } = read
  switch (data.do) {
    case 'recipes':
      return {
        do: 'recipes',
        hosts: hostsMeant(config, data.on ?? []),
        seen: data.seen ?? null,
        drift: data.drift ?? false,
        commit: data.commit ?? null,
      }
    case 'undo':
      return { do: 'undo', change: data.change, hosts: data.on ?? null, isLeft: data.isLeft ?? false }
    case 'run':
      return {
        do: 'run',
        hosts: hostsMeant(config, data.on),
        command: data.command,
        limitMs: data.limitMs ?? runLimitMs,
      }
    case 'note':
      return { do: 'note', drift: data.drift }
  }
}

/** The change that a wish takes back; null for all other wishes. */
export function changeToUndo(wish: Json): string | null {
  const read = wishSchema.safeParse(wish)
  return read.success && read.data.do === 'undo' ? read.data.change : null
}

/** A wish as it is kept in the ledger: `readWish` reads it again. */
export function writtenWish(wish: Wish): Json {
  switch (wish.do) {
    case 'recipes':
      return {
        do: 'recipes',
        on: wish.hosts,
        seen: wish.seen,
        drift: wish.drift,
        ...(wish.commit === null ? {} : { commit: wish.commit }),
      }
    case 'undo':
      return {
        do: 'undo',
        change: wish.change,
        isLeft: wish.isLeft,
        ...(wish.hosts === null ? {} : { on: wish.hosts }),
      }
    case 'run':
      return { do: 'run', on: wish.hosts, command: wish.command, limitMs: wish.limitMs }
    case 'note':
      return { do: 'note', drift: wish.drift }
  }
}
