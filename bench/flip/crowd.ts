import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** What a process of clients is told, and what it tells. Moments are milliseconds since 1970, of the one clock of this machine. */
export type Told = Readonly<{ type: 'end' }>
export type Tells =
  | Readonly<{ type: 'ready' }>
  | Readonly<{ type: 'seen'; value: number; at: readonly number[] }>

export const flagKey = 'bench-knob'

/** Many programs that follow one hub, in several processes. */
export class Crowd {
  readonly #processes: readonly ChildProcess[]
  readonly #seen = new Map<number, number[]>()

  constructor({ hub, key }: Readonly<{ hub: string; key: string }>, clients: number, processes: number) {
    const each = Math.ceil(clients / processes)
    const counts = Array.from({ length: processes }, (_, at) => Math.min(each, clients - at * each))
    this.#processes = counts.map((count) =>
      fork(join(import.meta.dirname, 'crowd-process.ts'), [hub, key, String(count)], {
        env: { ...process.env, NODE_NO_WARNINGS: '1' },
      }),
    )
    for (const each of this.#processes)
      each.on('message', (tells: Tells) => {
        if (tells.type !== 'seen') return
        const known = this.#seen.get(tells.value) ?? []
        known.push(...tells.at)
        this.#seen.set(tells.value, known)
      })
  }

  /** Resolves when all of them know the flags. */
  async ready(): Promise<void> {
    await Promise.all(this.#processes.map((each) => told(each, 'ready')))
  }

  /** When each has seen this value, those who have. */
  seen(value: number): readonly number[] {
    return this.#seen.get(value) ?? []
  }

  async end(): Promise<void> {
    await Promise.all(
      this.#processes.map(async (each) => {
        if (each.exitCode !== null) return
        const gone = once(each, 'exit')
        each.send({ type: 'end' } satisfies Told)
        await gone
      }),
    )
  }
}

async function told(child: ChildProcess, type: Tells['type']): Promise<void> {
  for (;;) {
    const [tells] = (await once(child, 'message')) as [Tells]
    if (tells.type === type) return
  }
}
