import { parseArgs } from 'node:util'
import type { FrontSettings } from './exchange.ts'
import { openFront } from './open-front.ts'

const stopLimitMs = 5_000
const usage =
  'usage: local-front.ts --name PLACE --port N --a N --b N --socket PATH --state PATH\n' +
  'holds the connections of an app on this machine, where HAProxy would on a host of its own\n'

await main()

async function main(): Promise<void> {
  process.umask(0o077)
  try {
    const settings = readSettings()
    const front = await openFront(settings)
    process.stdout.write(`the front of ${settings.name} listens on port ${settings.port}\n`)
    const stop = (): void => {
      process.off('SIGTERM', stop).off('SIGINT', stop)
      void front.stop(stopLimitMs)
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
    process.exitCode = 1
  }
}

function readSettings(): FrontSettings {
  const text = { type: 'string' } as const
  const options = { name: text, port: text, a: text, b: text, socket: text, state: text }
  const { values } = parseArgs({ options })
  const { name, socket, state } = values
  const [port, a, b] = [values.port, values.a, values.b].map(Number)
  if (name === undefined || socket === undefined || state === undefined) throw new Error(usage)
  if (!isPort(port) || !isPort(a) || !isPort(b)) throw new Error(usage)
  return { name, port, ports: { a, b }, socket, state }
}

function isPort(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value > 0 && value < 65_536
}
