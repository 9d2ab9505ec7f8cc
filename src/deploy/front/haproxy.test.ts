import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FrontPlace, frontConformance, type TriedFront } from './conformance.ts'

const program = '/usr/sbin/haproxy'
const startLimitMs = 20_000

frontConformance(
  'haproxy',
  17_020,
  start,
  existsSync(program) ? false : `there is no ${program} on this machine`,
)

async function start(place: FrontPlace): Promise<TriedFront> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-haproxy-'))
  const socket = join(folder, 'admin.sock')
  await writeFile(join(folder, 'haproxy.cfg'), settings(place, socket))
  const front = spawn(program, ['-db', '-q', '-f', join(folder, 'haproxy.cfg')], { stdio: 'ignore' })
  const ended = once(front, 'close')
  await Promise.race([
    untilThere(socket),
    ended.then(() => Promise.reject(new Error('haproxy did not start'))),
  ])
  return {
    socket,
    stop: async () => {
      front.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilThere(socket: string): Promise<void> {
  const deadlineMs = performance.now() + startLimitMs
  while (!existsSync(socket)) {
    if (performance.now() > deadlineMs) throw new Error(`haproxy made no ${socket}`)
    await sleep(10)
  }
}

const settings = ({ name, port, a, b }: FrontPlace, socket: string): string => `
global
  stats socket ${socket} mode 600 level admin

defaults
  mode http
  option http-server-close
  option forwardfor
  retries 6
  retry-on conn-failure
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout tunnel 24h

frontend ${name}
  bind :${port}
  default_backend ${name}

backend ${name}
  server a 127.0.0.1:${a} disabled
  server b 127.0.0.1:${b} disabled
`
