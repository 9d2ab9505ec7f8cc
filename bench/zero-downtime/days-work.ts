import type { Random } from '../../lab/random.ts'

/** The ways in which a release of the sample app is bad; `errors` is healthy and fails its visitors. */
export const faults = ['crash-at-start', 'never-ready', 'unhealthy', 'errors'] as const
export type Fault = (typeof faults)[number]

export type Task =
  | Readonly<{ type: 'good' }>
  | Readonly<{ type: 'revert' }>
  | Readonly<{ type: 'broken'; fault: Fault }>

export type Amounts = Readonly<{ good: number; reverts: number; broken: number }>

/**
 * A day's changes in a random order, every fault in turn. A revert never comes where there is nothing to go back to:
 * one good release is taken to be live already.
 */
export function daysWork({ good, reverts, broken }: Amounts, random: Random): readonly Task[] {
  if (reverts > good) throw new Error(`${reverts} reverts have only ${good} good releases to take back`)
  const left = { good, reverts }
  const from = random.between(0, faults.length - 1)
  const bad = Array.from({ length: broken }, (_, nth): Task => {
    return { type: 'broken', fault: faults[(from + nth) % faults.length] ?? 'errors' }
  })
  const tasks: Task[] = []
  let height = 1
  while (left.good + left.reverts + bad.length > 0) {
    const may: Task[] = [
      ...(left.good > 0 ? [{ type: 'good' } as const] : []),
      ...(left.reverts > 0 && height > 1 ? [{ type: 'revert' } as const] : []),
      ...bad.slice(0, 1),
    ]
    const task = random.pick(may)
    tasks.push(task)
    if (task.type === 'good') left.good -= 1
    if (task.type === 'revert') left.reverts -= 1
    if (task.type === 'broken') bad.shift()
    if (task.type !== 'broken') height += task.type === 'good' ? 1 : -1
  }
  return tasks
}
