import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aptRepository } from './apt-repository.ts'
import { complaints, lowered, textAt, tryWorld } from './try-sort.ts'

const armoured = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----\n'
const uri = 'https://deb.example.com/node'
const sources = '/etc/apt/sources.list.d/node.sources'

const pathsOf = (things: Awaited<ReturnType<typeof lowered>>) =>
  things.map((thing) => (thing.type === 'path' ? `${thing.want.type} ${thing.path}` : thing.type))

test('a repository is a file that names its key, and apt is to read its lists', async () => {
  const things = await lowered(aptRepository, 'node', { uri, key: armoured })
  assert.deepEqual(pathsOf(things), [
    'directory /etc/apt/keyrings',
    'file /etc/apt/keyrings/node.asc',
    `file ${sources}`,
  ])
  assert.equal(textAt(things, '/etc/apt/keyrings/node.asc'), armoured)
  assert.equal(
    textAt(things, sources),
    `Types: deb
URIs: ${uri}
Suites: bookworm
Components: main
Signed-By: /etc/apt/keyrings/node.asc
`,
  )
  assert.deepEqual(
    things.map(({ owes }) => owes),
    [[{ type: 'lists' }], [{ type: 'lists' }], [{ type: 'lists' }]],
  )
})

test('a key beside the recipe is kept as what it is', async () => {
  const files = { 'files/node.asc': armoured }
  const text = await lowered(aptRepository, 'node', { uri, key: 'files/node.asc' }, tryWorld(files))
  assert.equal(textAt(text, '/etc/apt/keyrings/node.asc'), armoured)
  const binary = { ...tryWorld(), bytesOf: async () => Uint8Array.of(0x99, 0x02) }
  const things = await lowered(aptRepository, 'node', { uri, key: 'files/node.gpg' }, binary)
  assert.equal(pathsOf(things)[1], 'file /etc/apt/keyrings/node.gpg')
  assert.match(textAt(things, sources), /^Signed-By: \/etc\/apt\/keyrings\/node\.gpg$/m)
})

test('a page in place of a key is refused', async () => {
  const world = tryWorld({ 'files/node.asc': '<html>not found</html>' })
  await assert.rejects(lowered(aptRepository, 'node', { uri, key: 'files/node.asc' }, world), {
    message: 'files/node.asc is no public key of OpenPGP',
  })
})

test('suites, components and architectures are what was said', async () => {
  const signedBy = '/usr/share/keyrings/debian-archive-keyring.gpg'
  const text = async (options: object) =>
    textAt(await lowered(aptRepository, 'node', { uri, signedBy, ...options }), sources)
  const whole = {
    suites: ['a', 'b-updates'],
    components: ['main', 'contrib'],
    architectures: ['amd64', 'arm64'],
  }
  assert.equal(
    await text(whole),
    `Types: deb
URIs: ${uri}
Suites: a b-updates
Components: main contrib
Architectures: amd64 arm64
Signed-By: ${signedBy}
`,
  )
  assert.equal(await text({ suites: './' }), `Types: deb\nURIs: ${uri}\nSuites: ./\nSigned-By: ${signedBy}\n`)
  await assert.rejects(text({ suites: ['a', './'] }), /suites that end with \//)
})

test('an absent repository leaves no key behind', async () => {
  assert.deepEqual(pathsOf(await lowered(aptRepository, 'node', { absent: true })), [
    `absent ${sources}`,
    'absent /etc/apt/keyrings/node.asc',
    'absent /etc/apt/keyrings/node.gpg',
  ])
})

test('what is wrong with a repository is told in a sentence', () => {
  const table: readonly (readonly [unknown, string])[] = [
    [{ key: 'k' }, "aptRepository has no 'uri'; add uri: 'https://deb.nodesource.com/node_24.x'"],
    [{ uri }, "aptRepository has no 'key'; add key: 'files/nodesource.asc'"],
    [
      { uri: 'deb.example.com', key: 'k' },
      "aptRepository.uri is 'deb.example.com' but must be an address, such as 'https://deb.nodesource.com/node_24.x'; write one like that",
    ],
    [
      { uri, key: '/k' },
      "aptRepository.key is '/k' but must be a public key or the path of one beside the recipe, such as 'files/nodesource.asc'; write one like that",
    ],
    [
      { uri, key: 'k', signedBy: '/k' },
      "aptRepository.signedBy is '/k' but must be left out beside 'key'; keep one of the two",
    ],
    [
      { uri, key: 'k', suites: [] },
      "aptRepository.suites is an empty list but must be a list of at least one, such as ['bookworm']; write one like that",
    ],
    [
      { uri, key: 'k', components: 'main' },
      "aptRepository.components is 'main' but must be a list, such as ['main']; write ['main']",
    ],
  ]
  for (const [options, message] of table)
    assert.deepEqual(complaints(aptRepository, 'node', options), [message])
  assert.deepEqual(complaints(aptRepository, 'a.b', { absent: true }), [
    "aptRepository.name is 'a.b' but must be letters, digits, dashes and underscores, such as 'nodesource'; write one like that",
  ])
})
