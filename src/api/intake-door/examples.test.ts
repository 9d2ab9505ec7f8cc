import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { tryHub } from '../../hub/metrics/try-intake-hub.ts'

const examples = join(import.meta.dirname, '../../../examples/metrics')

const missing = (program: string): string | false =>
  spawnSync(program, ['--version']).status === 0 ? false : `${program} is not installed here`

test('the example of a shell script sends what it says', { skip: missing('curl') }, async (t) => {
  const hub = await tryHub(t)
  const env = { ...process.env, HUB: hub.url, KEY: hub.secret }
  const script = spawn('sh', [join(examples, 'send.sh')], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = (await once(script, 'exit')) as [number]
  assert.equal(code, 0)
  assert.deepEqual(await hub.ask('{__name__=~"backup.+|.+_rta|orders|signups"}'), [
    'backup_seconds{host="web1",job="nightly"} 42.5',
    'nagios_ping_rta{host="web1",perf="rta"} 0.012',
    'orders{plan="free"} 21',
    'orders{plan="pro"} 7',
    'signups 3',
  ])
})

test('the example for a Prometheus is one that it takes', { skip: missing('promtool') }, () => {
  const checked = spawnSync('promtool', ['check', 'config', join(examples, 'prometheus.yml')], {
    encoding: 'utf8',
  })
  assert.equal(checked.status, 0, checked.stderr)
})
