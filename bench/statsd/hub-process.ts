import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Secret } from '../../src/config/secrets/secret.ts'
import { openHub } from '../../src/hub.ts'

/** A whole hub that listens for StatsD, in the folder it is given. It says when it does, and is asked for its counts. */
const [dir = '', port = ''] = process.argv.slice(2)

const config = `import { tandem } from 'tandem'
export default tandem({
  metrics: { scrape: { hosts: false }, statsd: { listen: '127.0.0.1:${port}', flush: '1s' } },
})
`
await mkdir(dir, { recursive: true })
await writeFile(join(dir, 'tandem.ts'), config)
const hub = await openHub({
  projectDir: dir,
  stateDir: join(dir, '.tandem'),
  kind: 'hub',
  identity: () => Promise.resolve(new Secret('')),
  tell: (line) => process.send?.({ line }),
})
await hub.start()

// Whoever measures has gone.
process.on('disconnect', () => process.exit())
process.on('message', (asked: string) => {
  if (asked === 'end') void hub.close().then(() => process.disconnect())
  else void valueOf(asked).then((value) => process.send?.({ asked, value }))
})

/** What an instant query comes to; 0 where there is nothing. */
async function valueOf(query: string): Promise<number> {
  const params = new URLSearchParams({ query }).toString()
  const { body } = await hub.side.metrics.ask({ route: 'query', name: '', params })
  const answer = JSON.parse(Buffer.from(body).toString()) as {
    data: { result: readonly { value: readonly [number, string] }[] }
  }
  return Number(answer.data.result[0]?.value[1] ?? 0)
}
