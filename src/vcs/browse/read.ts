import { TroubleError } from '../../change/trouble.ts'
import { git, type GitOptions } from '../git.ts'

const limitMs = 20_000
const mostBytes = 32 * 1024 * 1024

/** Objects are read as they were pushed: nothing stands in for them, and what is missing is not fetched. */
const asPushed = { GIT_NO_REPLACE_OBJECTS: '1', GIT_NO_LAZY_FETCH: '1' }

/** What a git that only reads says. Throws a trouble when it cannot. */
export async function read(
  dir: string,
  args: readonly string[],
  options: Partial<Pick<GitOptions, 'input' | 'mostBytes'>> = {},
): Promise<string> {
  const said = await git(dir, args, { limitMs, mostBytes, env: asPushed, ...options })
  if (said.code === 0) return said.out
  throw new TroubleError({
    what: `cannot read this of the repository: git ${args[0] ?? ''} did not end well`,
    where: dir,
    tail: said.err.trim().split('\n').slice(-3),
    now: 'ask for less of it, or look at it in a clone',
  })
}

/** As `read`, for what may be too long: then it is the beginning, and ends anywhere. */
export async function readBeginning(
  dir: string,
  args: readonly string[],
  most: number,
): Promise<Readonly<{ text: string; isWhole: boolean }>> {
  const said = await git(dir, args, { limitMs, mostBytes: most, env: asPushed })
  return { text: said.out, isWhole: said.code === 0 }
}

/** A path as git has it: `a/b`, empty for the whole tree. Throws a trouble for what no tree can hold. */
export function pathIn(written: string): string {
  const path = written.replace(/\/$/, '')
  const parts = path === '' ? [] : path.split('/')
  if (parts.every((part) => part !== '' && part !== '.' && part !== '..') && !path.includes('\0')) return path
  throw new TroubleError({
    what: `there is no path ${JSON.stringify(written.slice(0, 200))} in a repository`,
    now: 'write it as from the top of the repository, like `src/main.ts`',
  })
}
