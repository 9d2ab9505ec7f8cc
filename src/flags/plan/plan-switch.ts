import type { FlipWish } from '../../api/wire/flags.ts'
import type { Plan } from '../../change/plan.ts'
import { flagIn } from './flag-in.ts'
import { type Desk, planOf, stageOf } from './parts.ts'

/** The kill switch, and back. */
export function planSwitch({ book }: Desk, wish: Extract<FlipWish, { do: 'switch' }>): Plan {
  const flag = flagIn(book.environment(wish.environment), wish.flag)
  const [was, now] = [flag.on ? 'on' : 'off', wish.on ? 'on' : 'off']
  const name = `${wish.flag} in ${wish.environment}`
  if (was === now) return planOf({ title: `${name} is ${now} already`, lines: [], warnings: [], stages: [] })
  return planOf({
    title: `${name}: switch ${was} -> ${now}`,
    lines: [{ mark: '~', text: `switch: ${was} -> ${now}` }],
    warnings: [],
    stages: [
      stageOf('switch', {
        action: 'switch',
        environment: wish.environment,
        flag: wish.flag,
        was: flag.on,
        on: wish.on,
      }),
    ],
  })
}
