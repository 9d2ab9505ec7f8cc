import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import type { Part, Slot } from './frame.ts'
import { frontPage } from './front-page.ts'

const slots: readonly Slot[] = [
  { place: 'shop.production', slot: 'a', release: '0123456789abcdef', isLive: true },
  { place: 'shop.production', slot: 'b', release: 'fedcba9876543210', isLive: false },
]

test('a server of an app says which release lies in its slot, and what is no app says nothing', () => {
  const lines = [
    'Version: 2.6.12',
    'CumReq: 7',
    '',
    '# pxname,svname,scur,status,hrsp_5xx,rtime,lastsess,',
    'tandem-metrics,FRONTEND,1,OPEN,,,,',
    'shop.production,a,2,no check,3,1500,-1,',
    'shop.production,b,0,MAINT,0,,4,',
    'shop.production,BACKEND,2,UP,3,1500,4,',
  ]
  const text = frontPage([{ name: 'front', words: [], lines }], slots) ?? ''
  const shop = 'proxy="shop.production"'
  const has = (line: string): void => assert.ok(text.split('\n').includes(line), `${line} in\n${text}`)
  has('haproxy_process_requests_total 7')
  has('haproxy_process_build_info{version="2.6.12"} 1')
  has('haproxy_frontend_current_sessions{proxy="tandem-metrics"} 1')
  has(`haproxy_server_current_sessions{${shop},server="a",app="shop",env="production",release="0123456"} 2`)
  has(
    `haproxy_server_status{${shop},server="b",app="shop",env="production",release="fedcba9",state="MAINT"} 1`,
  )
  has(`haproxy_server_status{${shop},server="a",app="shop",env="production",release="0123456",state="UP"} 1`)
  has(
    `haproxy_server_response_time_average_seconds{${shop},server="a",app="shop",env="production",release="0123456"} 1.5`,
  )
  has(`haproxy_backend_http_responses_total{${shop},app="shop",env="production",code="5xx"} 3`)
  assert.ok(!text.includes('haproxy_server_last_session_seconds{proxy="shop.production",server="a"'))
})

test('where no front answers there is no page', () => {
  assert.equal(frontPage([{ name: 'front', words: [], lines: [] }], slots), null)
  assert.equal(frontPage([], slots), null)
})

const missing = isThere('haproxy') ? false : 'needs haproxy'

test('what HAProxy says by its socket is named as its own exporter names it', { skip: missing }, async () => {
  await using front = await runningFront()
  const theirs = seriesIn(await (await fetch(`http://127.0.0.1:${front.port}/metrics`)).text())
  const parts: readonly Part[] = [{ name: 'front', words: [], lines: await front.said() }]
  const ours = seriesIn(frontPage(parts, []) ?? '')
  assert.ok(ours.size > 150, `${ours.size} series`)
  assert.deepEqual(
    [...ours.keys()].filter((series) => !theirs.has(series)),
    [],
  )
  const still = [...ours].filter(([series]) =>
    /limit|status|weight|server.*responses_total|nbthread/.test(series),
  )
  assert.ok(still.length > 25)
  for (const [series, value] of still) assert.equal(value, theirs.get(series), series)
})

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
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

async function runningFront() {
  const dir = await mkdtemp(join(tmpdir(), 'front-'))
  const port = await freePort()
  const socket = join(dir, 'admin.sock')
  const text = `global
  stats socket ${socket} mode 600 level admin
defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
frontend shop.production
  bind 127.0.0.1:${port}
  http-request use-service prometheus-exporter if { path /metrics }
  default_backend shop.production
backend shop.production
  server a 127.0.0.1:1
  server b 127.0.0.1:2 disabled
`
  await writeFile(join(dir, 'conf'), text)
  const child = spawn('haproxy', ['-db', '-f', join(dir, 'conf')], { stdio: 'ignore' })
  for (let tries = 0; tries < 100 && !(await answers(port)); tries += 1) await pause(50)
  await (await fetch(`http://127.0.0.1:${port}/`)).text()
  return {
    port,
    said: () => sayingOf(socket),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
      await rm(dir, { recursive: true })
    },
  }
}

async function sayingOf(socket: string): Promise<readonly string[]> {
  const link = connect(socket)
  link.end('show info;show stat\n')
  const pieces: string[] = []
  for await (const piece of link.setEncoding('utf8')) pieces.push(String(piece))
  return pieces.join('').split('\n')
}

async function answers(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/metrics`).then(
    () => true,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
