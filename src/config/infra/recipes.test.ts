import assert from 'node:assert/strict'
import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { loadConfig } from '../reading/load.ts'
import type { Facts, RecipeHost } from './recipe-wish.ts'
import { readRecipes, recipeReader } from './recipes.ts'
import { recipeWords, secretMark } from '../reading/said.ts'
import { scratchProject } from '../scratch-project.ts'

const facts: Facts = {
  os: 'debian',
  version: '12',
  codename: 'bookworm',
  arch: 'amd64',
  kernel: '6.1.0-13-amd64',
  hostname: 'web1',
  cpus: 2,
  memoryMb: 2048,
  addresses: ['10.0.0.1'],
  init: 'systemd',
  virtualization: 'kvm',
}
const host = (name: string, also: Partial<RecipeHost> = {}): RecipeHost => ({
  name,
  roles: ['web'],
  vars: {},
  facts,
  ...also,
})

const whole = `import { tandem, apt, file, service, secret, type RecipeHost } from 'tandem'
import { motd } from './recipes/motd.ts'

const curl = apt('curl')
const web = (host: RecipeHost) => {
  const nginx = apt('nginx')
  const conf = file('/etc/nginx/nginx.conf', { content: \`# \${secret('TOKEN')}\`, after: nginx })
  return [host.vars['isSmall'] && apt('nano'), null, [motd(host), [service('nginx', { restartOn: [conf] })]]]
}
export default tandem({ roles: { web, all: () => curl, other: () => apt('never') } })
`
const motd = `import { file, type RecipeHost } from 'tandem'
type Greeting<T> = Readonly<{ text: T }>
export const motd = (host: RecipeHost) => {
  const greeting: Greeting<string> = { text: \`\${host.name} runs \${host.facts.os}\` }
  return file('/etc/motd', { content: greeting.text, mode: undefined })
}
`

test('recipes leave what they said, in the order in which they said it, with the places of the calls', async () => {
  await using project = await scratchProject({ 'tandem.ts': whole, 'recipes/motd.ts': motd })
  const { said, files } = await readRecipes(project.dir, [host('web1'), host('db1', { roles: [] })])
  assert.deepEqual(files.toSorted(), ['recipes/motd.ts', 'tandem.ts'])
  const at = (line: number, column: number, file = 'tandem.ts') => ({ file, line, column })
  const nginxConf = { content: `# ${secretMark('TOKEN')}`, after: { resource: 1 } }
  assert.deepEqual(said.get('web1'), [
    { number: 0, type: 'apt', name: 'curl', options: {}, at: at(4, 14) },
    { number: 1, type: 'apt', name: 'nginx', options: {}, at: at(6, 17) },
    { number: 2, type: 'file', name: '/etc/nginx/nginx.conf', options: nginxConf, at: at(7, 16) },
    {
      number: 3,
      type: 'file',
      name: '/etc/motd',
      options: { content: 'web1 runs debian' },
      at: at(5, 10, 'recipes/motd.ts'),
    },
    { number: 4, type: 'service', name: 'nginx', options: { restartOn: [{ resource: 2 }] }, at: at(8, 68) },
  ])
  assert.deepEqual(said.get('db1'), [{ number: 0, type: 'apt', name: 'curl', options: {}, at: at(4, 14) }])
})

test('every word is there, and gives a resource that cannot be changed', async () => {
  await using project = await scratchProject({
    'tandem.ts': `import * as words from 'tandem'
      const recipe = () => ${JSON.stringify(recipeWords)}.map((word) => {
        const made = words[word]('x')
        try { made.name = 'y' } catch { return made }
        throw new Error('it was changed')
      })
      export default words.tandem({ roles: { all: recipe } })`,
  })
  const { said } = await readRecipes(project.dir, [host('web1')])
  assert.deepEqual(
    said.get('web1')?.map(({ type, name }) => [type, name]),
    recipeWords.map((word) => [word, 'x']),
  )
})

test('a resource that is returned twice, or by two recipes, is there once for each host', async () => {
  await using project = await scratchProject({
    'tandem.ts': `import { apt, tandem } from 'tandem'
      const curl = apt('curl')
      const git = apt('git', { after: curl })
      export default tandem({ roles: { all: () => [git, git], web: () => [curl, [git]], all2: () => [] } })`,
  })
  const { said } = await readRecipes(project.dir, [
    host('web1', { roles: ['web', 'web', 'all'] }),
    host('web2'),
  ])
  const names = ['web1', 'web2'].map((name) =>
    said.get(name)?.map((one) => [one.number, one.name, one.options]),
  )
  const both = [
    [0, 'curl', {}],
    [1, 'git', { after: { resource: 0 } }],
  ]
  assert.deepEqual(names, [both, both])
})

test('recipes are not run when only the configuration is read', async () => {
  await using project = await scratchProject({
    'tandem.ts': `export default { roles: { web() { throw new Error('run') }, all: () => { for (;;); } } }`,
  })
  assert.deepEqual((await loadConfig(project.dir)).config.roles, ['web', 'all'])
})

test('a recipe cannot change what the next one sees, nor what was made elsewhere', async () => {
  await using project = await scratchProject({
    'tandem.ts': `import { apt, tandem } from 'tandem'
      const all = (host) => { host.vars.list.push(1) }
      const web = () => import('tandem:words').catch(() => {})
      export default tandem({ roles: { all, web } })`,
  })
  await assert.rejects(readRecipes(project.dir, [host('web1', { vars: { list: [] } })]), (error) => {
    assert.ok(error instanceof TroubleError)
    assert.equal(
      error.trouble.what,
      "the recipe 'all' for web1 failed: Cannot add property 0, object is not extensible",
    )
    assert.match(error.trouble.tail?.[0] ?? '', /returned a promise/)
    return true
  })
  await using other = await scratchProject({ 'tandem.ts': `import { made } from 'tandem:words'` })
  await assert.rejects(readRecipes(other.dir, []), TroubleError)
})

/** What is between the words, and all that is said about it. */
const bad: readonly (readonly [name: string, web: string, said: string])[] = [
  [
    'throws',
    `() => { throw new Error('boom') }`,
    `tandem.ts:2:27: the recipe 'web' for web1 failed: boom; correct it there; tandem.ts is run to be read, so it must not fail`,
  ],
  [
    'throws no error',
    `() => { throw 'boom' }`,
    `tandem.ts:2:13: the recipe 'web' for web1 failed: threw boom; correct it there; tandem.ts is run to be read, so it must not fail`,
  ],
  [
    'reads elsewhere',
    `() => readFileSync('/etc/passwd')`,
    `tandem.ts:2:19: the recipe 'web' for web1 may not read /etc/passwd; it sees its own folder and nothing else: no network, no programs, nothing to write to`,
  ],
  [
    'misreads JSON',
    `() => JSON.parse('{')`,
    `tandem.ts:2:24: the recipe 'web' for web1 failed: Expected property name or '}' in JSON at position 1 (line 1 column 2); correct it there; tandem.ts is run to be read, so it must not fail`,
  ],
  [
    'returns a text',
    `() => [apt('a'), ['nginx']]`,
    `tandem.ts:2:13: the recipe 'web' for web1 returned the text 'nginx', which is no resource; return what words such as apt('nginx') gave, one or a list`,
  ],
  [
    'returns an object',
    `() => ({ ...apt('a') })`,
    `tandem.ts:2:13: the recipe 'web' for web1 returned an object, which is no resource; return what words such as apt('nginx') gave, one or a list`,
  ],
  [
    'returns true',
    `() => true`,
    `tandem.ts:2:13: the recipe 'web' for web1 returned a boolean, which is no resource; return what words such as apt('nginx') gave, one or a list`,
  ],
  [
    'returns a recipe',
    `() => () => apt('a')`,
    `tandem.ts:2:13: the recipe 'web' for web1 returned a function, which is no resource; call it: return web(host), not web`,
  ],
  [
    'is async',
    `async () => apt('a')`,
    `tandem.ts:2:13: the recipe 'web' for web1 returned a promise, which is no resource; leave out async: read what it needs at the top of the file, with await there`,
  ],
  [
    'returns itself',
    `() => { const l = []; l.push(l); return l }`,
    `tandem.ts:2:13: the recipe 'web' for web1 returned a list in lists in lists, which is no resource; return what words such as apt('nginx') gave, one or a list`,
  ],
  [
    'forgets to return',
    `() => { apt('a'); return [apt('b'), file('/c', { after: apt('d') })] }`,
    `tandem.ts:2:21: apt a is made but not returned; return it from the recipe, or name it in the options of another`,
  ],
  [
    'gives a function',
    `() => file('/a', { vars: { now: () => 1 } })`,
    `tandem.ts:2:19: options.vars.now of file /a is a function; write plain data: texts, numbers, lists and objects`,
  ],
  [
    'gives bytes',
    `() => file('/a', { content: readFileSync('tandem.ts') })`,
    `tandem.ts:2:19: options.content of file /a is a Buffer; read it as a text, readFileSync(path, 'utf8'), or name the file in source`,
  ],
  [
    'gives a date as name',
    `() => apt(new Date(0))`,
    `tandem.ts:2:19: name of apt Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time) is a Date; write plain data: texts, numbers, lists and objects`,
  ],
  [
    'misnames a secret',
    `() => file('/a', { content: secret('my secret') })`,
    `tandem.ts:2:41: the recipe 'web' for web1 failed: 'my secret' cannot be the name of a secret; correct it there; tandem.ts is run to be read, so it must not fail`,
  ],
]

for (const [name, web, saying] of bad) {
  test(`a recipe that ${name} is told with its place`, async () => {
    await using project = await scratchProject({
      'tandem.ts': `import { readFileSync } from 'node:fs'; import { apt, file, secret, tandem } from 'tandem'
const web = ${web}
export default tandem({ roles: { web } })`,
    })
    await assert.rejects(readRecipes(project.dir, [host('web1')]), (error) => {
      assert.ok(error instanceof TroubleError)
      const { where, what, now, tail = [] } = error.trouble
      assert.deepEqual([`${where}: ${what}; ${now}`, ...tail], [saying])
      return true
    })
  })
}

test('a mistake that is made for many hosts is told once, beside the others', async () => {
  await using project = await scratchProject({
    'tandem.ts': `import { apt, tandem } from 'tandem'
export default tandem({ roles: {
  web: (host) => host.name === 'web9' ? apt('a') : missing,
  db: () => 'x',
} })`,
  })
  const hosts = [host('web1'), host('web2'), host('web3'), host('web9', { roles: ['web', 'db'] })]
  await assert.rejects(readRecipes(project.dir, hosts), (error) => {
    assert.ok(error instanceof TroubleError)
    assert.equal(error.trouble.where, 'tandem.ts:3:52')
    assert.equal(error.message, "the recipe 'web' for web1 and 2 others failed: missing is not defined")
    assert.equal(error.trouble.tail?.length, 1)
    assert.match(
      error.trouble.tail[0] ?? '',
      /^tandem\.ts:4:7: the recipe 'db' for web9 returned the text 'x'/,
    )
    return true
  })
})

test('a recipe that comes to no end is stopped, and it is said whose it was', async () => {
  await using project = await scratchProject({
    'tandem.ts': `import { apt, tandem } from 'tandem'
const web = (host) => { while (host.name === 'web2'); return apt('a') }
export default tandem({ roles: { all: () => [], web } })`,
  })
  await assert.rejects(
    readRecipes(project.dir, [host('web1'), host('web2')], { limitMs: 700, limitBytes: 1024 * 1024 }),
    {
      trouble: {
        what: "the recipe 'web' for web2 was not done after 0.7 s and was stopped",
        where: 'tandem.ts:2:13',
        now: 'look for a loop or a wait in it',
      },
    },
  )
})

test('hosts with many variables are asked about in one go', async () => {
  await using project = await scratchProject({
    'tandem.ts': `import { file } from 'tandem'
      export default { roles: { web: ({ name, vars }) => file('/' + name, { size: vars.text.length }) } }`,
  })
  const hosts = Array.from({ length: 300 }, (_, nth) =>
    host(`web${nth}`, { vars: { text: 'ü'.repeat(1000 + nth) } }),
  )
  const { said } = await readRecipes(project.dir, hosts)
  assert.equal(said.size, 300)
  assert.deepEqual(said.get('web299')?.[0]?.options, { size: 1299 })
})

test('where tandem.ts itself is wrong, its recipes are not asked', async () => {
  await using project = await scratchProject({ 'tandem.ts': `const x = \n` })
  await assert.rejects(readRecipes(project.dir, [host('web1')]), {
    message: 'this cannot be read: Expression expected',
  })
})

test('recipes are asked again only for hosts that differ, and for all when a file was written', async () => {
  await using project = await scratchProject({
    'tandem.ts': `import { file, tandem } from 'tandem'
      const now = String(process.hrtime.bigint())
      export default tandem({ roles: { web: (host) => file('/' + host.name + host.vars.x, { content: now }) } })`,
  })
  const read = recipeReader(project.dir)
  const contents = async (hosts: readonly RecipeHost[]) => {
    const { said } = await read(hosts)
    return hosts.map(({ name }) => JSON.stringify(said.get(name)?.[0]?.options))
  }
  const hosts = [host('web1', { vars: { x: 1 } }), host('web2', { vars: { x: 1 } })]
  const first = await contents(hosts)
  assert.deepEqual(await contents(hosts), first)
  const [one, two] = await contents([host('web1', { vars: { x: 2 } }), host('web2', { vars: { x: 1 } })])
  assert.notEqual(one, first[0])
  assert.equal(two, first[1])
  await utimes(join(project.dir, 'tandem.ts'), new Date(), new Date(1_000_000))
  const again = await contents(hosts)
  assert.notEqual(again[1], two)
  await writeFile(join(project.dir, 'tandem.ts'), 'export default {}')
  assert.deepEqual(await contents(hosts), [undefined, undefined])
})

const reading: readonly (readonly [what: string, expression: string, written: string])[] = [
  ['a file', `readFileSync('a.txt', 'utf8')`, 'a.txt'],
  ['a file by its URL', `readFileSync(new URL('./a.txt', import.meta.url), 'utf8')`, 'a.txt'],
  ['a file that it waits for', `await readFile('a.txt', 'utf8')`, 'a.txt'],
  ['a folder', `readdirSync('parts').join()`, 'parts/b.txt'],
  ['whether a file is there', `String(existsSync('c.txt'))`, 'c.txt'],
  [
    'a module of JSON',
    `JSON.stringify((await import('./d.json', { with: { type: 'json' } })).default)`,
    'd.json',
  ],
]

for (const [what, expression, written] of reading) {
  test(`recipes are asked again when this has changed: ${what}`, async () => {
    await using project = await scratchProject({
      'a.txt': 'before',
      'parts/a.txt': '',
      'd.json': '"before"',
      'tandem.ts': `import { existsSync, readdirSync, readFileSync } from 'node:fs'
        import { readFile } from 'node:fs/promises'
        import { file } from 'tandem'
        const content = ${expression}
        export default { roles: { web: () => file('/a', { content }) } }`,
    })
    const read = recipeReader(project.dir)
    const content = async () => JSON.stringify((await read([host('web1')])).said.get('web1')?.[0]?.options)
    const before = await content()
    assert.equal(await content(), before)
    await writeFile(join(project.dir, written), '"afterwards"')
    assert.notEqual(await content(), before)
  })
}
