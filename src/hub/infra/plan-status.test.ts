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

test('a forge that holds the infrastructure is told the plan of each commit, and nothing of those of strangers', async () => {
  await using forge = await openSmallForge('gitea', 'forge-token')
  await using place = await scratchProject({})
  const team = (roles: string) => `import { file, tandem } from 'tandem'
export default tandem({
  people: { ada: { name: 'Ada', may: 'everything' } },
  hosts: { here: { via: 'local' } },
  repos: { infra: { forge: { kind: 'gitea', url: '${forge.url}', secret: 'HOOK', token: 'TOKEN' } } },
  infra: { repo: 'infra', drift: 'never' },
  roles: { ${roles} },
})`
  const { identity, recipient } = await makeIdentity()
  await using project = await scratchProject({
    'tandem.ts': team(''),
    'secrets/recipients': `${recipient}\n`,
  })
  const vault = { dir: project.dir, environment: 'infra', identity }
  await setSecret(vault, 'HOOK', new Secret(secret))
  await setSecret(vault, 'TOKEN', new Secret('forge-token'))
  const greets = team(`all: () => [file('${join(place.dir, 'greeting')}', { content: 'hello' })]`)
  const greeting = forge.commit('refs/heads/main', { 'tandem.ts': greets }, 'Greet people')
  const stateDir = join(project.dir, '.tandem')
  const hub = await openHub({
    projectDir: project.dir,
    stateDir,
    kind: 'hub',
    tell: () => {},
    identity: async () => identity,
  })
  const told = (commit: string) =>
    forge.statuses
      .filter((one) => one.commit === commit && one.body['context'] === 'tandem/plan')
      .map(({ body }) => [body['state'], body['description']])
  const soon = async (commit: string, state: string, says: RegExp): Promise<void> => {
    for (const until = Date.now() + 15_000; ; await pause(50)) {
      const last = told(commit).at(-1)
      if (last?.[0] === state && says.test(String(last[1]))) return
      if (Date.now() > until) assert.deepEqual(told(commit), [state, String(says)])
    }
  }
  try {
    await hub.start()
    const command = `tandem apply --commit ${greeting.slice(0, 12)}`
    await soon(greeting, 'success', new RegExp(`^here: 1 to make; ${command}$`))
    const broken = forge.commit(
      'refs/heads/idea',
      { 'tandem.ts': greets.replace('hello', "' + nobody + '") },
      'No idea',
    )
    const stranger = forge.commit('refs/pull/7/head', { 'tandem.ts': greets }, 'Let me in')
    const sender: Sender = { kind: 'gitea', webhook: 'signature', secret, at: Date.now() }
    const moved = { ref: 'refs/heads/idea', from: null, to: broken, login: 'ada-l' }
    const api = makeApi(hub.side, { now: Date.now, broke: (_, thrown) => assert.fail(String(thrown)) })
    await api.request('/hooks/infra', { method: 'POST', ...sentPush(sender, moved) })
    await soon(broken, 'failure', /^tandem\.ts:7:\d+: .*nobody/)
    const leftOut = async () =>
      (await hub.side.repos.commit('infra', stranger).catch(() => null))?.plan ?? null
    for (const until = Date.now() + 15_000; (await leftOut()) === null && Date.now() < until;) await pause(50)
    const left = await leftOut()
    assert.deepEqual([left?.state, told(stranger)], ['left out', []])
    assert.match(left?.text ?? '', /nobody of the team/)
  } finally {
    await hub.close()
  }
})
