import type { Trouble } from '../../change/trouble.ts'

/** What went wrong, where, what was printed last, and what to do now. */
export function TroubleView({ trouble }: Readonly<{ trouble: Trouble }>) {
  const place = [trouble.host, trouble.where].filter((part) => part !== undefined).join(' · ')
  const tail = trouble.tail ?? []
  return (
    <div class="trouble" role="alert">
      <p class="trouble-what">{trouble.what}</p>
      {place !== '' && (
        <p class="trouble-where">
          <span class="label">where</span> <code>{place}</code>
          {trouble.exit !== undefined && <span class="quiet"> exit {trouble.exit}</span>}
        </p>
      )}
      {tail.length > 0 && (
        <pre class="tail" tabIndex={0} aria-label="the last lines it printed">
          {tail.join('\n')}
        </pre>
      )}
      <p class="trouble-now">
        <span class="label">now</span> {trouble.now}
      </p>
    </div>
  )
}
