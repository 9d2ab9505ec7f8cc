import type { Json } from '../../../../sdk/flag/flag.ts'

/** An expression of JsonLogic: an object with one member is an operator and what it is given. */
export type Logic = Json

/** The definitions that flagd reads, of its schema v0. */
export type FlagdFile = Readonly<{ $schema: string; flags: Readonly<Record<string, FlagdFlag>> }>

export type FlagdFlag = Readonly<{
  state: 'ENABLED' | 'DISABLED'
  variants: Readonly<Record<string, Json>>
  defaultVariant: string | null
  targeting?: Logic
  metadata?: Readonly<Record<string, string>>
}>

export const flagdSchema = 'https://flagd.dev/schema/v0/flags.json'

/** The parts of a share. */
export const inside = 'in'
export const outside = 'out'
/** The arm that leaves its people to the next rule. No variant can have this name. */
export const nobodys = '(next rule)'
