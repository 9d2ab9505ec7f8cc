import { TroubleError } from '../../change/trouble.ts'
import { isProtected } from '../../config/repo/repo.ts'
import type { Run } from '../../store/runs.ts'
import type { JobSpec } from '../jobs/job.ts'
import { mustBeMaskable } from '../mask/maskable.ts'
import type { CiWorld } from './ci-world.ts'

type SecretsWorld = Pick<CiWorld, 'config' | 'secrets'>

const heads = 'refs/heads/'

/** Whether this ref is one that not everybody may write: a branch that only grows. */
export async function isTrusted(world: Pick<SecretsWorld, 'config'>, run: Run): Promise<boolean> {
  const repo = (await world.config()).repos[run.repo]
  return repo !== undefined && run.ref.startsWith(heads) && isProtected(repo, run.ref.slice(heads.length))
}

/** The secrets that a job asks for, by name. None for a ref that anybody may push. */
export async function secretsOf(
  world: SecretsWorld,
  run: Run,
  spec: JobSpec,
): Promise<Readonly<Record<string, string>>> {
  if (spec.secrets.length === 0 || !(await isTrusted(world, run))) return {}
  const known = await world.secrets()
  return Object.fromEntries(
    spec.secrets.map((name) => {
      const value = known.get(name)
      if (value === undefined) throw missing(name, spec)
      mustBeMaskable(name, value)
      return [name, value]
    }),
  )
}

const missing = (name: string, spec: JobSpec): TroubleError =>
  new TroubleError({
    what: `there is no secret ${name} for jobs`,
    where: spec.from,
    now: `\`tandem secret set ${name} --environment infra\`, or take it out of the job`,
  })
