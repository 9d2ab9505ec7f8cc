import { TroubleError } from '../../change/trouble.ts'
import type { TeamConfig } from '../../config/config.ts'

type Host = TeamConfig['hosts'][string]

/**
 * The names of the hosts that `on` means. Whoever may push says what a job is and where, so it reaches no host that the
 * team has not given to jobs.
 */
export function buildHosts({ hosts, ci }: Pick<TeamConfig, 'hosts' | 'ci'>, on: string): readonly string[] {
  const isNamed = (words: readonly string[], name: string, { roles }: Host): boolean =>
    words.includes(name) || roles.some((role) => words.includes(role))
  const meant = Object.entries(hosts).filter(([name, host]) => isNamed([on], name, host))
  if (meant.length === 0) {
    throw new TroubleError({
      what: `a job is to run on ${on}, and there is no host or role of that name`,
      where: 'tandem.ts',
      now: 'see `tandem host list`; a host is added by `tandem host add`',
    })
  }
  const given = meant.filter(([name, host]) => isNamed(ci.builders, name, host)).map(([name]) => name)
  if (given.length > 0) return given
  throw new TroubleError({
    what: `a job is to run on ${on}, which no job may run on`,
    where: 'tandem.ts',
    now: `give it to jobs: ci: { builders: ['${on}'] }`,
  })
}
