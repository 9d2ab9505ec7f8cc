import type { z } from 'zod'
import type { Json } from '../../change/json.ts'
import type { Debt, Thing } from '../things/thing.ts'
import type { Facts } from '../../config/infra/recipe-wish.ts'
import type { Place } from '../../config/reading/locate.ts'

/** A resource that was checked. */
export type Resource<Options = unknown> = Readonly<{
  number: number
  type: string
  /** What people call it: `file /etc/motd`. Unique on its host. */
  id: string
  name: string
  options: Options
  at: Place
  /** Numbers of the resources that must be there before it, because the recipe says so (`after`, `restartOn` …). */
  after: readonly number[]
}>

/** What a resource may know of the host it is for. */
export type HostView = Readonly<{
  name: string
  roles: readonly string[]
  vars: Readonly<Record<string, Json>>
  facts: Facts
}>

/** What lowering may ask of the world; none of it touches a host. */
export type LoweringWorld = Readonly<{
  host: HostView
  /** Reads a file of the infrastructure repository, named relative to `at`'s file. Throws a TroubleError when it cannot. */
  bytesOf: (path: string, at: Place) => Promise<Uint8Array>
  /** Puts the values of secrets where their marks are, for the bytes of files only; says which names were used. */
  reveal: (text: string) => Readonly<{ text: string; secrets: readonly string[] }>
  /** The things that another resource of this host was made of. */
  thingsOf: (number: number) => readonly Thing[]
  /** The home folder of a user that this recipe makes; null when the recipe makes no such user. */
  homeOf: (user: string) => string | null
}>

/**
 * One sort of resource: what may be written, and what it is made of. A lowering is pure but for the reading of files; it
 * throws a TroubleError for what the schema cannot see (a template without its variable).
 */
export type ResourceSort<Options> = Readonly<{
  /** The word in recipes: `file`. */
  type: string
  /** What the name is: `an absolute path`. Parsed like any option. */
  name: z.ZodType<string>
  options: z.ZodType<Options>
  /** The end of the id after the type, where several resources may have one name: lines of a file. Default: the name. */
  called?(name: string, options: Options): string
  // Methods, so that sorts of different options stand in one registry.
  lower(resource: Resource<Options>, world: LoweringWorld): Promise<readonly Thing[]>
  /** What a change of other resources owes because of this one: a service is restarted for its configuration. */
  owedBy?(resource: Resource<Options>): readonly Readonly<{ by: number; debt: Debt }>[]
  /** It makes users, so it is lowered before others ask where those live. */
  makesUsers?: true
}>

/** A resource and what it is made of, debts included. */
export type Lowered = Readonly<{ resource: Resource; things: readonly Thing[] }>
