import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { FlipWish } from '../../api/wire/flags.ts'
import type { Json } from '../../change/json.ts'
import type { ChangeId } from '../../change/order.ts'
import { Secret } from '../../config/secrets/secret.ts'
import type { Flag } from '../../../sdk/flag/flag.ts'
import type { HubSide } from '../../api/hub-side.ts'
import type { HubOptions } from '../options.ts'

export type FlagHub = Readonly<{
  side: HubSide
  start: () => Promise<void>
  retire: () => void
  idle: () => Promise<void>
  close: () => Promise<void>
}>

/** A hub, by whoever opens hubs, with one flag that ada has made. */
export async function hubWith(
  t: TestContext,
  openHub: (options: HubOptions) => Promise<FlagHub>,
  { key, flag }: Readonly<{ key: string; flag: Flag }>,
): Promise<FlagHub> {
  const dir = await mkdtemp(join(tmpdir(), 'flag-hub-'))
  await writeFile(join(dir, 'tandem.ts'), `import { tandem } from 'tandem'\nexport default tandem({})\n`)
  const broken: unknown[] = []
  const hub = await openHub({
    projectDir: dir,
    stateDir: join(dir, '.tandem'),
    kind: 'hub',
    identity: () => Promise.resolve(new Secret('no key')),
    broke: (thrown) => void broken.push(thrown),
    tell: () => {},
  })
  await hub.start()
  t.after(async () => {
    hub.retire()
    await hub.close()
    await rm(dir, { recursive: true })
    assert.deepEqual(broken, [])
  })
  await writeFlag(hub, { key, to: flag, who: 'ada' })
  return hub
}

export async function writeFlag(
  hub: FlagHub,
  { key, to, who }: Readonly<{ key: string; to: Flag; who: string }>,
): Promise<void> {
  await order(hub, { do: 'write', environment: 'production', items: [{ flag: key, to }] }, who)
  await hub.idle()
}

export async function order({ side }: FlagHub, wish: FlipWish, who = 'ada'): Promise<ChangeId> {
  const accepted = await side.accept('flip', wish as unknown as Json)
  return side.propose({ ...accepted, kind: 'flip', who, door: 'cli', why: '', reverts: null })
}

/** What the team measures, as a push of one sample. */
export async function push({ side }: FlagHub, name: string, value: number, host = 'a'): Promise<void> {
  await side.metrics.write({
    labels: [['__name__', name, 'host', host]],
    times: [Date.now()],
    values: [value],
    stale: [],
  })
}

export async function viewOf({ side }: FlagHub, key: string) {
  const found = (await side.flags.of('production')).flag(key)
  assert.ok(found)
  return found
}
