import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { labNeeds } from '../lab/needs.ts'
import { moved, treeOf } from './lab/host-tree.ts'
import { sayOf } from './lab/host-look.ts'
import { type InfraStory, openInfraStory } from './lab/infra-story.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

const sshd = (line: string): string => `
  const settings = file('/etc/ssh/sshd_config.d/90-story.conf', { content: '${line}\\n' })
  return [settings, service('ssh', { reloadOn: settings }), file('/etc/story', { content: '${line}\\n' })]`

// An sshd that has just read its settings anew, and opens to nobody for nine seconds; sessions go on.
const dropIn = '/etc/systemd/system/ssh.service.d/slow.conf'
const slowReload = `mkdir -p ${dropIn.replace('/slow.conf', '')}
printf '%s\\n' '[Service]' 'ExecReload=' 'ExecReload=/bin/kill -HUP $MAINPID' 'ExecReload=/bin/sleep 0.5' \
  'ExecReload=/bin/kill -STOP $MAINPID' 'ExecReload=systemd-run -q sh -c "sleep 9; kill -CONT \${MAINPID}"' >${dropIn}
systemctl daemon-reload`
const usualReload = `rm ${dropIn}; systemctl daemon-reload`

describe('an apply that may lock its people out', { skip, concurrency: 1 }, () => {
  let story: InfraStory
  before(async () => {
    story = await openInfraStory({ hosts: 2 })
  })
  after(() => story.close())

  test('is confirmed over a new connection when the door still opens', async () => {
    await story.say(sshd('MaxSessions 20'))
    const out = await story.applied('--verbose')
    assert.match(out, /confirmed over a new connection/)
    for (const host of story.lab.hosts) {
      assert.match(await sayOf(host, 'sshd', '-T'), /maxsessions 20/)
    }
    await story.rests()
  })

  test('is confirmed a moment later when sshd opens to nobody for a while', async () => {
    const slow = story.lab.host('h1')
    await sayOf(slow, 'sh', '-c', slowReload)
    await story.say(sshd('MaxSessions 21'))
    const out = await story.applied('--verbose')
    assert.match(out, /not confirmed over a new connection: nothing came through within 8 s/)
    assert.match(out, / confirmed over a new connection/)
    assert.match(await sayOf(slow, 'sshd', '-T'), /maxsessions 21/)
    await sayOf(slow, 'sh', '-c', usualReload)
  })

  test('is taken back by the host itself when it does not, and ends undone', async () => {
    const [h1, h2] = story.lab.hosts
    const first = await Promise.all(story.lab.hosts.map((host) => treeOf(host)))
    await story.say(sshd('Port 2222'))
    const began = performance.now()
    const locked = await story.run(['apply', '--verbose'])
    const tookMs = performance.now() - began
    assert.equal(locked.code, 3, locked.out + locked.err)
    assert.match(locked.out, /not confirmed/)
    assert.match(
      locked.out,
      /no new connection reached this host within 30 s, so it took back what may have locked us out/,
    )
    assert.ok(tookMs < 75_000, `${tookMs} ms`)
    assert.ok(
      (await h1!.exec(['sh', '-c', 'ss -ltnH sport = :22 | grep -q .'])).code === 0,
      'sshd is not at its port',
    )
    assert.deepEqual(moved(first[0] ?? [], await treeOf(h1!)), [])
    assert.deepEqual(moved(first[1] ?? [], await treeOf(h2!)), [], 'the hosts behind the canary were touched')
    await story.say(sshd('MaxSessions 21'))
    await story.rests()
  })
})
