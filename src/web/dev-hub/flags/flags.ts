import type { EnvironmentUse, Reach } from '../../../api/wire/flag-use.ts'
import type { FlagRoutes, FlagView, FlipWish, KnobLook, SegmentView } from '../../../api/wire/flags.ts'
import type { ChangeId } from '../../../change/order.ts'
import type { Plan } from '../../../change/plan.ts'
import { TroubleError } from '../../../change/trouble.ts'
import { mistakesOfFlag, mistakesOfSegment } from '../../../../sdk/flag/check-flag.ts'
import type { Context, Flag, Segment } from '../../../../sdk/flag/flag.ts'
import { type Mistake, said } from '../../../../sdk/flag/mistake.ts'
import { flagsOf } from '../../../../sdk/flags.ts'
import { planMoves, planOf } from '../../../flags/plan/parts.ts'
import { sampleSet } from './sample-flags.ts'

/** Flags in memory, asked by made-up people. What the real hub would check beyond a flag itself is not checked. */
export type PlayFlags = Readonly<{
  list: (environment: string | null) => FlagRoutes['GET /api/flags']
  flag: (key: string, environment: string | null) => FlagRoutes['GET /api/flags/:key']
  explain: (key: string, context: Context) => FlagRoutes['POST /api/flags/:key/explain']
  use: (environment: string) => EnvironmentUse
  reach: (key: string, wanted: Flag) => Readonly<{ environment: string; now: Reach; wanted: Reach }>
  plan: (wish: FlipWish) => Plan
  /** Makes it so, by this change. */
  flip: (wish: FlipWish, change: ChangeId, who: string) => void
}>

const environment = 'production'
const environments = ['production', 'staging'] as const
const people: readonly Context[] = Array.from({ length: 400 }, (_, nth) => ({
  targetingKey: `user-${nth}`,
  email: nth % 20 === 0 ? `user${nth}@acme.example` : `user${nth}@mail.example`,
  country: ['DE', 'FR', 'US', 'NL', 'CH'][nth % 5],
}))

export function makePlayFlags(begunAt: number): PlayFlags {
  const views = new Map<string, FlagView>()
  const histories = new Map<string, readonly ChangeId[]>()
  const put = (key: string, flag: Flag | null, by: Omit<FlagView, 'key' | 'flag' | 'rev'>): void => {
    if (flag === null) views.delete(key)
    else views.set(key, { key, flag, rev: `${by.change}-${by.at}`, ...by })
    histories.set(key, [by.change, ...(histories.get(key) ?? [])])
  }
  for (const [nth, [key, flag]] of Object.entries(sampleSet.flags).entries())
    put(key, flag, madeAt(begunAt, nth, flag))
  const segments = segmentsAt(begunAt)
  const known = (key: string): FlagView => {
    const view = views.get(key)
    if (view !== undefined) return view
    throw nobodyKnows(key)
  }
  const asked = (key: string, flag: Flag) => {
    const flags = Object.fromEntries([...views.values()].map((view) => [view.key, view.flag]))
    return flagsOf({ ...sampleSet, flags: { ...flags, [key]: flag } })
  }
  return {
    list: (name) => {
      const [flags, groups] = name === 'staging' ? [[], []] : [[...views.values()], [...segments.values()]]
      return { environment: name ?? environment, environments, rev: `${views.size}`, flags, segments: groups }
    },
    flag: (key, name) => ({
      environment: name ?? environment,
      flag: known(key),
      history: histories.get(key) ?? [],
      rolling: null,
      looked: lookAt(known(key), begunAt),
    }),
    explain: (key, context) => {
      const explanation = asked(key, known(key).flag).explain(key, context)
      return { environment, explanation }
    },
    use: (name) => {
      const flags = [...views.values()].map((view) =>
        useOf(view, reachOf(view.key, asked(view.key, view.flag)), begunAt),
      )
      return { environment: name, since: begunAt - 86_400_000, bulkAt: null, flags }
    },
    reach: (key, wanted) => {
      refuseMistakes(mistakesOfFlag(wanted))
      const { flag } = known(key)
      return { environment, now: reachOf(key, asked(key, flag)), wanted: reachOf(key, asked(key, wanted)) }
    },
    plan: (wish) => planWished(wish, known, (key) => segments.get(key)?.segment ?? null),
    flip: (wish, change, who) => {
      const by = { change, who, at: Date.now() }
      if (wish.do === 'switch') put(wish.flag, { ...known(wish.flag).flag, on: wish.on }, by)
      if (wish.do !== 'write') return
      for (const item of wish.items)
        if ('flag' in item) put(item.flag, item.to, by)
        else putSegment(segments, item, by)
    },
  }
}

const nobodyKnows = (key: string): TroubleError =>
  new TroubleError({
    what: `there is no flag '${key}' in ${environment}`,
    now: 'see `tandem flag list` for the ones there are',
  })

const madeAt = (begunAt: number, nth: number, flag: Flag): Omit<FlagView, 'key' | 'flag' | 'rev'> => ({
  ...boundIn(flag, begunAt),
  change: `c${40 + nth}`,
  who: 'grace',
  at: begunAt - nth * 90_000_000,
})

/** A knob that the hub has turned, and that ada has turned back by hand. */
function boundIn({ knob }: Flag, at: number): Pick<FlagView, 'bound'> {
  if (knob?.bound === undefined) return {}
  const why = 'max(page_p99_ms) is 912, above 800: turned from 0 to 10'
  const byHand = { change: 'c39', at: at - 60_000, who: 'ada' }
  return { bound: { rest: 0, byHand, turned: { change: 'c38', at: at - 120_000, why } } }
}

const lookAt = ({ flag }: FlagView, at: number): KnobLook | null =>
  flag.knob?.bound === undefined ? null : { at, measured: 640.25, why: 'ada turned it by hand' }

type Segments = Map<string, SegmentView>

const segmentsAt = (at: number): Segments =>
  new Map(
    Object.entries(sampleSet.segments).map(([key, segment]) => [
      key,
      { key, segment, rev: 'r1', change: 'c40', who: 'grace', at },
    ]),
  )

function putSegment(
  segments: Segments,
  { segment: key, to }: Readonly<{ segment: string; to: Segment | null }>,
  by: Omit<SegmentView, 'key' | 'segment' | 'rev'>,
): void {
  if (to === null) segments.delete(key)
  else segments.set(key, { key, segment: to, rev: by.change, ...by })
}

function planWished(
  wish: FlipWish,
  known: (key: string) => FlagView,
  segmentOf: (key: string) => Segment | null,
): Plan {
  switch (wish.do) {
    case 'switch': {
      const before = known(wish.flag).flag
      return planMoves(wish.environment, [
        { what: 'flag', key: wish.flag, before, after: { ...before, on: wish.on } },
      ])
    }
    case 'write':
      return planMoves(
        wish.environment,
        wish.items.map((item) => {
          if ('flag' in item) {
            if (item.to !== null) refuseMistakes(mistakesOfFlag(item.to))
            return {
              what: 'flag',
              key: item.flag,
              before: item.base === null ? null : known(item.flag).flag,
              after: item.to,
            }
          }
          if (item.to !== null) refuseMistakes(mistakesOfSegment(item.to))
          return { what: 'segment', key: item.segment, before: segmentOf(item.segment), after: item.to }
        }),
      )
    case 'roll':
      return planOf({
        title: `roll ${wish.flag} out in ${wish.environment} to ${wish.stages.at(-1)?.percent ?? 0} %`,
        lines: wish.stages.map(({ percent }) => ({
          mark: '~',
          text: `${wish.serve} for ${percent} % of everybody`,
        })),
        warnings: [],
        stages: [],
      })
    case 'undo':
      throw new TroubleError({ what: 'this hub takes back no flips', now: 'look at the real one' })
  }
}

function refuseMistakes([mistake]: readonly Mistake[]): void {
  if (mistake !== undefined)
    throw new TroubleError({ what: `this is no flag: ${said(mistake)}`, now: 'mend what is named' })
}

function reachOf(key: string, flags: ReturnType<typeof flagsOf>): Reach {
  const variants: Record<string, number> = {}
  for (const person of people) {
    const { variant = '' } = flags.peek(key, person)
    variants[variant] = (variants[variant] ?? 0) + 1
  }
  return { sample: people.length, seen: people.length, variants, rules: {} }
}

function useOf({ key }: FlagView, { variants }: Reach, at: number): EnvironmentUse['flags'][number] {
  if (key === 'banner.text') return { flag: key, lastAt: null, day: [], same: null }
  const day = Object.entries(variants).map(([variant, count]) => ({
    variant: variant === '' ? null : variant,
    rule: null,
    reason: 'SPLIT',
    errorCode: null,
    count: 31 * count,
  }))
  return { flag: key, lastAt: at, day, same: null }
}
