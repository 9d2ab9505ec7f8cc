import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { troubleOf } from '../../change/trouble.ts'
import { tried, tryJob } from '../supervisor/try-job.ts'
import { sandboxArgv } from './sandbox.ts'
import { networkOf, requireSandbox, systemParts } from './system.ts'

const skip = whyNot()

function whyNot(): string | false {
  try {
    requireSandbox()
    return false
  } catch (thrown) {
    return String(thrown)
  }
}

/** A server on every address of this machine. */
async function withServer(play: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((socket) => socket.end('hello from outside'))
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  try {
    await play(address.port)
  } finally {
    server.close()
  }
}

/** Prints what a server says, or `closed`, as a line. */
const callTo = (host: string, port: number): string =>
  `perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(PeerAddr => "${host}:${port}", Timeout => 5); print $s ? <$s> : "closed", "\n"'`

const ownLoopback = `perl -MIO::Socket::INET -e 'my $l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die; print "own loopback\n" if IO::Socket::INET->new("127.0.0.1:" . $l->sockport)'`

/** Ways out that must fail, each as a command that prints `out` when it was found open. */
const ways: Readonly<Record<string, string>> = {
  'writing the system': 'touch /usr/bin/x && echo out',
  'writing its own settings': 'echo root::0:0:::/bin/sh > /etc/passwd && echo out',
  mounting: 'mount -t tmpfs none /mnt && echo out',
  'mounting in a namespace of its own':
    'unshare -rm sh -c "mount --bind / /work && ls /work/root" && echo out',
  'becoming root by sudo': 'sudo -n id && echo out',
  'becoming root by setuid': "perl -e '$> = 0; exit($> == 0 ? 0 : 1)' && echo out",
  'reading disks': 'ls /dev | grep -E "^(sd|vd|nvme|xvd|loop)" && echo out',
  'making devices': 'mknod /work/d b 254 0 && echo out',
  'looking at other processes': '[ "$(ls /proc | grep -c "^[0-9]")" -gt 12 ] && echo out',
  'walking out through the root of another process': 'ls /proc/1/root/root && echo out',
  'the keys and homes of people': '[ -e /root ] || ls /home | grep -v "^job$" && echo out',
  'secrets in /etc': 'cat /etc/shadow /etc/ssl/private/* /etc/ssh/* 2>/dev/null | grep -q . && echo out',
  'typing into the terminal of the hub': 'true < /dev/tty && echo out',
  'setting the clock': 'date -s 2001-01-01 >/dev/null 2>&1 && echo out',
  'renaming the machine': 'hostname x && echo out',
  'reading what the kernel says': 'dmesg && echo out',
}

/**
 * The first process of a sandbox is the walls' own. Root's belongs to root; an ordinary user's is within the same walls as
 * the job, as the same user, and knows no more than it does.
 */
const waysUnderRoot: typeof ways = {
  'reading the memory of its walls': 'cat /proc/1/environ /proc/1/mem 2>/dev/null | grep -q . && echo out',
  'tracing its walls': `perl -e 'exit(syscall(101, 16, 1, 0, 0) == 0 ? 0 : 1)' && echo out`,
}

const isRoot = process.getuid?.() === 0

for (const [way, command] of Object.entries(isRoot ? { ...ways, ...waysUnderRoot } : ways)) {
  void test(`a job does not get out by ${way}`, { skip }, async () => {
    const { log } = await tried(command)
    assert.ok(!log.split('\n').includes('out'), log)
  })
}

void test('a job sees neither the hub nor what the hub keeps', { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-hub-'))
  try {
    await writeFile(join(folder, 'tandem.db'), 'secret', { mode: 0o644 })
    // What cannot be listed is named in the complaint, so that is not among what is looked through.
    const { log } = await tried(`ls ${folder} ${process.cwd()} 2>/dev/null && echo out; ls -A /tmp; env`)
    assert.ok(!log.includes('out'), log)
    assert.ok(!log.includes(basename(folder)), log)
    for (const name of ['SSH_AUTH_SOCK', 'TANDEM', 'NODE_', 'SUDO']) assert.ok(!log.includes(name), log)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

void test('a job has no network but its own loopback, unless it asks', { skip }, async () => {
  await withServer(async (port) => {
    const [call, own] = [callTo('127.0.0.1', port), ownLoopback]
    assert.equal((await tried(`${call}; ${own}`)).log, 'closed\nown loopback')
    assert.match((await tried(call, { network: 'shared' })).log, /hello from outside/)
  })
})

const noOwn =
  skip !== false
    ? skip
    : networkOf(true) === 'own'
      ? false
      : 'apt-get install slirp4netns, and a /dev/net/tun that may be used'

void test(
  'a job with a network of its own goes out, and reaches no loopback of the machine',
  { skip: noOwn },
  async () => {
    await withServer(async (port) => {
      const outside = Object.values(networkInterfaces())
        .flatMap((all) => all ?? [])
        .find(({ family, internal }) => family === 'IPv4' && !internal)?.address
      const inside = ['127.0.0.1', '10.0.2.2', '10.0.2.3'].map((host) => callTo(host, port))
      const calls = outside === undefined ? inside : [...inside, callTo(outside, port)]
      const { end, log } = await tried(`${calls.join('; ')}; ${ownLoopback}; cat /etc/resolv.conf`, {
        network: 'own',
      })
      const reached = outside === undefined ? '' : 'hello from outside\n'
      assert.equal(log, `closed\nclosed\nclosed\n${reached}own loopback\nnameserver 10.0.2.3`)
      assert.ok(end !== 'gone' && end.code === 0)
    })
  },
)

void test(
  'jobs with networks of their own do not meet, and what gave them one goes with them',
  { skip: noOwn },
  async () => {
    const listens = `perl -MIO::Socket::INET -e 'IO::Socket::INET->new(Listen => 1, LocalPort => 5432, ReuseAddr => 1) or die "taken\n"; print "mine\n"; sleep 1'`
    const both = await Promise.all([1, 2].map(() => tried(listens, { network: 'own' })))
    assert.deepEqual(
      both.map(({ log }) => log),
      ['mine', 'mine'],
    )
    const killed = await tryJob('echo ready; sleep 60', { network: 'own' })
    try {
      await killed.start()
      while (!(await killed.log()).includes('ready')) await pause(20)
      const ways = spawnSync('pgrep', ['-P', String(await killed.supervisor()), 'slirp4netns'], {
        encoding: 'utf8',
      })
      const way = Number(ways.stdout.trim())
      assert.ok(way > 0)
      process.kill(await killed.supervisor(), 'SIGKILL')
      assert.equal(await killed.ended(), 'gone')
      for (let tries = 0; existsSync(`/proc/${way}`); tries += 1) {
        assert.ok(tries < 200, 'it goes on')
        await pause(25)
      }
    } finally {
      await killed.remove()
    }
  },
)

void test('what a job leaves in its folders stays in them, links and all', { skip }, async () => {
  const target = join(tmpdir(), `tandem-target-${process.pid}`)
  await tried(`ln -s ${target} /work/link; echo x > /work/link; echo x > /tmp${target}`)
  assert.ok(!existsSync(target))
})

void test('the words of a job reach its shell as they are', { skip }, async () => {
  const { log } = await tried(`printf '%s\\n' "a  b" '$HOME' ';id'`)
  assert.equal(log, 'a  b\n$HOME\n;id')
})

void test('what is hidden below a folder that is seen is covered', () => {
  const box = {
    work: '/w',
    user: { kind: 'own', uid: 1, gid: 1 },
    network: 'none',
    system: [],
    given: [],
    services: [],
  } as const
  const argv = sandboxArgv({ ...box, hidden: ['/usr/local/tandem', '/srv/tandem'] }, 'true')
  assert.ok(argv.join(' ').includes('--tmpfs /usr/local/tandem'))
  assert.ok(!argv.includes('/srv/tandem'))
})

void test(
  'says what to install when the walls are missing',
  { skip: process.platform !== 'linux' && 'Linux only' },
  () => {
    // Everything is in /usr/bin on this machine, so a program that is nowhere stands for one that is missing.
    assert.doesNotThrow(() => systemParts('shared'))
    try {
      requireSandbox('/nonexistent', [])
      assert.fail('it found what is not there')
    } catch (thrown) {
      assert.match(troubleOf(thrown).now, /apt-get install bubblewrap/)
    }
  },
)
