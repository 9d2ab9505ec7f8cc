import { text } from 'node:stream/consumers'
import { giveWay } from './give-way.ts'
import type { JobOrder } from './order.ts'
import { supervise } from './supervise.ts'

/**
 * The process that looks after one job. It waits for its order, which may be long in coming: it is started before there
 * is one. A hub that goes without giving one ends it.
 */
process.on('SIGHUP', () => undefined)
process.on('SIGINT', () => undefined)
const order = await text(process.stdin)
// What a dying hub wrote of an order has no end.
if (order.endsWith('\n')) {
  const job = JSON.parse(order) as JobOrder
  if (job.carried === null) giveWay()
  await supervise(job)
}
process.exit(0)
