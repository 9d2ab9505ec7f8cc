import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Script } from '../things/thing.ts'
import { sysctl } from './sysctl.ts'
import { complaints, lowered, textAt } from './try-sort.ts'

test('a setting is a file for the next boot and a command for now', async () => {
  const table = [
    ['vm.swappiness', 10, '10', '/proc/sys/vm/swappiness'],
    ['net.ipv4.tcp_rmem', ' 4096  87380 6291456', '4096 87380 6291456', '/proc/sys/net/ipv4/tcp_rmem'],
    ['net/ipv4/conf/eth0.100/rp_filter', 2, '2', '/proc/sys/net/ipv4/conf/eth0.100/rp_filter'],
    ['kernel.core_pattern', '|/bin/false', '|/bin/false', '/proc/sys/kernel/core_pattern'],
  ] as const
  for (const [key, written, value, path] of table) {
    const things = await lowered(sysctl, key, { value: written })
    const file = `/etc/sysctl.d/60-tandem-${key.replaceAll('/', '.')}.conf`
    assert.equal(textAt(things, file), `${key} = ${value}\n`)
    const command = things[1]
    assert.ok(command?.type === 'command' && command.check !== null && command.undo !== null)
    assert.deepEqual(command.check.run.slice(4), [path, value])
    assert.deepEqual(command.run.run.slice(4), [path, value])
    assert.deepEqual(command.undo.run.slice(4), [path])
  }
})

test('the live value is compared word by word, set, and put back', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'sysctl-'))
  t.after(() => rm(dir, { recursive: true }))
  const live = join(dir, 'live')
  await writeFile(live, '4096\t16384\t4194304\n')
  const [, command] = await lowered(sysctl, 'net.ipv4.tcp_rmem', { value: '4096 87380 6291456' })
  assert.ok(command?.type === 'command' && command.check !== null && command.undo !== null)
  const play = ({ run }: Script) => {
    const [program = '', ...words] = (typeof run === 'string' ? [] : run).map((word) =>
      word.startsWith('/proc/') ? live : word,
    )
    return spawnSync(program, words, { env: { PATH: '/bin:/usr/bin', TANDEM_KEEP: join(dir, 'kept') } })
      .status
  }
  assert.equal(play(command.check), 1)
  assert.equal(play(command.undo), 0, 'an undo of what has not begun')
  assert.equal(play(command.run), 0)
  assert.equal(await readFile(live, 'utf8'), '4096 87380 6291456\n')
  await writeFile(live, '4096\t87380\t6291456\n')
  assert.equal(play(command.check), 0)
  assert.equal(play(command.undo), 0)
  assert.equal(await readFile(live, 'utf8'), '4096\t16384\t4194304\n')
  assert.equal(play(command.undo), 0, 'an undo that was done before')
  assert.equal(play(command.run), 0)
  assert.equal(play(command.run), 0, 'a run after one that was cut short')
  assert.equal(play(command.undo), 0)
  assert.equal(await readFile(live, 'utf8'), '4096\t16384\t4194304\n', 'the state before the first')
})

test('a setting without a value is refused', () => {
  assert.deepEqual(complaints(sysctl, 'swappiness', {}), [
    "sysctl.name is 'swappiness' but must be the key of a setting, such as 'vm.swappiness'; write one like that",
    "sysctl has no 'value'; add value: 10 or '4096 87380 6291456'",
  ])
  assert.deepEqual(complaints(sysctl, 'net..ipv4', { value: 'a\nb' }), [
    "sysctl.name is 'net..ipv4' but must be the key of a setting, such as 'vm.swappiness'; write one like that",
    "sysctl.value is 'a\nb' but must be a number or a text, such as 10 or '4096 87380 6291456'; write one like that",
  ])
  assert.equal(complaints(sysctl, '../../etc/passwd', { value: 1 }).length, 1)
  assert.equal(complaints(sysctl, 'net/../../x', { value: 1 }).length, 1)
})
