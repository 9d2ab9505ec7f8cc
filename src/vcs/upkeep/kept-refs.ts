import { git } from '../git.ts'

/** Commits that are kept though no branch has them any more. Whoever fetches is not shown these refs. */
export const keptRefs = 'refs/tandem/kept'

/** Makes these the commits that are kept. What this repository does not have is left out. */
export async function keepCommits(dir: string, commits: ReadonlySet<string>): Promise<void> {
  const wanted = await thoseThere(dir, commits)
  const said = await must(dir, ['for-each-ref', '--format=%(objectname)', `${keptRefs}/`])
  const kept = new Set(said.split('\n').filter((hash) => hash !== ''))
  const moves = [
    ...[...wanted].filter((hash) => !kept.has(hash)).map((hash) => `create ${keptRefs}/${hash} ${hash}\n`),
    ...[...kept].filter((hash) => !wanted.has(hash)).map((hash) => `delete ${keptRefs}/${hash} ${hash}\n`),
  ]
  if (moves.length === 0) return
  await must(dir, ['update-ref', '--stdin'], moves.join(''))
  await must(dir, ['pack-refs', '--all'])
}

async function thoseThere(dir: string, commits: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const asked = [...commits].filter((hash) => /^[0-9a-f]{40}$/.test(hash))
  if (asked.length === 0) return new Set()
  const said = await must(dir, ['cat-file', '--batch-check=%(objecttype) %(objectname)'], asked.join('\n'))
  return new Set(said.split('\n').flatMap((line) => /^(?:commit|tag) ([0-9a-f]{40})$/.exec(line)?.[1] ?? []))
}

async function must(dir: string, args: readonly string[], input: string | null = null): Promise<string> {
  const { code, out, err } = await git(dir, args, { input, mostBytes: 64 * 1024 * 1024 })
  if (code === 0) return out
  throw new Error(`git ${args[0]} in ${dir}: ${err.trim()}`)
}
