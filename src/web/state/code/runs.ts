import type { Run, RunId } from '../../../store/runs.ts'
import { numberOf } from '../reach.ts'

/** The runs of a repository and a ref (null: of all), newest first, down to the oldest one that was loaded for them. */
export function runsThat(
  runs: ReadonlyMap<RunId, Run>,
  { repo, ref }: Readonly<{ repo: string | null; ref: string | null }>,
  oldest: RunId | null,
): readonly Run[] {
  const from = oldest === null ? 0 : numberOf(oldest)
  return [...runs.values()]
    .filter((run) => (repo === null || run.repo === repo) && (ref === null || run.ref === ref))
    .filter(({ id }) => numberOf(id) >= from)
    .toSorted((a, b) => numberOf(b.id) - numberOf(a.id))
}
