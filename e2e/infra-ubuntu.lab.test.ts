import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { labNeeds } from '../lab/needs.ts'
import { isBuilt, labRecipe } from '../lab/root-fs.ts'
import { sayOf } from './lab/host-look.ts'
import { moved, treeOf } from './lab/host-tree.ts'
import { type InfraStory, openInfraStory } from './lab/infra-story.ts'
import { must } from './lab/story.ts'

const needs = labNeeds()
const skip =
  needs.length > 0
    ? `no lab on this machine: ${needs.join('; ')}`
    : isBuilt(labRecipe([], 'ubuntu'))
      ? false
      : 'no Ubuntu for the lab here: `node lab/main.ts up 1 ubuntu` fetches it once, in some minutes'

const recipe = `
  const nginx = apt('nginx-light')
  const site = file('/etc/nginx/conf.d/site.conf', { content: '# ' + host.facts.os + ' ' + host.facts.codename + '\\n', after: nginx })
  return [
    baseline('ubuntu', { sshd: { allowUsers: ['root'] }, upgrades: false, firewall: { allow: { port: 80 } }, journal: '300M' }),
    nginx, site,
    user('shop', { groups: ['adm'] }),
    service('nginx', { running: true, enabled: true, restartOn: site }),
  ]`

describe('a host with Ubuntu', { skip, concurrency: 1 }, () => {
  let story: InfraStory
  let fresh: readonly string[]
  const ask = (...argv: readonly string[]) => sayOf(story.lab.host('h1'), ...argv)
  before(async () => {
    story = await openInfraStory({ hosts: 1, system: 'ubuntu' })
    await ask('apt-get', '-q', 'update')
    fresh = await treeOf(story.lab.host('h1'))
  })
  after(() => story.close())

  test('is told to recipes as that', async () => {
    const { out } = must(await story.run(['facts', 'h1', '--json']))
    assert.match(out, /"os": ?"ubuntu"/)
    assert.match(out, /"version": ?"22\.04"/)
  })

  test('is set up in one apply that is confirmed, and rests', async () => {
    await story.say(recipe)
    assert.match(await story.applied('--verbose'), /confirmed over a new connection/)
    assert.equal(await ask('cat', '/etc/nginx/conf.d/site.conf'), '# ubuntu jammy')
    assert.equal(await ask('systemctl', 'is-active', 'nginx'), 'active')
    assert.match(await ask('nft', 'list', 'ruleset'), /tcp dport 80 accept/)
    assert.match(await ask('sshd', '-T'), /^allowusers root$/m)
    assert.match(await ask('id', 'shop'), /adm/)
    await story.rests()
  })

  test('has all of it taken back but what packages leave as their configuration', async () => {
    must(await story.run(['revert', 'c1']))
    const left = moved(fresh, await treeOf(story.lab.host('h1')))
    assert.deepEqual(
      left.filter(
        (line) => !/nginx|nftables|\/etc\/(?:ethertypes|networks|protocols|rpc|services|ufw)\b/.test(line),
      ),
      [],
    )
  })
})
