import type { CommitView } from '../../../api/wire/code.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { commitAddress } from '../../state/code/route.ts'
import { Link } from '../link.tsx'
import { When } from '../when.tsx'
import { CommitLink } from './commit-link.tsx'

/** The commit that something is looked at, in one line. */
export function CommitLine({ repo, commit }: Readonly<{ repo: string; commit: CommitView }>) {
  return (
    <p class="commit-line">
      <CommitLink repo={repo} hash={commit.hash} />
      <Link to={commitAddress(repo, commit.hash)} class="commit-subject">
        {plainText(commit.subject)}
      </Link>
      <span class="quiet commit-by">
        {plainText(commit.author)}, <When at={commit.at} />
      </span>
    </p>
  )
}
