import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apt } from './apt.ts'
import { complaints, lowered } from './try-sort.ts'

const thing = (name: string) => ({
  type: 'package',
  key: `package ${name}`,
  name,
  hold: null,
  owes: [],
  lockout: null,
})
const any = { type: 'installed', version: null }

test('a package is there, at its version, held, absent or purged', async () => {
  const nginx = thing('nginx')
  const table: readonly (readonly [unknown, unknown])[] = [
    [{}, { ...nginx, want: any }],
    [
      { version: '1:1.22.1-9+deb12u1' },
      { ...nginx, want: { type: 'installed', version: '1:1.22.1-9+deb12u1' } },
    ],
    [{ hold: true }, { ...nginx, want: any, hold: true }],
    [{ hold: false }, { ...nginx, want: any, hold: false }],
    [{ absent: true }, { ...nginx, want: { type: 'absent', purge: false } }],
    [{ purge: true }, { ...nginx, want: { type: 'absent', purge: true } }],
    [
      { absent: true, purge: true },
      { ...nginx, want: { type: 'absent', purge: true } },
    ],
  ]
  for (const [options, made] of table) assert.deepEqual(await lowered(apt, 'nginx', options), [made])
})

test('a list of packages is a thing for each, once', async () => {
  const names = ['nginx', 'libc6:i386', 'g++', 'nginx']
  const made = await lowered(apt, names)
  assert.deepEqual(made, [
    { ...thing('nginx'), want: any },
    { ...thing('libc6:i386'), want: any },
    { ...thing('g++'), want: any },
  ])
  await assert.rejects(lowered(apt, names, { version: '1' }), {
    message: 'one version cannot be that of 3 packages',
  })
})

test('what is wrong with a package is told in a sentence', () => {
  const names =
    "apt.name is NAME but must be the name of a package or a list of them, such as 'nginx'; write one like that"
  assert.deepEqual(complaints(apt, 'Nginx'), [names.replace('NAME', "'Nginx'")])
  assert.deepEqual(complaints(apt, 'nginx=1.2'), [names.replace('NAME', "'nginx=1.2'")])
  assert.deepEqual(complaints(apt, []), [names.replace('NAME', 'an empty list')])
  assert.deepEqual(complaints(apt, 'nginx', { version: 1 }), [
    "apt.version is 1 but must be a version, such as '1.22.1-9+deb12u1'; write one like that",
  ])
  assert.deepEqual(complaints(apt, 'nginx', { absent: true, version: '1' }), [
    "apt.version is '1' but must be left out beside absent: true; keep one of the two",
  ])
  assert.deepEqual(complaints(apt, 'nginx', { purge: true, hold: true }), [
    'apt.hold is true but must be left out beside purge: true; keep one of the two',
  ])
})
