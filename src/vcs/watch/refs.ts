import { TroubleError } from '../../change/trouble.ts'
import { git } from '../git.ts'

/** Refs by their full name, and the hash that each stands for. */
export type Refs = ReadonlyMap<string, string>

const mostBytes = 64 * 1024 * 1024

/** All branches and tags of a repository, as they are now. */
export async function refsOf(dir: string): Promise<Refs> {
  const said = await git(
    dir,
    ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads/', 'refs/tags/'],
    { mostBytes },
  )
  if (said.code !== 0) {
    throw new TroubleError({
      what: 'cannot read the refs of a repository',
      where: dir,
      tail: said.err.trim().split('\n').slice(-3),
      now: 'look at it with `git fsck`',
    })
  }
  const pairs = said.out.split('\n').flatMap((line): readonly (readonly [string, string])[] => {
    const at = line.indexOf(' ')
    return at === -1 ? [] : [[line.slice(at + 1), line.slice(0, at)]]
  })
  return new Map(pairs)
}

/** Subjects of what these refs point to now, by ref; one that moved on since is left out. */
export async function subjectsOf(dir: string, wanted: Refs): Promise<ReadonlyMap<string, string>> {
  const format = '--format=%(refname)%00%(objectname)%00%(contents:subject)'
  const said = await git(dir, ['for-each-ref', format, '--', ...wanted.keys()])
  const lines = said.out.split('\n').map((line) => line.split('\0'))
  return new Map(
    lines.flatMap(([ref = '', hash = '', subject = '']) =>
      wanted.get(ref) === hash ? [[ref, subject.slice(0, 200)] as const] : [],
    ),
  )
}
