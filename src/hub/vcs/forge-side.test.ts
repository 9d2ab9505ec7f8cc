import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { makeApi } from '../../api/app.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import { Secret } from '../../config/secrets/secret.ts'
import { makeIdentity, setSecret } from '../../config/secrets/secrets.ts'
import { openHub } from '../../hub.ts'
import { openSmallForge } from '../../vcs/forges/small-forge.ts'
import { type Sender, sentPush } from '../../vcs/forges/webhook-sender.ts'

const secret = 'sixteen letters and more'

test('a signed webhook brings a push into the ledger and its run to the forge, and an unsigned one does not', async () => {
  await using forge = await openSmallForge('gitea', 'forge-token')
  const team = `import { tandem } from 'tandem'
export default tandem({
  people: { ada: { name: 'Ada', may: 'everything', forges: { '${new URL(forge.url).host}': 'ada-l' } } },
  hosts: { web1: { via: 'local' } },
  apps: { shop: { repo: 'shop', run: 'node server.js', environments: { production: { on: ['web1'] } } } },
  repos: { shop: { forge: { kind: 'gitea', url: '${forge.url}', secret: 'HOOK', token: 'TOKEN' } } },
})`
  const { identity, recipient } = await makeIdentity()
  await using project = await scratchProject({ 'tandem.ts': team, 'secrets/recipients': `${recipient}\n` })
  const vault = { dir: project.dir, environment: 'infra', identity }
  await setSecret(vault, 'HOOK', new Secret(secret))
  await setSecret(vault, 'TOKEN', new Secret('forge-token'))
  const first = forge.commit('refs/heads/main', { 'a.txt': '1' }, 'Begin')
  const hub = await openHub({
    projectDir: project.dir,
    stateDir: join(project.dir, '.tandem'),
    kind: 'hub',
    identity: async () => identity,
    tell: () => {},
  })
  try {
    await hub.start()
    const api = makeApi(hub.side, { now: Date.now, broke: (_, thrown) => assert.fail(String(thrown)) })
    await soon(async () => assert.equal((await pushes(hub)).length, 1))
    const second = forge.commit('refs/heads/main', { 'ci/test': '#!/bin/sh\ntrue\n' }, 'Go on')
    const sender: Sender = { kind: 'gitea', webhook: 'signature', secret, at: Date.now() }
    const { headers, body } = sentPush(sender, {
      ref: 'refs/heads/main',
      from: first,
      to: second,
      login: 'ada-l',
    })
    const unsigned = { ...headers, 'x-gitea-signature': '0'.repeat(64) }
    const post = async (repo: string, sent: Readonly<Record<string, string>>) =>
      (await api.request(`/hooks/${repo}`, { method: 'POST', headers: sent, body })).status
    assert.deepEqual([await post('shop', unsigned), await post('nosuch', headers)], [401, 404])
    assert.equal((await pushes(hub)).length, 1)
    assert.equal(await post('shop', headers), 202)
    await soon(async () => {
      const [, push] = await pushes(hub)
      assert.deepEqual(push, { from: first, to: second, who: 'ada', door: 'forge', subject: 'Go on' })
    })
    await soon(async () => {
      const said = forge.statuses.filter(({ commit }) => commit === second).map(({ body }) => body)
      const preview = said.find(({ context }) => context !== 'tandem/ci')
      assert.equal(preview?.['description'], 'would be the first release of shop in production')
      const [begun, ...rest] = said.filter(({ context }) => context === 'tandem/ci')
      assert.equal(begun?.['state'], 'pending')
      assert.equal(rest.at(-1)?.['state'], 'success')
      assert.match(String(rest.at(-1)?.['description']), /^2 jobs passed in \d+ s$/)
    })
    const view = await hub.side.forges.view('shop')
    assert.deepEqual([view?.hook.isSecretSet, view?.hook.taken, view?.hook.refused], [true, 1, 1])
    assert.equal(await hub.side.forges.view('nosuch'), null)
  } finally {
    await hub.close()
  }
})

async function pushes({ side }: Awaited<ReturnType<typeof openHub>>) {
  const written = await side.store.ledger.since(0, 100)
  return written.flatMap((one) => {
    if (one.type !== 'pushed') return []
    const { from, to, who, door, subject } = one
    return [{ from, to, who, door, subject }]
  })
}

async function soon(check: () => Promise<void>): Promise<void> {
  const until = Date.now() + 15_000
  for (;;) {
    try {
      return await check()
    } catch (thrown) {
      if (Date.now() > until) throw thrown
      await pause(50)
    }
  }
}
