import type { CommitPlan, TrainPlace } from '../../api/wire/code.ts'
import { viewOf } from '../../api/changes/views.ts'
import type { ChangeView } from '../../api/wire/wire.ts'
import { changeOf } from '../../change/change.ts'
import { isOver } from '../../change/status.ts'
import type { Ci } from '../../ci/ci.ts'
import { isGreen, type Run, type RunId } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import type { Relay } from '../../vcs/push.ts'
import { tame } from '../../words/paint.ts'
import { commitBrought } from '../vcs/commit-brought.ts'
import { changeWords } from './change-words.ts'
import { isMade, planWords } from './plan-words.ts'
import { failedTests, runWords } from './run-words.ts'
import type { Said } from './said.ts'
import { isKept, passedBy, staysAsItIs, staysWords, triedBefore } from './stay-words.ts'

/** What is asked to tell of a push. It alters nothing. */
export type TellWorld = Readonly<{
  store: Pick<Store, 'runs' | 'ledger' | 'pulse'>
  /** The lines that a job has printed, from a place in its log on. */
  log: Ci['log']
  /** The targets that this branch goes live on by itself. */
  targets: (repo: string, ref: string) => Promise<readonly string[]>
  train: TrainNews
  /** What a commit of the infrastructure would do; null for all other commits. */
  planOf: (repo: string, commit: string) => Promise<CommitPlan | null>
  now: () => number
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
}>

/** What the train knows. */
export type TrainNews = Readonly<{
  /** Has it look again. */
  stir: () => void
  /** What it found when it looked last, and when that was; null = it has not looked. */
  found: (target: string) => Readonly<{ at: number; places: readonly TrainPlace[] }> | null
}>

/** Who listens, until they have gone or the hub goes. */
export type Listener = Readonly<{ relay: Relay; leaving: AbortSignal }>

const lookMs = 100
/** Holds and freezes end by the clock, without anybody writing anything. */
const lookAnywayMs = 3_000
const tailLines = 15
const lineLength = 400
/** Of the repository, newest run first: those of a run that just ended are among them. */
const testsRead = 20_000
/** Whoever has waited this long has gone to do something else. */
const longestMs = 2 * 3_600_000
/** The newest changes of a target, among which is that of a commit that just passed. */
const changesRead = 20

/** Tells who pushed what becomes of it, until nothing is left to wait for. */
export async function tellPush(world: TellWorld, id: RunId, listener: Listener): Promise<void> {
  const run = await tellRun(world, id, listener)
  if (run === null) return
  if (run.supersededBy === null) await tellPlan(world, run, listener)
  const targets = await world.targets(run.repo, run.ref)
  if (isGreen(run.outcome))
    await Promise.all(targets.map((target) => tellTarget(world, { run, target }, listener)))
  else if (run.supersededBy === null) for (const target of targets) listener.relay.say(staysAsItIs(target))
}

type Look = Readonly<{ words: readonly Said[]; isLast: boolean }>

type Followed = Readonly<{
  /** What somebody can type to see the rest. */
  rest: () => string
  look: () => Promise<Look>
  /** Differs when there may be something new beside what the store has. */
  mark?: () => number
  tail?: (job: string) => Promise<readonly string[]>
}>

/** Says what is new, again and again, until a look says that it was the last. */
async function follow(world: TellWorld, { relay, leaving }: Listener, followed: Followed): Promise<void> {
  const told = new Set<string>()
  const ends = AbortSignal.any([relay.gone, leaving])
  const since = world.now()
  let seen = { pulse: -1, mark: 0, at: 0 }
  while (!ends.aborted && world.now() - since < longestMs) {
    const [pulse, mark, at] = [world.store.pulse(), followed.mark?.() ?? 0, world.now()]
    if (pulse !== seen.pulse || mark !== seen.mark || at - seen.at >= lookAnywayMs) {
      seen = { pulse, mark, at }
      const { words, isLast } = await followed.look()
      for (const { key, lines, tailOf } of words.filter((word) => !told.has(word.key))) {
        told.add(key)
        for (const line of lines) relay.say(line)
        if (tailOf !== null) for (const line of (await followed.tail?.(tailOf)) ?? []) relay.say(line)
      }
      if (isLast) return
    }
    await world.sleep(lookMs, ends)
  }
  const why = leaving.aborted ? 'the hub goes down; this goes on when it is back' : 'this goes on'
  relay.say(`${why}: see \`${followed.rest()}\``)
}

/** Null where it was not told to its end. */
async function tellRun(world: TellWorld, id: RunId, listener: Listener): Promise<Run | null> {
  const seen: { run: Run | null } = { run: null }
  await follow(world, listener, {
    rest: () => `tandem runs show ${id}`,
    look: async () => {
      const run = await world.store.runs.get(id)
      seen.run = run
      return run === null
        ? { words: [], isLast: true }
        : { words: runWords(run), isLast: run.outcome !== null }
    },
    tail: async (job) => [...(await failedIn(world, seen.run, job)), ...(await tailOf(world, id, job))],
  })
  return seen.run?.outcome === null ? null : seen.run
}

/** What a commit of the infrastructure would do to the hosts; of other commits there is nothing to say. */
async function tellPlan(world: TellWorld, run: Run, listener: Listener): Promise<void> {
  const { repo, commit } = run
  await follow(world, listener, {
    rest: () => `tandem repo commit ${repo} ${commit.slice(0, 12)}`,
    look: async () => {
      const plan = await world.planOf(repo, commit)
      return { words: plan === null ? [] : planWords(repo, plan), isLast: plan === null || isMade(plan) }
    },
  })
}

/** The tests that have failed in a job, as far as its reports name them: they seldom stand in its last lines. */
async function failedIn({ store }: TellWorld, run: Run | null, job: string): Promise<readonly string[]> {
  if (run === null) return []
  const tests = await store.runs.tests(run.repo, testsRead)
  return failedTests(tests.filter((test) => test.run === run.id && test.job === job))
}

/** The last lines of a job. */
async function tailOf({ log }: TellWorld, run: RunId, job: string): Promise<readonly string[]> {
  let tail: readonly string[] = []
  for (let from = 0; ;) {
    const page = await log({ run, job, attempt: null, from })
    tail = [
      ...tail,
      ...page.lines.slice(-tailLines).map(({ text }) => `  │ ${tame(text).slice(0, lineLength)}`),
    ].slice(-tailLines)
    if (page.next === from) return tail
    from = page.next
  }
}

type Bound = Readonly<{ run: Run; target: string }>

/** From the moment a commit is green to the end of the change that brings it there. */
async function tellTarget(world: TellWorld, bound: Bound, listener: Listener): Promise<void> {
  const since = world.now()
  let change: string | null = null
  // What the train found before the run was over says nothing of it.
  world.train.stir()
  await follow(world, listener, {
    rest: () => (change === null ? 'tandem train' : `tandem show ${change}`),
    mark: () => world.train.found(bound.target)?.at ?? 0,
    look: async () => {
      const found = world.train.found(bound.target)
      const view = await changeFor(world, bound)
      if (view === null)
        return found === null || found.at <= since ? { words: [], isLast: false } : stays(found.places, bound)
      change = view.id
      if (isOver(view.status) && (view.endedAt ?? 0) < since - lookAnywayMs)
        return { words: [triedBefore(bound.target, view)], isLast: true }
      const entries = await world.store.ledger.of(view.id)
      const now = viewOf(entries, null)
      return { words: changeWords(now, entries), isLast: isOver(now.status) }
    },
  })
}

function stays(places: readonly TrainPlace[], { run, target }: Bound): Look {
  const place = places.find(({ commit }) => commit === run.commit)
  return place === undefined
    ? { words: [passedBy(target)], isLast: true }
    : { words: staysWords(place), isLast: isKept(place) }
}

/** The newest change of a target that brings this commit. */
async function changeFor({ store }: TellWorld, { run, target }: Bound): Promise<ChangeView | null> {
  const ids = await store.ledger.changes({ target, before: null, limit: changesRead })
  const all = await store.ledger.ofMany(ids)
  const entries = all.find((one) => commitBrought(changeOf(one, null)) === run.commit)
  return entries === undefined ? null : viewOf(entries, null)
}
