import type { EnvironmentFlags, FlagDelta, FlagView, SegmentView } from '../api/wire/flags.ts'
import type { Flag, Segment } from '../../sdk/flag/flag.ts'
import {
  type Lookup,
  nameOf,
  type Reference,
  referencesOfFlag,
  referencesOfSegment,
} from '../../sdk/flag/references.ts'
import { Table } from '../../sdk/evaluate/table.ts'
import { Flags } from '../../sdk/flags.ts'
import { type Alterer, boundAfter } from './knob/bound-after.ts'
import { revOf } from './step.ts'

/** What alters at once, by which change, whose and when. */
export type Alteration = Alterer &
  Readonly<{
    rev: string
    flags: Readonly<Record<string, Flag | null>>
    segments: Readonly<Record<string, Segment | null>>
  }>

/** An environment as it is written down. */
export type Written = Readonly<{
  rev: string
  flags: readonly FlagView[]
  segments: readonly SegmentView[]
}>

const deltasKept = 200

/** The state of an environment in which nothing was ever done. */
export const firstRev = 'nothing'

/** The flags of one environment, kept in memory: what alters costs what it alters. Lives as long as the hub. */
export class Environment implements Lookup {
  readonly name: string
  readonly #table = new Table()
  readonly #flags = new Map<string, FlagView>()
  readonly #segments = new Map<string, SegmentView>()
  readonly #references = new Map<string, readonly Reference[]>()
  readonly #askers = new Map<string, Set<string>>()
  readonly #listeners = new Set<(delta: FlagDelta) => void>()
  #deltas: FlagDelta[] = []
  #rev = firstRev
  /** What others may know of it. */
  readonly seen: EnvironmentFlags

  constructor(name: string, told: (delta: FlagDelta) => void) {
    this.#listeners.add(told)
    this.name = name
    this.seen = {
      environment: name,
      flags: new Flags(this.#table, { isKnown: true, isStale: false }),
      rev: () => this.#rev,
      list: () => [...this.#flags.values()],
      segments: () => [...this.#segments.values()],
      flag: (key) => this.#flags.get(key) ?? null,
      segment: (key) => this.#segments.get(key) ?? null,
      since: (rev) => this.#since(rev),
      subscribe: (listener) => {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
    }
  }

  get isEmpty(): boolean {
    return this.#flags.size === 0 && this.#segments.size === 0
  }

  flag(key: string): Flag | undefined {
    return this.#flags.get(key)?.flag
  }

  segment(key: string): Segment | undefined {
    return this.#segments.get(key)?.segment
  }

  keys(of: 'flags' | 'segments'): readonly string[] {
    return [...(of === 'flags' ? this.#flags : this.#segments).keys()]
  }

  /** What `flag new-cart` or `segment team` names. */
  references(name: string): readonly Reference[] {
    return this.#references.get(name) ?? []
  }

  /** Who names it. */
  askers(name: string): ReadonlySet<string> {
    return this.#askers.get(name) ?? nobody
  }

  /** Brings it to what was written down; nobody is told. */
  restore({ rev, flags, segments }: Written): void {
    for (const view of segments) this.#putSegment(view.key, view)
    for (const view of flags) this.#putFlag(view.key, view)
    this.#table.replace({
      flags: Object.fromEntries(flags.map(({ key, flag }) => [key, flag])),
      segments: Object.fromEntries(segments.map(({ key, segment }) => [key, segment])),
    })
    this.#rev = rev
  }

  written(): Written {
    return { rev: this.#rev, flags: [...this.#flags.values()], segments: [...this.#segments.values()] }
  }

  /** Alters it, and tells those who listen. */
  alter({ rev, flags, segments, door, why, ...by }: Alteration): void {
    for (const [key, segment] of Object.entries(segments))
      this.#putSegment(key, segment === null ? null : { key, segment, rev: revOf(segment), ...by })
    for (const [key, flag] of Object.entries(flags))
      this.#putFlag(
        key,
        flag === null
          ? null
          : {
              key,
              flag,
              rev: revOf(flag),
              ...by,
              ...boundAfter(this.#flags.get(key), flag, { door, why, ...by }),
            },
      )
    this.#table.apply({ flags, segments })
    const delta: FlagDelta = { environment: this.name, prev: this.#rev, rev, flags, segments }
    this.#rev = rev
    this.#deltas.push(delta)
    if (this.#deltas.length >= 2 * deltasKept) this.#deltas = this.#deltas.slice(-deltasKept)
    for (const listener of this.#listeners) listener(delta)
  }

  #putFlag(key: string, view: FlagView | null): void {
    if (view === null) this.#flags.delete(key)
    else this.#flags.set(key, view)
    this.#refer(`flag ${key}`, view === null ? [] : referencesOfFlag(view.flag, ['flags', key]))
  }

  #putSegment(key: string, view: SegmentView | null): void {
    if (view === null) this.#segments.delete(key)
    else this.#segments.set(key, view)
    this.#refer(`segment ${key}`, view === null ? [] : referencesOfSegment(view.segment, ['segments', key]))
  }

  #refer(name: string, references: readonly Reference[]): void {
    for (const { to } of this.references(name)) this.#askers.get(nameOf(to))?.delete(name)
    for (const { to } of references) {
      const asked = nameOf(to)
      const askers = this.#askers.get(asked)
      if (askers === undefined) this.#askers.set(asked, new Set([name]))
      else askers.add(name)
    }
    if (references.length === 0) this.#references.delete(name)
    else this.#references.set(name, references)
  }

  #since(rev: string): FlagDelta | null {
    const none = { environment: this.name, prev: rev, rev: this.#rev, flags: {}, segments: {} }
    if (rev === this.#rev) return none
    const from = this.#deltas.findLastIndex(({ prev }) => prev === rev)
    if (from === -1) return null
    const deltas = this.#deltas.slice(from)
    return {
      ...none,
      flags: Object.assign({}, ...deltas.map(({ flags }) => flags)),
      segments: Object.assign({}, ...deltas.map(({ segments }) => segments)),
    }
  }
}

const nobody: ReadonlySet<string> = new Set()
