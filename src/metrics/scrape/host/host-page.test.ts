import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import { FrameReader } from './frame.ts'
import { hostPage } from './host-page.ts'

const exporter = 'prometheus-node-exporter'
const sight = new URL('sight.pl', import.meta.url).pathname
const port = 21_900 + (process.pid % 1000)

test('a host says the same as node_exporter, under the same names', { skip: missing() }, async () => {
  const child = spawn(exporter, [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' })
  try {
    const theirs = seriesIn(await answerOf(`http://127.0.0.1:${port}/metrics`))
    const ours = seriesIn(await pageHere())
    assert.ok(ours.size > 150, `${ours.size} series`)
    const unknown = [...ours.keys()].filter((series) => !theirs.has(series) && !isMore(series))
    assert.deepEqual(unknown, [])
    // What hardly moves in the moment between both.
    const still =
      /MemTotal|SwapTotal|boot_time|filefd_maximum|filesystem_(size|files\b)|cpu_seconds_total.*idle|read_bytes_total|forks/
    const compared = [...ours].filter(([series]) => still.test(series) && theirs.has(series))
    assert.ok(compared.length >= 8, `${compared.length} compared`)
    for (const [series, value] of compared) {
      const other = theirs.get(series) ?? NaN
      assert.ok(Math.abs(value - other) <= 0.02 * Math.max(1, other), `${series}: ${value} and ${other}`)
    }
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

/** Of these, Debian's exporter shows fewer places and devices, or needs to be told to. */
const isMore = (series: string): boolean =>
  /^node_(processes_|filesystem_|os_info|network_)|TCPOFOQueue|node_uname_info/.test(series)

test('what is no number is not said, and names that stand in braces end well', () => {
  const page = hostPage(
    [
      { name: 'meminfo', words: [], lines: ['Active(anon):   10 kB', 'HugePages_Total:   3'] },
      { name: 'stat', words: [], lines: ['cpu  9 9', 'cpu0 100 0 50 25 0 0 0 0 7 0', 'btime 5'] },
      {
        name: 'mounts',
        words: [],
        lines: ['/dev/sda1 / ext4 rw,relatime 0 0', '/dev/sdb1 /my\\040disk xfs ro 0 0'],
      },
      { name: 'disks', words: [], lines: ['4096 100 50 40 10 9 /', '1024 10 5 4 3 2 /my disk'] },
      { name: 'words', words: [], lines: ['conntrack_count ', 'time 7', 'link eth0 up'] },
    ],
    [],
  )
  const lines = page.split('\n')
  const has = (line: string): void => assert.ok(lines.includes(line), `${line} in\n${page}`)
  has('node_memory_Active_anon_bytes 10240')
  has('node_memory_HugePages_Total 3')
  has('node_cpu_seconds_total{cpu="0",mode="user"} 1')
  has('node_cpu_guest_seconds_total{cpu="0",mode="user"} 0.07')
  has('node_boot_time_seconds 5')
  has('node_filesystem_avail_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 163840')
  has('node_filesystem_readonly{device="/dev/sdb1",fstype="xfs",mountpoint="/my disk"} 1')
  has('node_network_up{device="eth0"} 1')
  assert.ok(!page.includes('conntrack') && !page.includes('NaN'))
})

test('what an app takes is said with its release, whatever its name and those of its processes are', () => {
  const slots = [
    { place: 'my-shop.pre-prod', slot: 'a', release: '0123456789', isLive: true },
    { place: 'my-shop.pre-prod', slot: 'b', release: 'abcdefabcd', isLive: false },
  ]
  const lines = [
    'tandem-my-shop.pre-prod-web@a.service 250 4096 1',
    'tandem-my-shop.pre-prod-mail-worker-2@b.service 50 8192 3',
    'tandem-other.production-web@a.service 1 1 1',
  ]
  const page = hostPage([{ name: 'units', words: [], lines }], slots).split('\n')
  const whose = 'app="my-shop",env="pre-prod"'
  assert.ok(
    page.includes(`tandem_app_cpu_seconds_total{${whose},release="0123456",process="web",slot="a"} 2.5`),
  )
  assert.ok(
    page.includes(
      `tandem_app_memory_bytes{${whose},release="abcdefa",process="mail-worker-2",slot="b"} 8192`,
    ),
  )
  assert.ok(
    page.includes(`tandem_app_processes{${whose},release="abcdefa",process="mail-worker-2",slot="b"} 3`),
  )
  assert.ok(!page.some((line) => line.includes('other')))
})

/** It goes on for ever, so that it is ended when the first frame is whole. */
async function pageHere(): Promise<string> {
  const child = spawn('perl', [sight, '60', '0', '1', '/nowhere', '/nowhere'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const reader = new FrameReader()
  for await (const line of createInterface(child.stdout))
    for (const told of reader.push(line)) {
      if (told.type !== 'seen') continue
      child.kill()
      return hostPage(told.parts, [])
    }
  throw new Error('it has said nothing')
}

function missing(): string | false {
  try {
    execFileSync(exporter, ['--version'], { stdio: 'ignore' })
    return false
  } catch {
    return `needs ${exporter}`
  }
}

async function answerOf(url: string): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await (await fetch(url)).text()
    } catch (thrown) {
      if (tries === 100) throw thrown
      await pause(50)
    }
  }
}

function seriesIn(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  )
}
