import { useState } from 'preact/hooks'
import type { DiffLine, FileDiff } from '../../../api/wire/code.ts'
import { diffName, sidesOf } from '../../state/code/diff.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { fileAddress } from '../../state/code/route.ts'
import { many } from '../../words/code/code-words.ts'
import { Link } from '../link.tsx'
import { useMore } from '../use-more.tsx'
import { DiffTally } from './diff-tally.tsx'

type File = Readonly<{ repo: string; hash: string; file: FileDiff; isOpen: boolean; isSplit: boolean }>

/** One file of a diff, folded when it is long. What is folded is not drawn. */
export function DiffFile({ repo, hash, file, isOpen, isSplit }: File) {
  const [isShown, show] = useState(isOpen)
  const name = plainText(diffName(file))
  return (
    <details class="diff-file" open={isShown} onToggle={(event) => show(event.currentTarget.open)}>
      <summary>
        <span class="diff-name">{name}</span>
        {file.oldPath === null && <span class="tag">new</span>}
        {file.newPath === null && <span class="tag">deleted</span>}
        {file.isBinary ? <span class="tag">binary</span> : <DiffTally {...file} />}
      </summary>
      {isShown && (
        <div class="diff-body">
          {file.newPath !== null && (
            <p class="diff-links">
              <Link to={fileAddress(repo, { ref: hash, path: file.newPath })}>
                the whole file<span class="unseen"> {name}</span>
              </Link>
            </p>
          )}
          <Body file={file} isSplit={isSplit} name={name} />
          {file.cut > 0 && <p class="quiet diff-cut">{many(file.cut, 'more line')} not shown</p>}
        </div>
      )}
    </details>
  )
}

type Shown = Readonly<{ file: FileDiff; isSplit: boolean; name: string }>

const mostLinesAtOnce = 1_000

function Body({ file, isSplit, name }: Shown) {
  const rows = file.hunks.flatMap(({ header, lines }) => [
    { type: 'hunk', header } as const,
    ...(isSplit
      ? sidesOf(lines).map((sides) => ({ type: 'sides', ...sides }) as const)
      : lines.map((line) => ({ type: 'line', line }) as const)),
  ])
  const { shown, more } = useMore(rows, mostLinesAtOnce)
  if (file.isBinary) return <p class="quiet diff-cut">It is not text.</p>
  if (rows.length === 0) return <p class="quiet diff-cut">Only its name or its mode is another one.</p>
  return (
    <>
      <table class={isSplit ? 'diff diff-split' : 'diff'}>
        <caption class="unseen">what changes in {name}</caption>
        <Columns isSplit={isSplit} />
        <tbody>
          {shown.map((row, nth) => {
            if (row.type === 'hunk') return <HunkRow key={nth} header={row.header} isSplit={isSplit} />
            if (row.type === 'line') return <LineRow key={nth} line={row.line} />
            return <SidesRow key={nth} left={row.left} right={row.right} />
          })}
        </tbody>
      </table>
      {more}
    </>
  )
}

/** Numbers take what they need, texts the rest. */
const Columns = ({ isSplit }: Readonly<{ isSplit: boolean }>) => (
  <colgroup>
    <col class="diff-number" />
    <col class={isSplit ? '' : 'diff-number'} />
    {isSplit && <col class="diff-number" />}
    <col />
  </colgroup>
)

const HunkRow = ({ header, isSplit }: Readonly<{ header: string; isSplit: boolean }>) => (
  <tr class="diff-hunk">
    <td colSpan={isSplit ? 4 : 3}>{plainText(header)}</td>
  </tr>
)

const LineRow = ({ line }: Readonly<{ line: DiffLine }>) => (
  <tr class={`diff-${line.kind}`}>
    <td class="diff-number">{line.old}</td>
    <td class="diff-number">{line.new}</td>
    <TextCell line={line} />
  </tr>
)

const SidesRow = ({ left, right }: Readonly<{ left: DiffLine | null; right: DiffLine | null }>) => (
  <tr>
    <td class="diff-number">{left?.old}</td>
    <TextCell line={left} />
    <td class="diff-number">{right?.new}</td>
    <TextCell line={right} />
  </tr>
)

const marks = { same: ' ', added: '+', removed: '−' } as const

function TextCell({ line }: Readonly<{ line: DiffLine | null }>) {
  if (line === null) return <td class="diff-none" />
  return (
    <td class={`diff-text diff-${line.kind}`}>
      <span class="diff-sign" aria-hidden="true">
        {marks[line.kind]}
      </span>
      {line.kind !== 'same' && <span class="unseen">{line.kind}: </span>}
      {plainText(line.text)}
    </td>
  )
}
