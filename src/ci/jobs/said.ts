import { parse } from '../../config/mistakes/complain.ts'
import type { BuildConfig, TeamConfig } from '../../config/config.ts'
import type { Mistake } from '../../config/mistakes/mistake.ts'
import { jobHeader, jobWord } from '../../config/repo/schema.ts'
import { jobConfig } from '../../config/repo/resolve.ts'
import type { CiFile } from './ci-files.ts'
import { hasHeader, readHeader } from './header.ts'
import { BUILD, type Fault, type SaidJob } from './job.ts'

/** The jobs that the executables in `ci/` are. */
export function jobsOfFiles(files: readonly CiFile[], faults: Fault[]): readonly SaidJob[] {
  return files.flatMap((file) => {
    const from = `ci/${file.name}`
    if (!file.isExecutable) {
      if (hasHeader(file.head)) faults.push(notExecutable(from))
      return []
    }
    if (!jobWord.pattern.test(file.name)) {
      faults.push(badName(from))
      return []
    }
    return jobOfFile(file, from, faults)
  })
}

function jobOfFile({ name, head }: CiFile, from: string, faults: Fault[]): readonly SaidJob[] {
  const { options, lines, faults: inHeader } = readHeader(head)
  faults.push(
    ...inHeader.map(({ line, what, now }) => ({ where: `${from}:${line}`, what: `${from}: ${what}`, now })),
  )
  const lineOf = (option: string): number => lines.get(option) ?? 1
  const mistakes: Mistake[] = []
  const parsed = parse(jobHeader, options, [from], mistakes)
  faults.push(
    ...mistakes.map(({ path, what, now }) => ({ where: `${from}:${lineOf(String(path[1]))}`, what, now })),
  )
  return parsed === null ? [] : [{ name, config: jobConfig({ run: `./${from}`, ...parsed }), from, lineOf }]
}

function notExecutable(from: string): Fault {
  const now = `\`git update-index --chmod=+x ${from}\`, and commit`
  return { where: from, what: `${from} says that it is a job, and is not executable`, now }
}

function badName(from: string): Fault {
  const now = `rename it to ${jobWord.of}; what is no job goes into a folder below, such as ci/lib/`
  return { where: from, what: `${from} is executable, and its name cannot be that of a job`, now }
}

/** The jobs that `tandem.ts` says of a repository. */
export function jobsOfConfig(repo: string, config: Pick<TeamConfig, 'repos'>): readonly SaidJob[] {
  const jobs = Object.hasOwn(config.repos, repo) ? (config.repos[repo]?.jobs ?? {}) : {}
  return Object.entries(jobs).map(([name, job]) => ({
    name,
    config: job,
    from: `repos.${repo}.jobs.${name}`,
    lineOf: null,
  }))
}

/**
 * The job `build` of a repository that says none: the build of the app that comes from it; where that has none, the
 * checkout is the artifact.
 */
export function buildOfApps(
  repo: string,
  config: Pick<TeamConfig, 'apps'>,
  faults: Fault[],
): readonly SaidJob[] {
  const apps = Object.entries(config.apps).filter(([, app]) => app.repo === repo)
  const [first, ...others] = apps
  if (first === undefined) return []
  const [name, { build }] = first
  const other = others.find(([, app]) => JSON.stringify(app.build) !== JSON.stringify(build))
  if (other !== undefined) {
    faults.push({
      where: `apps.${other[0]}.build`,
      what: `apps.${name} and apps.${other[0]} are built from ${repo} in two ways, and a commit has one artifact`,
      now: 'write the executable ci/build, whose output both of them deploy',
    })
  }
  return [{ name: BUILD, config: configOf(build), from: `apps.${name}.build`, lineOf: null }]
}

/** A build of an app reaches the network, as it does where nobody has the jobs of a repository run. */
function configOf(build: BuildConfig | null): SaidJob['config'] {
  const usual = jobConfig({ run: ':', retry: 'never' })
  return build === null ? usual : { ...usual, ...build, retry: 'once', network: true }
}
