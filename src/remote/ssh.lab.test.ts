import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Lab, openLab } from '../../lab/lab.ts'
import { labNeeds } from '../../lab/needs.ts'
import { TroubleError } from '../change/trouble.ts'
import { lookProgram, newId, program, untilLine } from './conformance-stage.ts'
import { remoteConformance } from './conformance.ts'
import { fingerprintOf, learnHostKey } from './host-key.ts'
import { type Dial, dialProcess, type Link } from './link.ts'
import { openRemote } from './open.ts'
import type { HostAddress, Look, Program, Remote } from './remote.ts'
import { runToEnd } from './run-to-end.ts'
import { HOST_ROOT } from './ssh-command.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

type Via = Extract<HostAddress['via'], { kind: 'ssh' }>

describe('hosts by SSH', { skip }, () => {
  let lab: Lab
  let stateDir: string
  let remote: Remote
  const asked: string[] = []
  let password = 'correct horse'

  before(async () => {
    lab = await openLab({ hosts: 4 })
    stateDir = await mkdtemp(join(tmpdir(), 'tandem ssh 100% '))
    remote = open()
  })
  after(async () => {
    await remote.close()
    await lab.close()
    await rm(stateDir, { recursive: true, force: true })
  })

  const open = (dial: Dial = dialProcess): Remote =>
    openRemote({
      stateDir,
      dial,
      sudoPassword: async (host) => {
        asked.push(host.name)
        return password
      },
    })
  const at = (name: string, via: Partial<Via> = {}): HostAddress => {
    const host = lab.host(name)
    const hostKey = host.hostKey.split(' ').slice(1).join(' ')
    const root = { kind: 'ssh', user: 'root', address: host.address, port: 22, sudo: 'no' } as const
    return { name, via: { ...root, hostKey, identityFile: lab.keyFile, ...via } }
  }
  const run = (host: HostAddress, script: string, rest: Partial<Program> = {}) =>
    runToEnd(remote.start(host, program(script, rest)))
  const refusal = async (host: HostAddress): Promise<TroubleError['trouble']> => {
    const thrown = await run(host, 'echo ran').then(
      () => assert.fail('it ran'),
      (error: unknown) => error,
    )
    assert.ok(thrown instanceof TroubleError, String(thrown))
    return thrown.trouble
  }

  remoteConformance('a host by SSH', async () => ({
    host: at('h1'),
    root: HOST_ROOT,
    open,
    close: async () => {},
  }))

  describe('people', () => {
    const people = [
      ['deploy', 'free'],
      ['chatty', 'free'],
      ['cshell', 'free'],
      ['fisher', 'free'],
      ['typist', 'password'],
    ] as const
    for (const [user, sudo] of people)
      test(`${user} becomes root with sudo ${sudo}, and login files leave no trace`, async () => {
        const frames = [{ name: 'bytes', bytes: randomBytes(100_000) }]
        const script = `id -u; echo "$HOME $LC_ALL"; wc -c <bytes; echo 'a\\nb!' "it's"`
        const lines = ['0', '/root C.UTF-8', '100000', String.raw`a\nb! it's`].flatMap((line) =>
          line.split('\\n'),
        )
        const host = at('h2', { user, sudo })
        for (const lease of [null, { target: `${user}!'`, token: 1 }]) {
          assert.deepEqual(await run(host, script, { frames, lease }), {
            lines,
            ending: { type: 'exited', code: 0 },
          })
          assert.deepEqual((await runToEnd(remote.look(host, lookProgram(script, { frames })))).lines, lines)
          const again = await runToEnd(remote.attach(host, newId(), []))
          assert.match(again.ending.type === 'lost' ? again.ending.why : '', /knows no run/)
        }
      })

    test('no shell of root stays open behind a sudo that asks for a password', async () => {
      asked.length = 0
      const look = () =>
        remote.look(
          at('h2', { user: 'typist', sudo: 'password' }),
          lookProgram('id -u', { leavesNothing: true }),
        )
      for (const _ of [1, 2]) assert.deepEqual((await runToEnd(look())).lines, ['0'])
      assert.deepEqual(asked, ['h2', 'h2'])
    })

    test('a wrong sudo password is one clear trouble', async () => {
      asked.length = 0
      password = 'wrong'
      const trouble = await refusal(at('h2', { user: 'typist', sudo: 'password' }))
      password = 'correct horse'
      assert.match(trouble.what, /sudo on h2 does not take the password/)
      assert.deepEqual(asked, ['h2'])
    })

    test('a password nobody asks for is not given', async () => {
      asked.length = 0
      const { lines } = await run(at('h2', { user: 'deploy', sudo: 'password' }), 'id -u')
      assert.deepEqual({ lines, asked }, { lines: ['0'], asked: [] })
    })

    test('a user who needs a password for sudo, or has none, is told so', async () => {
      assert.match((await refusal(at('h2', { user: 'typist', sudo: 'free' }))).what, /asks for a password/)
      const trouble = await refusal(at('h2', { user: 'deploy', sudo: 'no' }))
      assert.match(trouble.what, /cannot write what it was sent/)
      assert.match(trouble.tail?.join() ?? '', /Permission denied/)
    })

    test('where the locale C.UTF-8 is missing, it is C', async () => {
      await run(at('h2'), 'for f in C.utf8 C.UTF-8; do mv /usr/lib/locale/$f /root/$f 2>/dev/null; done')
      assert.deepEqual((await run(at('h2'), 'echo "$LC_ALL"; locale 2>&1 | grep -c Cannot')).lines, [
        'C',
        '0',
      ])
      await run(at('h2'), 'mv /root/C.* /usr/lib/locale/')
    })
  })

  describe('keys and refusals', () => {
    test('a host whose key was not accepted is never connected to', async () => {
      const links: Link[] = []
      const watched = open(watching(links))
      const order = program('echo ran')
      await assert.rejects(
        watched.start(at('h1', { hostKey: null }), order).ending,
        /has not been accepted yet/,
      )
      assert.equal(links.length, 0)
    })

    test('another key than the accepted one is refused, and both are shown', async () => {
      const other = lab.host('h2').hostKey.split(' ').slice(1).join(' ')
      const trouble = await refusal(at('h1', { hostKey: other }))
      const own = lab.host('h1').hostKey.split(' ').slice(1).join(' ')
      assert.ok(trouble.what.includes(fingerprintOf(other)), trouble.what)
      assert.ok(trouble.what.includes(fingerprintOf(own)), trouble.what)
      assert.match(trouble.now, /tandem host accept h1/)
    })

    test('the key of a host can be learnt', async () => {
      const { key, fingerprint } = await learnHostKey(lab.host('h1').address, 22)
      assert.equal(key, lab.host('h1').hostKey.split(' ').slice(1).join(' '))
      assert.match(fingerprint, /^SHA256:[A-Za-z0-9+/]{43}$/)
      await assert.rejects(learnHostKey(lab.host('h1').address, 23), /refuses the connection/)
    })

    test('every way not to get in has its own words', async () => {
      assert.match((await refusal(at('h1', { port: 23 }))).what, /h1 refuses the connection/)
      assert.match((await refusal(at('h1', { address: 'no.such.invalid' }))).what, /h1 cannot be found/)
      assert.match((await refusal(at('h1', { user: 'stranger' }))).what, /does not let this user in/)
      lab.host('h4').cut()
      assert.match((await refusal(at('h4'))).what, /h4 does not answer/)
      lab.host('h4').mend()
      assert.deepEqual((await run(at('h4'), 'echo back')).lines, ['back'])
    })
  })

  describe('connections', () => {
    test('thirty programs at once share one connection', async () => {
      const runs = Array.from({ length: 30 }, (_, n) => run(at('h3'), `echo ${n}`))
      const lines = (await Promise.all(runs)).map((it) =>
        it.ending.type === 'exited' ? it.lines.join() : it.ending,
      )
      assert.deepEqual(
        lines,
        runs.map((_, n) => String(n)),
      )
      const { stdout } = await lab
        .host('h3')
        .exec(['sh', '-c', 'ss -Htn state established sport = :22 | wc -l'])
      assert.equal(stdout.trim(), '1')
    })

    test('looks that leave nothing follow each other in one session, and one that has gone is not missed', async () => {
      const links: Link[] = []
      const watched = open(watching(links))
      const look = async (script: string, rest: Partial<Look> = {}): Promise<string> => {
        const order = lookProgram(script, { leavesNothing: true, ...rest })
        const { lines, ending } = await runToEnd(watched.look(at('h3'), order))
        return `${lines.join()} ${ending.type === 'exited' ? ending.code : ending.type}`
      }
      try {
        assert.equal(await look('x=1; cd /etc; echo one; exit 3'), 'one 3')
        const frames = [{ name: 'bytes', bytes: Buffer.from('two') }]
        assert.equal(await look('cat bytes; echo "$x"', { frames }), 'two 0')
        assert.equal(
          await look('pwd; echo "$x$RUN"; echo hunter2', { secrets: ['hunter2'] }),
          '/,,[secret] 0',
        )
        assert.equal(links.length, 1)
        const shell = await look('echo "$$"')
        await lab.host('h3').exec(['kill', '-KILL', shell.split(' ')[0] ?? ''])
        assert.equal(await look('echo again'), 'again 0')
        assert.equal(links.length, 2)
        const [left] = (await look('sleep 60 & echo "$!"', { leavesNothing: false })).split(' ')
        const isThere = await look(`sleep 0.2; [ -e /proc/${left} ] && echo there`)
        assert.deepEqual([isThere, links.length], [' 1', 3])
      } finally {
        await watched.close()
      }
    })

    test('programs outlive the shared connection and the daemon they came through', async () => {
      const order = program('echo one; read -r word <ctl; echo two; exit 3')
      const first = remote.start(at('h3'), order)
      await untilLine(first, 'one')
      await lab
        .host('h3')
        .exec(['sh', '-c', 'pkill -KILL -x sshd; systemctl reset-failed ssh; systemctl start ssh'])
      assert.equal((await first.ending).type, 'lost')
      const again = remote.attach(at('h3'), order.id, [])
      again.tell('go')
      await untilLine(again, 'two')
      assert.deepEqual(await again.ending, { type: 'exited', code: 3 })
    })
  })

  // They wait for most of their time, on hosts of their own.
  describe('connections that are lost', { concurrency: 2 }, () => {
    test('a host that is cut off is noticed, and read on when it is back', async () => {
      const order = program('n=0; while [ "$n" -lt 200 ]; do echo "$n"; n=$((n + 1)); sleep 0.1; done')
      const first = remote.start(at('h3'), order)
      await untilLine(first, '3')
      lab.host('h3').cut()
      const began = Date.now()
      const ending = await first.ending
      assert.equal(ending.type, 'lost')
      assert.ok(Date.now() - began < 120_000)
      lab.host('h3').mend()
      const { lines, ending: end } = await runToEnd(remote.attach(at('h3'), order.id, []))
      assert.equal(lines.length, 200)
      assert.deepEqual(end, { type: 'exited', code: 0 })
    })

    test('a host that loses its power is noticed, and knows later that it was restarted', async () => {
      const order = program('echo one; sync; sleep 600')
      const first = remote.start(at('h4'), order)
      await untilLine(first, 'one')
      await lab.host('h4').kill()
      assert.equal((await first.ending).type, 'lost')
      await lab.host('h4').boot()
      const { lines, ending } = await runToEnd(remote.attach(at('h4'), order.id, []))
      assert.deepEqual(lines, ['one'])
      assert.match(ending.type === 'lost' ? ending.why : '', /restarted/)
      const { lines: fresh } = await run(at('h4'), 'echo again', { lease: { target: 'x', token: 2 } })
      assert.deepEqual(fresh, ['again'])
    })
  })

  describe('a full disk', () => {
    test('keeps programs from starting, in words, and not from ending', async () => {
      const order = program('echo one; read -r word <ctl; head -c 100000 /dev/zero | tr "\\0" x; exit 7')
      const first = remote.start(at('h4'), order)
      await untilLine(first, 'one')
      lab.host('h4').fill(0)
      try {
        const big = { frames: [{ name: 'big', bytes: randomBytes(5_000_000) }] }
        await assert.rejects(
          runToEnd(remote.start(at('h4'), program('echo ran', big))),
          /cannot write what it was sent/,
        )
        first.tell('go')
        assert.deepEqual(await first.ending, { type: 'exited', code: 7 })
      } finally {
        lab.host('h4').empty()
      }
      assert.deepEqual((await run(at('h4'), 'echo again')).lines, ['again'])
    })
  })

  test('where perl is missing, the output of a program with secrets is not kept, and that is said', async () => {
    await run(at('h2'), 'mv /usr/bin/perl /root/perl')
    try {
      const { lines, ending } = await run(at('h2'), 'echo hunter2; echo more; exit 3', {
        secrets: ['hunter2'],
      })
      assert.match(lines.join(' '), /^ ?\[tandem: the output from here is not kept/)
      assert.ok(!lines.includes('more'))
      assert.deepEqual(ending, { type: 'exited', code: 3 })
      assert.deepEqual((await run(at('h2'), 'echo plain')).lines, ['plain'])
    } finally {
      await run(at('h2'), 'mv /root/perl /usr/bin/perl')
    }
  })

  test('what is secret is nowhere to be seen on the host', async () => {
    const canary = `canary-${randomBytes(12).toString('hex')}`
    const frames = [{ name: 'secret', bytes: Buffer.from(canary) }]
    const order = program('echo ready; read -r word <ctl; cat secret', { frames, secrets: [canary] })
    const host = at('h2', { user: 'typist', sudo: 'password' })
    const first = remote.start(host, order)
    await untilLine(first, 'ready')
    const look = `{ cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ; journalctl; find /tmp /run /var/log /var/tmp -type f -size -1000k -exec cat {} +; } 2>/dev/null | tr '\\0' '\\n' | grep -aE '[c]${canary.slice(1)}|[c]orrect horse' | wc -l`
    assert.equal((await lab.host('h2').exec(['sh', '-c', look])).stdout.trim(), '0')
    first.tell('go')
    await untilLine(first, '[secret]')
  })
})

function watching(links: Link[]): Dial {
  return (argv, env) => {
    const link = dialProcess(argv, env)
    links.push(link)
    return link
  }
}
