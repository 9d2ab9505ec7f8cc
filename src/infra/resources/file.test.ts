import assert from 'node:assert/strict'
import { test } from 'node:test'
import { file } from './file.ts'
import { complaints, lowered, readable, tryWorld } from './try-sort.ts'

const at = (path: string) => ({
  type: 'path',
  key: `path ${path}`,
  path,
  owes: [],
  lockout: null,
  check: null,
})
const asItIs = { mode: null, owner: null, group: null }

const made = async (name: string, options: unknown, world = tryWorld()) =>
  (await lowered(file, name, options, world)).map(readable)

test('a file has the bytes that the recipe gives, as a text or as a file beside it', async () => {
  const text = { type: 'file', ...asItIs, text: 'hello\n', secrets: [] }
  assert.deepEqual(await made('/etc/motd', { content: 'hello\n' }), [{ ...at('/etc/motd'), want: text }])
  const beside = tryWorld({ 'files/motd': 'hello\n' })
  assert.deepEqual(await made('/etc/motd', { source: 'files/motd' }, beside), [
    { ...at('/etc/motd'), want: text },
  ])
  assert.deepEqual(await made('//etc//motd/', { content: '' }), [
    { ...at('/etc/motd'), want: { ...text, text: '' } },
  ])
})

test('mode, owner and group are what was said, in the ways people say them', async () => {
  const options = { content: '', mode: '0640', owner: 'root', group: 1000 }
  const want = { type: 'file', mode: 0o640, owner: 'root', group: '1000', text: '', secrets: [] }
  assert.deepEqual(await made('/etc/x', options), [{ ...at('/etc/x'), want }])
  for (const mode of ['640', '0640', 0o640])
    assert.deepEqual(await made('/etc/x', { ...options, mode }), [{ ...at('/etc/x'), want }], String(mode))
  assert.deepEqual(await made('/etc/x', { mode: '2775' }), [
    { ...at('/etc/x'), want: { type: 'edited', edits: [], create: false, ...asItIs, mode: 0o2775 } },
  ])
})

test('an absent file is nothing', async () => {
  const want = { type: 'absent', all: false }
  assert.deepEqual(await made('/etc/motd', { absent: true }), [{ ...at('/etc/motd'), want }])
})

test('a secret stands in the bytes, and its name is known', async () => {
  const world = tryWorld({}, { TOKEN: 'abc' })
  const want = { type: 'file', ...asItIs, mode: 0o600, text: 'token=abc\n', secrets: ['TOKEN'] }
  assert.deepEqual(await made('/etc/x', { content: 'token={TOKEN}\n', mode: '0600' }, world), [
    { ...at('/etc/x'), want },
  ])
})

test('the home of a user that the recipe makes is known, any other is asked for on the host', async () => {
  const world = { ...tryWorld(), homeOf: (user: string) => (user === 'deploy' ? '/srv/deploy/' : null) }
  const paths = async (name: string) =>
    (await lowered(file, name, { content: '' }, world)).map(({ key }) => key)
  assert.deepEqual(await paths('~deploy/.profile'), ['path /srv/deploy/.profile'])
  assert.deepEqual(await paths('~ada/.profile'), ['path ~ada/.profile'])
})

test('a program checks the new bytes: the one that the recipe names, or the one that such files are known to need', async () => {
  const checkOf = async (name: string, check?: unknown) => {
    const [thing] = await lowered(file, name, { content: '', ...(check !== undefined && { check }) })
    return thing?.type === 'path' ? thing.check : 'no path'
  }
  assert.deepEqual(await checkOf('/etc/nginx/nginx.conf', 'nginx -t -c %'), ['nginx', '-t', '-c', '%'])
  assert.deepEqual(await checkOf('/etc/x', ['sh', '-c', 'x y', '%']), ['sh', '-c', 'x y', '%'])
  assert.deepEqual(await checkOf('/etc/sudoers.d/x'), ['visudo', '-cf', '%'])
  assert.equal(await checkOf('/etc/sudoers.d/x', false), null)
  assert.equal(await checkOf('/etc/x'), null)
})

test('a file that may lock us out says so', async () => {
  const [thing] = await lowered(file, '/etc/ssh/sshd_config', { content: '' })
  assert.equal(thing?.lockout, 'sshd')
})

test('what is wrong with a file is told in a sentence', () => {
  const table: readonly (readonly [unknown, unknown, string])[] = [
    [
      'etc/motd',
      { content: '' },
      "file.name is 'etc/motd' but must be an absolute path, such as '/etc/motd' or '~deploy/.profile'; write '/etc/motd'",
    ],
    [
      '/etc/../motd',
      { content: '' },
      "file.name is '/etc/../motd' but must be an absolute path, such as '/etc/motd' or '~deploy/.profile'; write it out, without . and ..",
    ],
    [
      '~/motd',
      { content: '' },
      "file.name is '~/motd' but must be an absolute path, such as '/etc/motd' or '~deploy/.profile'; say whose: '~deploy/motd'",
    ],
    ['/etc/motd', {}, "file has no 'content'; add content: 'hello\\n', or source: 'files/motd'"],
    [
      '/etc/motd',
      { content: 1 },
      "file.content is 1 but must be a text, such as 'hello\\n'; write one like that",
    ],
    ['/etc/motd', { contents: '' }, "unknown key 'contents' in file; did you mean 'content'?"],
    [
      '/etc/motd',
      { content: '', source: 'x' },
      "file.source is 'x' but must be left out beside 'content'; keep one of the two",
    ],
    [
      '/etc/motd',
      { absent: true, mode: '0644' },
      "file.mode is '0644' but must be left out beside absent: true; keep one of the two",
    ],
    [
      '/etc/motd',
      { source: '/x' },
      "file.source is '/x' but must be a path beside the recipe, such as 'files/motd'; write one like that",
    ],
    ['/etc/motd', { mode: 644 }, "file.mode is 644 but must be a mode, such as '0644'; write '0644'"],
    [
      '/etc/motd',
      { mode: '0888' },
      "file.mode is '0888' but must be a mode, such as '0644'; write it in quotes, '0644'",
    ],
    [
      '/etc/motd',
      { owner: 'a b' },
      "file.owner is 'a b' but must be the name of a user, such as 'www-data'; write one like that",
    ],
    [
      '/etc/motd',
      { content: '', check: 'visudo -cf' },
      "file.check is 'visudo -cf' but must be a command with % for the new file, such as 'visudo -cf %'; write one like that",
    ],
    [
      '/etc/motd',
      { content: '', after: 'nginx' },
      "file.after is 'nginx' but must be a resource or a list of them, such as apt('nginx'); write one like that",
    ],
  ]
  for (const [name, options, message] of table) assert.deepEqual(complaints(file, name, options), [message])
})

test('no mode that people mean is taken for a slip', () => {
  for (const mode of [
    0o400, 0o440, 0o444, 0o500, 0o550, 0o555, 0o600, 0o640, 0o644, 0o660, 0o664, 0o700, 0o711,
  ])
    assert.deepEqual(complaints(file, '/x', { mode }), [], mode.toString(8))
  for (const mode of [0o750, 0o751, 0o755, 0o770, 0o775, 0o777, 0o1777, 0o2755, 0o2775, 0o4755])
    assert.deepEqual(complaints(file, '/x', { mode }), [], mode.toString(8))
  for (const mode of [400, 440, 444, 600, 640, 644, 660, 664, 700, 750, 755, 775, 777, 1777, 2775])
    assert.equal(complaints(file, '/x', { mode }).length, 1, String(mode))
})
