import type { DriftFinding, HostDrift } from '../../../api/wire/wire.ts'
import { causeWords } from '../../words/drift-words.ts'
import { FoldedLines } from '../plan/folded-lines.tsx'

/** What of a host is not as its recipes say: what an apply would do about it, and who probably did it. */
export function DriftFindings({ drift }: Readonly<{ drift: HostDrift }>) {
  if (drift.findings.length === 0) return null
  return (
    <ul class="findings" aria-label={`what differs on ${drift.host}`}>
      {drift.findings.map((finding) => (
        <Finding key={finding.resource} finding={finding} />
      ))}
    </ul>
  )
}

function Finding({ finding }: Readonly<{ finding: DriftFinding }>) {
  const { resource, at, cause, lines, evidence } = finding
  return (
    <li class="finding">
      <p class="finding-head">
        <code class="finding-name">{resource}</code>
        <span class="tag tag-care" title={causeWords(cause)}>
          {cause}
        </span>
        <code class="plan-at">{at}</code>
      </p>
      <div class="plan-lines">
        <FoldedLines lines={lines} />
      </div>
      {evidence.length > 0 ? (
        <div class="finding-evidence">
          <p class="quiet">Probably by</p>
          <ul aria-label={`evidence of ${resource}`}>
            {evidence.map((line) => (
              <li key={line}>
                <code>{line}</code>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <p class="quiet">{causeWords(cause)}</p>
      )}
    </li>
  )
}

/** What was written there that no recipe speaks of. It is no drift: nobody has said how it should be. */
export function Unmanaged({ drift }: Readonly<{ drift: HostDrift }>) {
  if (drift.unmanaged.length === 0) return null
  return (
    <details class="entries unmanaged">
      <summary>
        Altered, but in no recipe <span class="quiet">{drift.unmanaged.length}</span>
      </summary>
      <ul>
        {drift.unmanaged.map((line) => (
          <li key={line}>
            <code>{line}</code>
          </li>
        ))}
      </ul>
    </details>
  )
}
