import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firewall } from './firewall.ts'
import { complaints, lowered, textAt } from './try-sort.ts'

const path = '/etc/nftables.conf'
const rules = async (options: object) =>
  (
    /chain input \{\n([^}]*(?:\{[^}]*\}[^}]*)*?)\n {2}\}/.exec(
      textAt(await lowered(firewall, 'web', options), path),
    )?.[1] ?? ''
  )
    .split('\n')
    .map((line) => line.trim())

const always = ['ct state established,related accept', 'ct state invalid drop', 'iifname "lo" accept']
const neighbours = ['meta l4proto { 1, 58 } accept', 'ip6 saddr fe80::/10 udp dport 546 accept']

test('a firewall is a package, a checked file, a unit for the next boot, and the rules in the kernel', async () => {
  const things = await lowered(firewall, 'web', { allow: { port: 443 } })
  assert.deepEqual(
    things.map(({ key, lockout }) => [key, lockout]),
    [
      ['package nftables, firewall web', null],
      ['path /etc/nftables.conf', 'firewall'],
      ['unit nftables.service', null],
      ['command rules of the firewall', 'firewall'],
    ],
  )
  const [, file, , live] = things
  assert.ok(file?.type === 'path' && live?.type === 'command')
  assert.deepEqual(file.check, ['nft', '-c', '-f', '%'])
  assert.deepEqual(
    file.owes.map((debt) => debt.type === 'command' && debt.name),
    ['nft -f /etc/nftables.conf'],
  )
  const mark = live.check?.run.at(-1) ?? ''
  assert.match(mark, /^rules_[0-9a-f]{16}$/)
  const text = textAt(things, path)
  assert.ok(text.includes(`chain ${mark} {`))
  assert.ok(text.includes('table inet tandem\ndelete table inet tandem\ntable inet tandem {'))
  assert.ok(!text.includes('flush ruleset'))
})

test('ssh and established connections stay open, the rest is what was said', async () => {
  assert.deepEqual(await rules({}), [
    'type filter hook input priority filter; policy drop;',
    ...always,
    ...neighbours,
    'tcp dport 22 accept',
  ])
  const allow = [
    { port: 80 },
    { ports: [443, '8000-8010'], from: ['10.0.0.0/8', '192.168.1.1', 'fd00::/8'] },
    { port: 53, proto: 'udp' },
    { from: '10.1.0.0/16' },
    { from: 'fe80::1', proto: 'udp' },
  ]
  assert.deepEqual(await rules({ allow, policy: 'reject', ssh: [22, 2222], ping: false }), [
    'type filter hook input priority filter; policy drop;',
    ...always,
    'icmp type echo-request drop',
    'icmpv6 type echo-request drop',
    ...neighbours,
    'tcp dport { 22, 2222 } accept',
    'tcp dport 80 accept',
    'ip saddr { 10.0.0.0/8, 192.168.1.1 } tcp dport { 443, 8000-8010 } accept',
    'ip6 saddr fd00::/8 tcp dport { 443, 8000-8010 } accept',
    'udp dport 53 accept',
    'ip saddr 10.1.0.0/16 accept',
    'ip6 saddr fe80::1 meta l4proto udp accept',
    'reject',
  ])
  assert.deepEqual((await rules({ ssh: false, policy: 'accept' })).slice(-1), neighbours.slice(-1))
})

test('other rules have another mark', async () => {
  const mark = async (options: object) =>
    /chain (rules_\w+)/.exec(textAt(await lowered(firewall, 'web', options), path))?.[1]
  assert.equal(await mark({ allow: { port: 80 } }), await mark({ allow: [{ ports: [80] }] }))
  assert.notEqual(await mark({ allow: { port: 80 } }), await mark({ allow: { port: 81 } }))
})

test('rules that a team wrote itself are taken as they are', async () => {
  const things = await lowered(firewall, 'own', { ruleset: 'flush ruleset' })
  assert.equal(textAt(things, path), 'flush ruleset\n')
  assert.deepEqual(
    things.map(({ type }) => type),
    ['package', 'path', 'unit'],
  )
})

test('a firewall that shall be gone leaves the rules of others', async () => {
  const [unit, live] = await lowered(firewall, 'web', { absent: true })
  assert.ok(unit?.type === 'unit' && unit.enabled === false)
  assert.ok(live?.type === 'command' && live.lockout === 'firewall')
})

test('what nft would not take, or what would say nothing, is refused', () => {
  assert.deepEqual(complaints(firewall, 'web', { allow: { port: 80, from: '10.0.0.0/33' }, ruleset: 'x' }), [
    "firewall.allow.from is '10.0.0.0/33' but must be an address or a network, such as '10.0.0.0/8' or 'fd00::/8'; write one like that",
  ])
  assert.deepEqual(complaints(firewall, 'web', { allow: [{ port: 70_000 }, { ports: '90-80' }, {}] }), [
    "firewall.allow[0].port is 70000 but must be a port or a range, such as 443 or '8000-8010'; write one like that",
    "firewall.allow[1].ports is '90-80' but must be a port or a range, such as 443 or '8000-8010'; write one like that",
    "firewall.allow[2] has no 'port'; add port: 443",
  ])
  assert.deepEqual(complaints(firewall, 'web', { allow: { port: 80 }, ruleset: 'flush ruleset' }), [
    "firewall.allow is an object but must be left out beside 'ruleset'; keep one of the two",
  ])
})
