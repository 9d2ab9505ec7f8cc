import type { TrainPlace } from '../../api/wire/code.ts'
import type { ChangeView } from '../../api/wire/wire.ts'
import { infraTarget } from '../../infra/infra-world.ts'
import { tame } from '../../words/paint.ts'
import { type Said, said } from './said.ts'

/** Why a commit that is green does not go to a target now; empty where it is about to. */
export function staysWords({ target, status, why }: TrainPlace): readonly Said[] {
  const reason = tame(why ?? '')
  switch (status) {
    case 'held':
      return [
        said('stays', `${target} is held by ${reason}`, `  now   \`tandem release ${target}\` lets it go`),
      ]
    case 'frozen':
      return [said('stays', `${target} is frozen (${reason})`, '  now   it goes by itself when that is over')]
    case 'waiting':
      return [said(`waits ${reason}`, `${target}: ${reason}, this is next`)]
    case 'empty':
      return [said('stays', `${target}: ${reason}`)]
    case 'broken':
      return [said('stays', `${target}: there is no plan of it: ${reason}`)]
    case 'testing':
    case 'green':
    case 'going':
      return []
  }
}

/** Whether nothing but a person, the calendar or another push will let something go. */
export const isKept = ({ status }: TrainPlace): boolean =>
  status === 'held' || status === 'frozen' || status === 'empty' || status === 'broken'

/** Of a commit that is green and does not go: another one is newer. */
export const passedBy = (target: string): Said =>
  said('stays', `${target}: a newer commit goes instead; see \`tandem train\``)

/** Of a commit that was brought by a change that was over before it was pushed. */
export const triedBefore = (target: string, { id, status }: ChangeView): Said =>
  said(
    'stays',
    `${target}: ${id} has brought it before (${status}); it does not go again by itself`,
    `  now   \`${target === infraTarget ? 'tandem apply --commit' : 'tandem deploy'}\` does it by hand`,
  )

/** Of a commit that is red. */
export const staysAsItIs = (target: string): string => `${target} stays as it is`
