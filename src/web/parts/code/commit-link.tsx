import { commitAddress } from '../../state/code/route.ts'
import { shortHash } from '../../words/code/code-words.ts'
import { Link } from '../link.tsx'

/** A commit by the beginning of its hash; the link has all of it. */
export const CommitLink = ({ repo, hash }: Readonly<{ repo: string; hash: string }>) => (
  <Link to={commitAddress(repo, hash)} class="id hash">
    {shortHash(hash)}
  </Link>
)
