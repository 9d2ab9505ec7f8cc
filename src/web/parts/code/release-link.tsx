import { releaseWords } from '../../words/release-words.ts'
import { useModel } from '../hub.ts'
import { CommitLink } from './commit-link.tsx'

type Live = Readonly<{ app: string; commit: string | null; release: string | null }>

/** What runs somewhere: a link to its commit, where the repository of the app is known. */
export function ReleaseLink({ app, commit, release }: Live) {
  const repo = useModel(({ repos }) => repos?.find(({ apps }) => apps.includes(app))?.repo ?? null)
  if (repo !== null && commit !== null) return <CommitLink repo={repo} hash={commit} />
  return <>{releaseWords(commit, release)}</>
}
