import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { addHost, alterHost, checkHost, removeHost } from './add-host.ts'
import { loadConfig } from '../reading/load.ts'
import { scratchProject } from '../scratch-project.ts'

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2d'
const host = { address: 'root@10.0.0.3', roles: ['web'], hostKey: key }

const team = `import { tandem } from 'tandem'

export default tandem({
  hosts: {
    web1: { address: 'root@10.0.0.1', roles: ['web'] }, // in the cellar
  },
  apps: { shop: { run: 'node app.js', environments: { production: { on: ['web'] } } } },
})
`

const textIn = (dir: string, file = 'tandem.ts'): Promise<string> => readFile(join(dir, file), 'utf8')

async function refusal(doing: Promise<unknown>): Promise<string> {
  const thrown = await doing.then(
    () => assert.fail('it was done'),
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof TroubleError, String(thrown))
  const { what, now, tail = [] } = thrown.trouble
  return [what, now, ...tail].join('; ')
}

test('a host is written as a line of tandem.ts, changed there, and taken out again', async () => {
  await using project = await scratchProject({ 'tandem.ts': team })
  const { dir } = project
  assert.equal(await addHost(dir, 'web3', host), 'tandem.ts')
  const lines = ['web3: {', "  address: 'root@10.0.0.3',", "  roles: ['web'],", `  hostKey: '${key}',`, '},']
  const added = lines.map((line) => `    ${line}\n`).join('')
  assert.equal(await textIn(dir), team.replace('cellar\n', `cellar\n${added}`))
  await alterHost(dir, 'web3', { address: 'tandem@10.0.0.3', identityFile: '~/key', hostKey: null })
  const { config } = await loadConfig(dir)
  const via = config.hosts['web3']?.via
  assert.ok(via?.kind === 'ssh')
  assert.deepEqual([via.user, via.identityFile, via.hostKey, via.sudo], ['tandem', '~/key', null, 'free'])
  await removeHost(dir, 'web3')
  await addHost(dir, 'web3', { address: 'a@b' })
  await removeHost(dir, 'web3')
  assert.equal(await textIn(dir), team)
})

test('a team without hosts gets its first, beside types and recipes', async () => {
  const text = `import { tandem, type RecipeHost } from 'tandem'

const web = (host: RecipeHost) => []
export default tandem({
  roles: { web: web },
})
`
  await using project = await scratchProject({ 'tandem.ts': text })
  await addHost(project.dir, 'web-1', { address: 'a@b', port: 2222 })
  const hosts = `  hosts: {\n    'web-1': { address: 'a@b', port: 2222 },\n  },\n`
  assert.equal(await textIn(project.dir), text.replace('web },\n', `web },\n${hosts}`))
  await alterHost(project.dir, 'web-1', { address: 'c@d', hostKey: key })
  assert.match(
    await textIn(project.dir),
    /'web-1': {\n      address: 'c@d',\n      port: 2222,\n      hostKey: 'ssh-/,
  )
})

test('hosts that stand in a file of their own are written there', async () => {
  const inventory = `export const hosts = {\n  web1: { address: 'a@b' },\n}\n`
  await using project = await scratchProject({
    'tandem.ts': `import { tandem } from 'tandem'\nimport { hosts } from './inventory.ts'\nexport default tandem({ hosts })\n`,
    'inventory.ts': inventory,
  })
  assert.equal(await addHost(project.dir, 'web2', { address: 'a@c' }), 'inventory.ts')
  assert.equal(
    await textIn(project.dir, 'inventory.ts'),
    inventory.replace('}\n', `}\n`).replace('},\n}', `},\n  web2: { address: 'a@c' },\n}`),
  )
})

test('hosts that are computed are left alone, and the line to write is told', async () => {
  const text = `import { tandem } from 'tandem'\nconst hosts = Object.fromEntries([['a', { address: 'a@b' }]])\nexport default tandem({ hosts })\n`
  await using project = await scratchProject({ 'tandem.ts': text })
  const { dir } = project
  assert.match(
    await refusal(addHost(dir, 'web3', host)),
    /web3: { address: 'root@10\.0\.0\.3', roles: \['web'\]/,
  )
  assert.match(
    await refusal(alterHost(dir, 'a', { hostKey: key })),
    /hosts\.a is not written out .*; .*hostKey: 'ssh-ed25519/,
  )
  assert.match(await refusal(removeHost(dir, 'a')), /hosts\.a is not written out/)
  assert.equal(await textIn(dir), text)
})

test('a value that two hosts share is not altered for one of them', async () => {
  const text = `import { tandem } from 'tandem'\nconst one = { address: 'a@b' }\nexport default tandem({ hosts: { a: one, b: one } })\n`
  await using project = await scratchProject({ 'tandem.ts': text })
  assert.match(await refusal(alterHost(project.dir, 'a', { hostKey: key })), /it is as it was/)
  assert.equal(await textIn(project.dir), text)
})

test('what would be a mistake in tandem.ts is never written', async () => {
  await using project = await scratchProject({ 'tandem.ts': team })
  const { dir } = project
  assert.match(await refusal(addHost(dir, 'web1', host)), /there is a host called web1 already; .*--name/)
  assert.match(
    await refusal(checkHost(dir, 'Web3', host)),
    /'Web3' cannot be a name in hosts; use small letters/,
  )
  assert.match(
    await refusal(addHost(dir, 'web3', { address: '10.0.0.3' })),
    /say as whom: 'deploy@10\.0\.0\.3'/,
  )
  assert.match(
    await refusal(addHost(dir, 'web3', { ...host, groups: ['paris'] })),
    /there is no group called 'paris'/,
  )
  assert.match(await refusal(removeHost(dir, 'web1')), /no host/)
  assert.equal(await textIn(dir), team)
})
