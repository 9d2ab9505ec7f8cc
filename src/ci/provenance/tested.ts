import type { Trouble } from '../../change/trouble.ts'
import { isGreen, type Run, type Runs } from '../../store/runs.ts'
import type { Commit } from '../../vcs/commit.ts'
import type { Shelf, Signed } from './shelf.ts'

/** What is known about a commit before it is deployed. */
export type Tested = Readonly<
  | { type: 'tested'; run: Run; signed: Signed }
  /** Its jobs passed, and none of them made a release. */
  | { type: 'passed'; run: Run }
  | { type: 'no jobs' }
  | { type: 'untested'; trouble: Trouble }
>

const runsRead = 20

/** What the runs of exactly this commit found out, and what the hub has signed of it. */
export async function whatWasTested(
  { runs, shelf }: Readonly<{ runs: Pick<Runs, 'list'>; shelf: Shelf }>,
  repo: string,
  commit: Pick<Commit, 'hash' | 'tree'>,
): Promise<Tested> {
  const found = await runs.list({ repo, commit: commit.hash, ref: null, before: null, limit: runsRead })
  const judged = judge(found, commit.hash)
  if (judged.type !== 'green') return judged
  const { run } = judged
  if (run.jobs.length === 0) return { type: 'no jobs' }
  if (run.release === null) return { type: 'passed', run }
  const signed = (await shelf.of(run.release)).findLast((one) => isAbout(one, run, commit))
  if (signed !== undefined) return { type: 'tested', run, signed }
  const what = `nothing that this hub has signed says that ${run.id} made its release out of ${short(commit.hash)}`
  return { type: 'untested', trouble: refusal(what, 'run its jobs again') }
}

/** The newest run that somebody let come to its end decides. */
function judge(
  runs: readonly Run[],
  commit: string,
): Exclude<Tested, { type: 'tested' | 'passed' }> | Readonly<{ type: 'green'; run: Run }> {
  const untested = (what: string, now: string) => ({ type: 'untested', trouble: refusal(what, now) }) as const
  const run = runs.find(({ outcome }) => outcome !== 'cancelled')
  if (run === undefined) return untested(`${short(commit)} was never tested`, 'push it, or run its jobs')
  if (run.outcome === null) return untested(`${run.id} still tests ${short(commit)}`, `wait for ${run.id}`)
  if (run.trouble !== null)
    return untested(`the jobs of ${short(commit)} cannot be read: ${run.trouble.what}`, 'mend them and push')
  if (isGreen(run.outcome)) return { type: 'green', run }
  const failed = run.jobs.filter(({ outcome }) => outcome !== null && !isGreen(outcome))
  const which = failed.map(({ name, outcome }) => `${name} ${outcome ?? ''}`).join(', ')
  const told = which === '' ? run.outcome : which
  return untested(
    `${short(commit)} did not pass its jobs in ${run.id}: ${told}`,
    `mend it and push, or run ${run.id} again`,
  )
}

const isAbout = ({ provenance }: Signed, run: Run, commit: Pick<Commit, 'hash' | 'tree'>): boolean =>
  provenance.release === run.release &&
  provenance.run === run.id &&
  provenance.repo === run.repo &&
  provenance.commit === commit.hash &&
  provenance.tree === commit.tree &&
  provenance.jobs.length > 0 &&
  provenance.jobs.every(({ outcome }) => isGreen(outcome))

const refusal = (what: string, now: string): Trouble => ({
  what,
  now: `${now}; to deploy it all the same, say so: --untested --why TEXT`,
})

const short = (hash: string): string => hash.slice(0, 7)
