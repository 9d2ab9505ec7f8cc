import type { ChangeView } from '../../../api/wire/wire.ts'
import type { Plan } from '../../../change/plan.ts'
import { commitBrought } from '../../state/code/change-commit.ts'
import { timelineAddress } from '../../state/route.ts'
import { kindWords } from '../../words/kind-words.ts'
import { ReleaseLink } from '../code/release-link.tsx'
import { Fact } from '../fact.tsx'
import { KindMark } from './kind-mark.tsx'
import { ChangeLink, Link } from '../link.tsx'
import { Took } from '../took.tsx'
import { When } from '../when.tsx'

/** Who, why, when, where and by which door. */
export function ChangeFacts({ change, plan }: Readonly<{ change: ChangeView; plan: Plan | null }>) {
  const brought = commitBrought(plan)
  return (
    <dl class="facts">
      <Fact name="Who">{change.who}</Fact>
      <Fact name="When">
        <When at={change.orderedAt} />
      </Fact>
      <Fact name="Took">
        <Took change={change} />
      </Fact>
      <Fact name="Target">
        <Link to={timelineAddress(change.target, '')}>{change.target}</Link>
      </Fact>
      <Fact name="Kind">
        <span class="kind-word">
          <KindMark change={change} /> {kindWords(change)}
        </span>
      </Fact>
      {brought !== null && (
        <Fact name="Commit">
          <ReleaseLink {...brought} release={null} />
        </Fact>
      )}
      <Fact name="Door">{change.door}</Fact>
      {change.reverts !== null && (
        <Fact name="Reverts">
          <ChangeLink id={change.reverts} />
        </Fact>
      )}
      {change.revertedBy !== null && (
        <Fact name="Taken back by">
          <ChangeLink id={change.revertedBy} />
        </Fact>
      )}
      {change.fenced.length > 0 && <Fact name="Fenced hosts">{change.fenced.join(', ')}</Fact>}
    </dl>
  )
}
