import type { TrainPlace } from '../../api/wire-code.ts'
import type { ChangeView } from '../../api/wire.ts'
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
    case 'testing':
    case 'green':
    case 'going':
      return []
  }
}

/** Whether nothing but a person or the calendar will let it go. */
export const isKept = ({ status }: TrainPlace): boolean => status === 'held' || status === 'frozen'

/** Of a commit that is green and does not go: another one is newer. */
export const passedBy = (target: string): Said =>
  said('stays', `${target}: a newer commit goes instead; see \`tandem train\``)

/** Of a commit that was brought by a change that was over before it was pushed. */
export const triedBefore = (target: string, { id, status }: ChangeView): Said =>
  said(
    'stays',
    `${target}: ${id} has brought it before (${status}); it does not go again by itself`,
    `  now   \`tandem deploy\` does it by hand`,
  )

/** Of a commit that is red. */
export const staysAsItIs = (target: string): string => `${target} stays as it is`
