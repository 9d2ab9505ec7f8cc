import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { labNeeds } from '../lab/needs.ts'
import { type Acme, openAcme } from './lab/acme.ts'
import { sayOf } from './lab/host-look.ts'
import { type InfraStory, openInfraStory } from './lab/infra-story.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

const ordered = (server: string, name = 'shop'): string => `return certificate('${name}.example.org', {
  names: ['${name}.example.org', 'www.example.org'],
  acme: { email: 'ops@example.org', webroot: '/var/www', server: '${server}', reload: 'reader.service' },
})`

const reader = '[Service]\nExecStart=/bin/sleep infinity\n'

describe('a certificate that is ordered by ACME', { skip, concurrency: 1 }, () => {
  let story: InfraStory
  let acme: Acme
  const ask = (...argv: readonly string[]) => sayOf(story.lab.host('h1'), ...argv)
  before(async () => {
    story = await openInfraStory({ hosts: 1 })
    const { root } = story.lab.host('h1')
    await writeFile(join(root, 'etc/systemd/system/reader.service'), reader)
    await ask('systemctl', 'start', 'reader')
    const folder = join(story.folder, 'acme')
    await mkdir(folder)
    acme = await openAcme(folder, story.lab.gateway)
    await ask('sh', '-c', 'apt-get -q update; apt-get -y -q install openssl; mkdir -p /var/www')
    await writeFile(join(root, 'usr/local/share/ca-certificates/lab.crt'), acme.authority)
    await ask('update-ca-certificates')
  })
  after(async () => {
    await acme.close()
    await story.close()
  })

  test('is signed for all of its names, and lies where one of our own would', async () => {
    await story.say(ordered(acme.directory))
    await story.applied()
    const shown = await ask(
      'openssl',
      'x509',
      '-in',
      '/etc/ssl/tandem/shop.example.org/fullchain.pem',
      '-noout',
      '-text',
    )
    assert.match(shown, /Issuer: CN = lab authority/)
    assert.match(shown, /DNS:shop\.example\.org, DNS:www\.example\.org/)
    await ask('openssl', 'pkey', '-in', '/etc/ssl/tandem/shop.example.org/privkey.pem', '-noout')
    await story.rests()
    assert.equal(acme.signed(), 1)
  })

  test('is renewed by the timer of Debian, which then tells who reads it', async () => {
    assert.equal(await ask('systemctl', 'is-active', 'certbot.timer'), 'active')
    const began = () => ask('systemctl', 'show', '-p', 'InvocationID', '--value', 'reader.service')
    const first = await began()
    await ask('certbot', 'renew', '-q', '--force-renewal', '--no-random-sleep-on-renew')
    assert.equal(acme.signed(), 2)
    assert.notEqual(await began(), first)
    await story.rests()
  })

  test('tells the words of its client when nobody answers, and is undone', async () => {
    const nobody = acme.directory.replace(/:\d+\//, ':9/')
    await story.say(ordered(nobody, 'other'))
    const ran = await story.run(['apply', '--verbose'])
    assert.equal(ran.code, 3, ran.out + ran.err)
    assert.match(
      ran.out + ran.err,
      /certificate other\.example\.org \(web\.ts:3:8, operation \d+\): it ended with 1/,
    )
    assert.match(ran.out + ran.err, /Connection refused/)
    assert.equal(await ask('ls', '/etc/ssl/tandem'), 'shop.example.org')
  })
})
