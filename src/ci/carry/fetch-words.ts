import type { JobSpec } from '../jobs/job.ts'

/**
 * What `fetch.sh` is told of what is wanted back of a job: its artifact, the caches that it made, and its reports; empty
 * where nothing is. Of a pattern the folder before its first star is searched for files with names like its last part,
 * which finds all that it means, and perhaps more.
 */
export function fetchWords(
  { artifact, output, reports }: Pick<JobSpec, 'artifact' | 'output' | 'reports'>,
  caches: readonly string[],
): readonly string[] {
  const whole = [...(artifact?.part === 'makes' ? [output] : []), ...caches]
  return [...whole.flatMap((path) => ['path', inHere(path)]), ...reports.flatMap(reportWords)]
}

const inHere = (path: string): string => `./${path.replace(/^(\.\/+)+/, '')}`

function reportWords(pattern: string): readonly string[] {
  const parts = inHere(pattern).split('/')
  const first = parts.findIndex((part) => /[*?[{!(]/.test(part))
  if (first === -1) return ['path', parts.join('/')]
  const last = parts.at(-1) ?? ''
  return ['report', parts.slice(0, first).join('/'), /[{(!]|\*\*/.test(last) ? '*' : last]
}
