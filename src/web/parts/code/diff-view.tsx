import type { FileDiff } from '../../../api/wire/code.ts'
import { openAtFirst, totalsOf } from '../../state/code/diff.ts'
import { commitAddress } from '../../state/code/route.ts'
import { many } from '../../words/code/code-words.ts'
import { Link } from '../link.tsx'
import { useMore } from '../use-more.tsx'
import { DiffFile } from './diff-file.tsx'
import { DiffTally } from './diff-tally.tsx'

type Diff = Readonly<{
  repo: string
  hash: string
  files: readonly FileDiff[]
  cut: number
  isSplit: boolean
}>

const mostFilesAtOnce = 100

/** What a commit alters, file by file. */
export function DiffView({ repo, hash, files, cut, isSplit }: Diff) {
  const { shown, more } = useMore(files, mostFilesAtOnce)
  const open = openAtFirst(files)
  return (
    <section aria-labelledby="diff">
      <div class="section-head">
        <h2 id="diff">
          {many(files.length + cut, 'file')} <DiffTally {...totalsOf(files)} />
        </h2>
        <Link to={commitAddress(repo, hash, !isSplit)} class="split-link">
          {isSplit ? 'One below the other' : 'Side by side'}
        </Link>
      </div>
      {files.length === 0 && <p class="quiet">It alters no file.</p>}
      {shown.map((file, nth) => (
        <DiffFile
          key={`${file.oldPath ?? ''} ${file.newPath ?? ''}`}
          repo={repo}
          hash={hash}
          file={file}
          isOpen={open[nth] ?? false}
          isSplit={isSplit}
        />
      ))}
      {more}
      {cut > 0 && (
        <p class="quiet diff-cut">
          {many(cut, 'more file')} {cut === 1 ? 'is' : 'are'} not shown: read them with{' '}
          <code>git show {hash.slice(0, 12)}</code>.
        </p>
      )}
    </section>
  )
}
