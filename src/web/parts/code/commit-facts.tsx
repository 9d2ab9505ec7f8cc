import type { CommitDetail } from '../../../api/wire/code.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { shortRef, treeAddress } from '../../state/code/route.ts'
import { Fact } from '../fact.tsx'
import { Link } from '../link.tsx'
import { When } from '../when.tsx'
import { CopyButton } from './copy-button.tsx'
import { CommitLink } from './commit-link.tsx'

/** Who wrote a commit, when, on what it stands, and which refs end in it. */
export function CommitFacts({ repo, detail }: Readonly<{ repo: string; detail: CommitDetail }>) {
  const { commit, refs } = detail
  return (
    <dl class="facts">
      <Fact name="Who">
        <span title={plainText(commit.email)}>{plainText(commit.author)}</span>
      </Fact>
      <Fact name="When">
        <When at={commit.at} />
      </Fact>
      <Fact name="Commit">
        <span class="hashes">
          <code class="whole-hash">{commit.hash}</code>
          <CopyButton text={commit.hash} name="the hash" />
        </span>
      </Fact>
      {commit.parents.length > 0 && (
        <Fact name={commit.parents.length === 1 ? 'After' : 'Merges'}>
          <span class="hashes">
            {commit.parents.map((parent) => (
              <CommitLink key={parent} repo={repo} hash={parent} />
            ))}
          </span>
        </Fact>
      )}
      <Fact name="Files">
        <Link to={treeAddress(repo, commit.hash, '')}>all as of here</Link>
      </Fact>
      {refs.length > 0 && (
        <Fact name="Head of">
          <span class="hashes">
            {refs.map((ref) => (
              <Link key={ref} to={treeAddress(repo, ref, '')}>
                {plainText(shortRef(ref))}
              </Link>
            ))}
          </span>
        </Fact>
      )}
    </dl>
  )
}
