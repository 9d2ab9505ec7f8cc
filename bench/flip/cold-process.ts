import { connect } from '../../sdk/server/connect.ts'

/**
 * A program that has just begun: how long until it knows all flags of its hub, once what Node needs to send a first
 * request is loaded, and with that.
 */
const [hub = '', key = '', flags = '0', isFirst = 'no'] = process.argv.slice(2)
if (isFirst === 'no') await (await fetch(new URL('/api/version', hub))).text()
const began = performance.now()
const client = await connect({ hub, key, waitMs: 60_000 })
const ms = performance.now() - began
if (client.keys().length < Number(flags)) throw new Error(`it knows ${client.keys().length} flags`)
await client.close()
process.send?.(ms, () => process.exit())
