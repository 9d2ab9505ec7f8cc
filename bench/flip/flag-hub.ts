import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { HubProcess } from '../../e2e/lab/hub-process.ts'
import { person } from '../../e2e/lab/project.ts'
import type { FlipItem, FlipWish } from '../../src/api/wire/flags.ts'
import { isOver } from '../../src/change/status.ts'

/** A hub in a process of its own, of a team without hosts, with a key for its programs. */
export type FlagHub = Readonly<{
  process: HubProcess
  key: string
  /** Orders it; resolves when the order is in the ledger. */
  order: (wish: FlipWish) => Promise<string>
  /** Orders it, and waits for its end. */
  flip: (wish: FlipWish) => Promise<void>
  close: () => Promise<void>
}>

export const environment = 'production'

export async function startFlagHub(): Promise<FlagHub> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-flip-'))
  const config = `import { tandem } from 'tandem'\nexport default tandem({ people: { ${person}: { name: 'Ada', may: 'everything' } }, hosts: { here: { via: 'local' } } })\n`
  await writeFile(join(folder, 'tandem.ts'), config)
  const process = new HubProcess({ folder, stateDir: join(folder, '.tandem') })
  await process.start()
  const body = { environment, kind: 'server', label: 'bench' }
  const { secret } = await process.client().call('POST /api/flag-keys', { body })
  const order = async (wish: FlipWish): Promise<string> => {
    const { id } = await process.client().call('POST /api/changes', { body: { kind: 'flip', wish, why: '' } })
    return id
  }
  return {
    process,
    key: secret,
    order,
    flip: async (wish) => ended(process, await order(wish)),
    close: async () => {
      await process.stop()
      await rm(folder, { recursive: true })
    },
  }
}

async function ended(process: HubProcess, id: string): Promise<void> {
  for (;;) {
    const { change } = await process.client().call('GET /api/changes/:id', { params: { id } })
    if (change.status === 'done') return
    if (isOver(change.status)) throw new Error(`${id} is ${change.status}: ${JSON.stringify(change.trouble)}`)
    await pause(5)
  }
}

/** The wish that writes these definitions. */
export const written = (...items: readonly FlipItem[]): FlipWish => ({ do: 'write', environment, items })
