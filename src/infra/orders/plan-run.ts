import { randomBytes } from 'node:crypto'
import type { Json } from '../../change/json.ts'
import type { Plan } from '../../change/plan.ts'
import type { TeamConfig } from '../../config/config.ts'
import { findHost } from '../../config/find.ts'
import type { Outcome } from '../outcome.ts'
import type { Wish } from '../wish.ts'

const hostsAtOnce = 64

/** Looking waits for nobody, so each has a target of its own. */
export const runTarget = (): string => `run-${randomBytes(4).toString('hex')}`

/** A command on hosts, all at once. */
export function planRun(config: TeamConfig, wish: Extract<Wish, { do: 'run' }>): Plan {
  const { hosts, command, limitMs } = wish
  for (const host of hosts) findHost(config, host)
  const shown = command[0] === 'sh' && command[1] === '-c' ? (command[2] ?? '') : command.join(' ')
  const outcome: Outcome = { do: 'run', hosts }
  return {
    title: `run ${shown.length > 80 ? `${shown.slice(0, 77)}…` : shown} on ${hosts.join(', ')}`,
    lines: [{ mark: ' ', text: shown }],
    warnings: [],
    stages: [
      {
        name: 'run',
        atOnce: hostsAtOnce,
        watch: null,
        steps: hosts.map((host) => ({
          id: `run ${host}`,
          action: 'run',
          host,
          input: { command, limitMs } as Json,
          cannotUndo: 'what a command has done stays done',
        })),
      },
    ],
    settle: [],
    fenced: [],
    outcome: outcome as unknown as Json,
  }
}
