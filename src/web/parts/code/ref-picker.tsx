import type { RefView } from '../../../api/wire/code.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { shortRef } from '../../state/code/route.ts'
import { refKinds, shortHash } from '../../words/code/code-words.ts'

type Pick = Readonly<{ refs: readonly RefView[]; at: string; onPick: (ref: string) => void }>

/** So many of each kind can be picked from; all others are on the page of branches. */
const mostOfKind = 50

const kinds: readonly RefView['kind'][] = ['branch', 'request', 'tag']

/** Which ref is looked at; a commit that is no ref stands among them while it is. */
export function RefPicker({ refs, at, onPick }: Pick) {
  const offered = kinds.map((kind) => ({
    kind,
    refs: refs.filter((ref) => ref.kind === kind).slice(0, mostOfKind),
  }))
  const isOffered = offered.some((group) => group.refs.some(({ ref }) => ref === at))
  return (
    <label class="inline-field ref-picker">
      <span class="unseen">Branch, tag or request</span>
      <select value={at} onChange={(event) => onPick(event.currentTarget.value)}>
        {!isOffered && <option value={at}>{nameOf(at)}</option>}
        {offered.map(
          (group) =>
            group.refs.length > 0 && (
              <optgroup key={group.kind} label={refKinds[group.kind]}>
                {group.refs.map(({ ref, name }) => (
                  <option key={ref} value={ref}>
                    {plainText(name)}
                  </option>
                ))}
              </optgroup>
            ),
        )}
      </select>
    </label>
  )
}

const nameOf = (at: string): string =>
  /^[0-9a-f]{40,64}$/.test(at) ? shortHash(at) : plainText(shortRef(at))
