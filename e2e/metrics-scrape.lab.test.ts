import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { labNeeds } from '../lab/needs.ts'
import { sayOf } from './lab/host-look.ts'
import { must, openStory, type Story } from './lab/story.ts'
import { until } from './lab/until.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

type Series = Readonly<{ metric: Readonly<Record<string, string>>; value: readonly [number, string] }>
type Answer = Readonly<{ data: Readonly<{ result: readonly Series[] }> }>

describe('a team that looks at its hosts', { skip }, () => {
  let story: Story
  let release = ''

  before(async () => {
    story = await openStory({
      hosts: 2,
      app: { metrics: '/metrics' },
      metrics: { scrape: { interval: '1s' } },
    })
    await story.hub.start()
    must(await story.run(['deploy', '--why', 'the first one']))
    release = (await story.answered()).slice(0, 7)
  })
  after(() => story.close())

  async function found(query: string): Promise<readonly Series[]> {
    const headers = { authorization: `Bearer ${story.hub.token}` }
    const params = new URLSearchParams({ query }).toString()
    const answer = await fetch(`${story.hub.url}/api/v1/query?${params}`, { headers })
    return ((await answer.json()) as Answer).data.result
  }
  const find = (query: string, count: number, limitMs = 20_000): Promise<void> =>
    until(`${count} by ${query}`, async () => (await found(query)).length === count, limitMs)

  test('finds the numbers of its hosts without a word, and with nothing installed there', async () => {
    await find('up{job="host"} == 1', 2)
    const [memory] = await found('node_memory_MemTotal_bytes{host="h1"} > 1e8')
    const { __name__: _, ...labels } = memory?.metric ?? {}
    assert.deepEqual(labels, { job: 'host', instance: 'h1', host: 'h1', role: 'web', env: 'production' })
    await find('sum by (host) (rate(node_cpu_seconds_total[10s])) > 0', 2)
    await find('node_filesystem_avail_bytes{mountpoint="/"} > 0', 2)
    await find('rate(node_network_receive_bytes_total{device!="lo"}[10s]) > 0', 2)
  })

  test('finds the numbers of its app and of the front, with the release that answers', async () => {
    await story.answers()
    await find(`up{job="shop",app="shop",env="production",release="${release}"} == 1`, 2)
    await find(`shop_requests_total{release="${release}",host=~"h1|h2",role="web"} > 0`, 2)
    const answered = `haproxy_server_http_responses_total{app="shop",env="production",code="2xx",release="${release}"}`
    await find(`${answered} > 0`, 2)
    await find('haproxy_server_status{app="shop",state="UP",server="a"} == 1', 2)
    await find('haproxy_process_current_connections', 2)
    const web = `app="shop",env="production",process="web",release="${release}",host=~"h1|h2"`
    await find(`tandem_app_memory_bytes{${web}} > 1e7`, 2)
    await find(`tandem_app_cpu_seconds_total{${web}} > 0`, 2)
    await find('{exported_env!=""}', 0)
  })

  test('sees an app that is gone, and nothing of what it said before', async () => {
    const [host] = story.lab.hosts
    await sayOf(host!, 'systemctl', 'stop', 'tandem-shop.production-web@a.service')
    await find('up{job="shop",host="h1"} == 0', 1)
    await find('shop_requests_total{host="h1"}', 0)
    await find('shop_requests_total{host="h2"}', 1)
    const { targets } = JSON.parse(must(await story.run(['metrics', 'targets', '--down', '--json'])).out) as {
      targets: readonly Readonly<Record<string, unknown>>[]
    }
    assert.deepEqual(
      targets.map(({ scrapePool, lastError }) => [scrapePool, lastError]),
      [['shop', 'port 16000: Connection refused']],
    )
    await sayOf(host!, 'systemctl', 'start', 'tandem-shop.production-web@a.service')
    await find('up{job="shop",host="h1"} == 1', 1)
  })

  test('sees another release from the moment it answers', async () => {
    const next = (await story.deployed()).slice(0, 7)
    assert.notEqual(next, release)
    await find(`up{job="shop",release="${next}"} == 1`, 2)
    await find(`up{job="shop",release="${release}"}`, 0)
    await find(`shop_requests_total{release="${next}"}`, 2)
    // Both lie on the hosts, and the front counts them apart.
    await find(`haproxy_server_current_sessions{release=~"${release}|${next}"}`, 4)
    release = next
  })

  test('sees a host that is away, and that it is back', async () => {
    const host = story.lab.host('h2')
    host.cut()
    await find('up{host="h2"} == 0', 3, 40_000)
    await find('node_load1{host="h2"}', 0)
    await find('up{host="h1"} == 1', 3)
    const told = must(await story.run(['metrics', 'targets', '--down'])).out
    assert.match(told, /^host +h2 +down /m)
    // So long that the session is given up, and another one has to be opened.
    await pause(15_000)
    host.mend()
    await find('up{host="h2"} == 1', 3, 60_000)
    await find('node_load1{host="h2"}', 1)
  })

  test('costs its hosts next to nothing, and leaves nothing behind', async (t) => {
    const [host] = story.lab.hosts
    const ticksOf = async (pid: string): Promise<number> => {
      const cells = (await sayOf(host!, 'cat', `/proc/${pid}/stat`)).replace(/.*\) /, '').split(' ')
      // Its own and that of what it has started: utime, stime, cutime, cstime of proc(5).
      return cells.slice(11, 15).reduce((sum, cell) => sum + Number(cell), 0)
    }
    const pid = await sayOf(host!, 'pgrep', '-f', 'sub ask_all')
    const before = await ticksOf(pid)
    await pause(10_000)
    const frameMs = (10 * ((await ticksOf(pid)) - before)) / 10
    t.diagnostic(`a frame takes ${frameMs} ms of a host's processor, ${4 * frameMs} ms a minute at 15 s`)
    assert.ok(frameMs < 50, `${frameMs} ms for a frame`)
    await story.hub.stop()
    await until(
      'nothing of it runs',
      async () => (await host!.exec(['pgrep', '-f', 'sub ask_all'])).code === 1,
    )
  })
})
