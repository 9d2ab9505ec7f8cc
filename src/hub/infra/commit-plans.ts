import type { CommitPlan } from '../../api/wire/code.ts'
import { troubleOf } from '../../change/trouble.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { Store } from '../../store/store.ts'
import type { News } from '../vcs/forge-news.ts'
import { statusOf } from '../../vcs/forges/status.ts'
import { brokenBy, type KeptPlan, nextStep, type PlanOutcome, summaryOf, waiting } from './commit-plan.ts'
import { isOpen, keepPlans, type KeptPlans, type PlanPlace } from './kept-plans.ts'
import { isOnTrunk, lastSound, trunkRef } from './trunk.ts'
import { within } from './within.ts'

const limitMs = 120_000
const mostWaiting = 50
/** What could not be planned at the head of the trunk may be for a host that was away: it is tried again. */
const [againMs, againForMs] = [60_000, 3_600_000]

export type PlansWorld = Readonly<{
  store: Pick<Store, 'records' | 'ledger'>
  config: () => Promise<TeamConfig>
  plan: (commit: string, signal: AbortSignal) => Promise<PlanOutcome>
  /** Whether a ref is of somebody of the team. */
  isOfTeam: (repo: string, ref: string) => boolean
  now: () => number
  broke: (thrown: unknown) => void
}>

/** A ref that has moved; `to` is null where it is gone. */
type Moved = Readonly<{ repo: string; ref: string; to: string | null; who: string }>

type Making = Readonly<{ place: PlanPlace; stop: AbortController }>

/**
 * The plans of what was pushed to the repository of the infrastructure. One is made at a time: each looks at every host.
 * What waits is in the store, so a hub that dies has lost nothing.
 */
export class CommitPlans {
  readonly #world: PlansWorld
  readonly #kept: KeptPlans
  readonly #team: () => Promise<TeamConfig | null>
  readonly #tellers: ((news: News) => void)[] = []
  #turn: Promise<unknown> = Promise.resolve()
  #making: Making | null = null
  #work: Promise<void> | null = null
  #triedAt = 0
  #isClosed = false

  constructor(world: PlansWorld) {
    this.#world = world
    this.#kept = keepPlans(world.store.records)
    this.#team = lastSound(world.config)
  }

  /** To be told of every ref that moved, in whatever repository. */
  async moved({ repo, ref, to, who }: Moved): Promise<void> {
    if (to === null || ref.startsWith('refs/tags/') || (await this.#team())?.infra.repo !== repo) return
    const place = { repo, commit: to, ref, who }
    if (this.#world.isOfTeam(repo, ref)) await this.#order(place)
    else {
      const text = 'not planned: its author is nobody of the team, and plans look at hosts'
      await this.#alone(() => this.#put(repo, { ...this.#blank(place), state: 'left out', text }))
    }
  }

  async of(repo: string, commit: string): Promise<CommitPlan | null> {
    const plan = await this.#kept.of(repo, commit)
    return plan === null ? null : { ...plan, next: nextStep(plan, await this.#goesAlone(repo, plan)) }
  }

  /** Has the plan of a commit made, though there was one. */
  async again(repo: string, commit: string, who: string): Promise<CommitPlan> {
    const ref = (await this.#kept.of(repo, commit))?.ref ?? trunkRef(await this.#team(), repo)
    return { ...(await this.#order({ repo, commit, ref, who })), next: null }
  }

  /** Calls back with what the forge of a repository should be told. */
  subscribe(teller: (news: News) => void): void {
    this.#tellers.push(teller)
  }

  /** Begins with what waits; to be called every second or so. */
  tick(): void {
    if (this.#isClosed) return
    this.#work ??= this.#drain()
      .catch(this.#world.broke)
      .finally(() => {
        this.#work = null
      })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#making?.stop.abort()
    await this.#work
    await this.#turn
  }

  async #order(place: Pushed): Promise<KeptPlan> {
    const plan = await this.#alone(async () => {
      const open = (await this.#kept.places()).filter((one) => isOpen(one) && !isSame(one, place))
      const older = open.filter(({ repo, ref }) => repo === place.repo && ref === place.ref)
      for (const one of older) await this.#passBy(one, `not planned: ${place.commit.slice(0, 7)} is newer`)
      const crowd = open.filter((one) => !older.includes(one))
      for (const one of crowd.slice(0, Math.max(0, crowd.length - mostWaiting)))
        await this.#passBy(one, 'not planned: too many others wait')
      // What is being made of it was for another ref, which may be trusted with less.
      if (isSame(this.#making?.place, place)) this.#making?.stop.abort()
      const waits = this.#blank(place)
      await this.#put(place.repo, waits)
      return waits
    })
    this.tick()
    return plan
  }

  async #passBy(place: PlanPlace, text: string): Promise<void> {
    if (isSame(this.#making?.place, place)) this.#making?.stop.abort()
    await this.#put(place.repo, { ...this.#blank(place), state: 'passed by', text })
  }

  async #drain(): Promise<void> {
    while (!this.#isClosed) {
      const making = await this.#alone(() => this.#begin())
      if (making === null) return
      const { place, stop } = making
      const work = (signal: AbortSignal) => this.#world.plan(place.commit, signal)
      const outcome = await within(limitMs, stop.signal, work).catch((thrown: unknown) =>
        brokenBy(troubleOf(thrown)),
      )
      await this.#alone(() => this.#end(making, outcome))
    }
  }

  async #begin(): Promise<Making | null> {
    const place = await this.#next()
    if (place === null || this.#isClosed) return null
    this.#making = { place, stop: new AbortController() }
    // A further look at what is broken is told when it finds something else.
    if (place.state !== 'broken')
      await this.#put(place.repo, { ...this.#blank(place), state: 'looking', text: 'looks at the hosts' })
    return this.#making
  }

  async #end({ place, stop }: Making, outcome: PlanOutcome): Promise<void> {
    const { store, now } = this.#world
    this.#making = null
    this.#triedAt = now()
    if (stop.signal.aborted) return
    const { repo, commit, ref } = place
    if (place.state === 'broken' && (await this.#kept.of(repo, commit))?.text === outcome.text) return
    const state = outcome.trouble === null ? 'planned' : 'broken'
    await this.#put(repo, { ...this.#blank(place), ...outcome, state })
    const made = { type: 'plan-made', commit, ref, outcome: state, text: outcome.text } as const
    await store.ledger.record(repo, made, now())
  }

  async #next(): Promise<PlanPlace | null> {
    const { now } = this.#world
    const [team, places] = [await this.#team(), await this.#kept.places()]
    const onTrunk = places.filter(({ repo, ref }) => isOnTrunk(team, repo, ref))
    const open = onTrunk.find(isOpen) ?? places.find(isOpen)
    if (open !== undefined) return open
    const head = onTrunk.at(-1)
    if (head?.state !== 'broken' || now() - head.at >= againForMs) return null
    return now() - this.#triedAt >= againMs ? head : null
  }

  async #put(repo: string, plan: KeptPlan): Promise<void> {
    await this.#kept.put(repo, plan)
    // A red mark would keep back what nobody has looked at yet.
    if (plan.state === 'left out') return
    const summary = summaryOf(repo, plan, await this.#goesAlone(repo, plan))
    for (const tell of this.#tellers) tell({ repo, commit: plan.commit, status: statusOf(summary) })
  }

  async #goesAlone(repo: string, { ref }: KeptPlan): Promise<boolean> {
    const team = await this.#team()
    return team?.infra.apply === 'on green' && isOnTrunk(team, repo, ref)
  }

  #blank(place: Pick<PlanPlace, 'commit' | 'ref' | 'who'>): KeptPlan {
    return waiting(place, this.#world.now())
  }

  /** What is kept is altered by one at a time. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }
}

type Place = Pick<PlanPlace, 'repo' | 'commit'>
type Pushed = Place & Pick<PlanPlace, 'ref' | 'who'>

const isSame = (one: Place | undefined, other: Place): boolean =>
  one?.repo === other.repo && one.commit === other.commit
