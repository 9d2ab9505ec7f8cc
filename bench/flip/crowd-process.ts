import { connect } from '../../sdk/server/connect.ts'
import { flagKey, type Tells, type Told } from './crowd.ts'

/** A process with many programs in it: each follows the hub by itself, over a connection of its own. */
const [hub = '', key = '', count = '0'] = process.argv.slice(2)
const tell = (tells: Tells): void => void process.send?.(tells)
const now = (): number => performance.timeOrigin + performance.now()

const seen = new Map<number, number[]>()
let isDue = false

/** What many have seen in one turn is told in one. */
function flush(): void {
  isDue = false
  for (const [value, at] of seen) tell({ type: 'seen', value, at })
  seen.clear()
}

const options = { hub, key, countsMs: 3_600_000, onTrouble: () => {}, waitMs: 60_000 }
const clients = await Promise.all(Array.from({ length: Number(count) }, () => connect(options)))
for (const client of clients)
  client.onChange(() => {
    const at = now()
    const value = client.number(flagKey, -1)
    const known = seen.get(value) ?? []
    known.push(at)
    seen.set(value, known)
    if (!isDue) setTimeout(flush, 200)
    isDue = true
  })
process.on('message', (told: Told) => {
  if (told.type === 'end')
    void Promise.all(clients.map((client) => client.close())).then(() => process.exit())
})
tell({ type: 'ready' })
