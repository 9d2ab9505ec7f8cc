import type { FlipWish } from '../../api/wire/flags.ts'
import type { Plan } from '../../change/plan.ts'
import type { Desk } from './parts.ts'
import { planRoll } from './plan-roll.ts'
import { planSwitch } from './plan-switch.ts'
import { planUndo } from './plan-undo.ts'
import { planWrite } from './plan-write.ts'

/** What a flip would do: which deeds, in which stages. Throws a TroubleError for what must not be done. */
export function planFlip(desk: Desk, wish: FlipWish): Promise<Plan> | Plan {
  switch (wish.do) {
    case 'write':
      return planWrite(desk, wish)
    case 'switch':
      return planSwitch(desk, wish)
    case 'roll':
      return planRoll(desk, wish)
    case 'undo':
      return planUndo(desk, wish)
  }
}
