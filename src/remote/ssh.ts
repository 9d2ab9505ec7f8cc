import type { HostAddress, Program, Run } from './remote.ts'
import type { Dial } from './link.ts'

type Via = Extract<HostAddress['via'], { kind: 'ssh' }>

export type Ssh = Readonly<{
  start: (name: string, via: Via, program: Program) => Run
  attach: (name: string, via: Via, run: Readonly<{ id: string; secrets: readonly string[] }>) => Run
  close: () => Promise<void>
}>

export function openSsh(_options: Readonly<{ stateDir: string; dial: Dial }>): Ssh {
  const missing = (): never => {
    throw new Error('not built yet')
  }
  return { start: missing, attach: missing, close: async () => {} }
}
