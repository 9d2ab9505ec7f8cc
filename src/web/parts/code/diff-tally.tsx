/** How many lines come and go, in signs to see and in words to hear. */
export function DiffTally({ added, removed }: Readonly<{ added: number; removed: number }>) {
  return (
    <span class="diff-tally">
      <span class="unseen">
        {added} lines added, {removed} removed
      </span>
      <span class="tally-added" aria-hidden="true">
        +{added}
      </span>{' '}
      <span class="tally-removed" aria-hidden="true">
        −{removed}
      </span>
    </span>
  )
}
