import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Thing } from '../things/thing.ts'
import { certificate } from './certificate.ts'
import { complaints, lowered } from './try-sort.ts'

const keysOf = (things: readonly Thing[]) => things.map(({ key }) => key)
const commandOf = (things: readonly Thing[]) => {
  const command = things.find((thing) => thing.type === 'command')
  assert.ok(command?.type === 'command' && command.check !== null)
  return command
}

test('a certificate of our own is a closed folder and a signature that is done anew in time', async () => {
  const things = await lowered(certificate, 'shop.internal', {
    selfSigned: true,
    names: ['shop.internal', '10.0.0.1', 'fd00::1'],
    days: 90,
  })
  assert.deepEqual(keysOf(things), [
    'path /etc/ssl/tandem, certificate shop.internal',
    'path /etc/ssl/tandem/shop.internal',
    'package openssl, certificate shop.internal',
    'command certificate shop.internal',
  ])
  const { check, run, undo, says } = commandOf(things)
  assert.deepEqual(check?.run.slice(4), [
    '/etc/ssl/tandem/shop.internal',
    'DNS:shop.internal, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1',
  ])
  assert.deepEqual(run.run.slice(4), [
    '/etc/ssl/tandem/shop.internal',
    'shop.internal',
    'DNS:shop.internal,IP:10.0.0.1,IP:fd00::1',
    '90',
  ])
  assert.notEqual(undo, null)
  assert.equal(says, 'sign a certificate for shop.internal, 10.0.0.1, fd00::1 for 90 days')
})

test('a certificate that is ordered ends up at the same paths, and stays ordered', async () => {
  const acme = {
    email: 'ops@example.org',
    webroot: '/var/www',
    server: 'https://acme.example.org/directory',
    reload: ['nginx.service'],
  }
  const things = await lowered(certificate, 'example.org', {
    names: ['example.org', 'www.example.org'],
    acme,
  })
  const [key, chain] = things.slice(-2)
  assert.ok(key?.type === 'path' && chain?.type === 'path')
  assert.deepEqual(
    [key.path, key.want],
    [
      '/etc/ssl/tandem/example.org/privkey.pem',
      { type: 'link', to: '/etc/letsencrypt/live/example.org/privkey.pem' },
    ],
  )
  assert.deepEqual(
    [chain.path, chain.want],
    [
      '/etc/ssl/tandem/example.org/fullchain.pem',
      { type: 'link', to: '/etc/letsencrypt/live/example.org/fullchain.pem' },
    ],
  )
  const { run, undo } = commandOf(things)
  assert.deepEqual(run.run.slice(4), [
    '--cert-name',
    'example.org',
    '-m',
    'ops@example.org',
    '--webroot',
    '-w',
    '/var/www',
    '--server',
    'https://acme.example.org/directory',
    '--deploy-hook',
    'systemctl try-reload-or-restart nginx.service',
    '-d',
    'example.org',
    '-d',
    'www.example.org',
  ])
  assert.equal(undo, null)
  const alone = commandOf(await lowered(certificate, 'example.org', { acme: { email: 'a@b.c' } }))
  assert.ok(alone.run.run.includes('--standalone'))
})

test('a certificate that nobody signs, or two do, is refused', () => {
  assert.deepEqual(complaints(certificate, 'shop', {}), [
    "certificate has no 'selfSigned'; add selfSigned: true",
  ])
  assert.deepEqual(complaints(certificate, 'shop', { selfSigned: true, acme: { email: 'a@b.c' } }), [
    "certificate.acme is an object but must be left out beside 'selfSigned'; keep one of the two",
  ])
  assert.deepEqual(complaints(certificate, '../x', { selfSigned: true, names: ['a b'] }), [
    "certificate.name is '../x' but must be a domain, such as 'www.example.org'; write one like that",
    "certificate.names[0] is 'a b' but must be a domain or an address, such as 'www.example.org'; write one like that",
  ])
  assert.deepEqual(complaints(certificate, 'a', { acme: { email: '-m' } }), [
    "certificate.acme.email is '-m' but must be an e-mail address, such as 'ops@example.org'; write one like that",
  ])
})
