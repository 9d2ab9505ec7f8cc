import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import { ciFilesAt, ciFilesIn } from './ci-files.ts'

let folder = ''
const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim()

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-ci-files-'))
  mkdirSync(join(folder, 'ci', 'lib'), { recursive: true })
  const files = {
    test: '#!/bin/sh\n# tandem: limit 5m\n',
    README: 'about',
    'lib/run': 'x',
    long: 'y'.repeat(50_000),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'ci', name), text)
  for (const name of ['test', 'lib/run']) chmodSync(join(folder, 'ci', name), 0o755)
  symlinkSync('/etc/passwd', join(folder, 'ci', 'evil'))
  git('init', '-q', '-b', 'main')
  git('config', 'user.email', 'ada@example.org')
  git('config', 'user.name', 'ada')
  git('add', '-A')
  git('commit', '-qm', 'begin')
})
after(() => rmSync(folder, { recursive: true, force: true }))

describe('the files of ci/', () => {
  const wanted = [
    { name: 'README', isExecutable: false, head: 'about' },
    { name: 'long', isExecutable: false, head: 'y'.repeat(8_192) },
    { name: 'test', isExecutable: true, head: '#!/bin/sh\n# tandem: limit 5m\n' },
  ]

  test('are read from a commit, without folders and links', async () => {
    assert.deepEqual(await ciFilesAt(folder, git('rev-parse', 'HEAD')), wanted)
  })

  test('are read as they lie there, without folders and links', async () => {
    assert.deepEqual(await ciFilesIn(folder), wanted)
  })

  test('are none where there is no such folder', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'tandem-ci-files-'))
    try {
      assert.deepEqual(await ciFilesIn(empty), [])
      const tree = git('commit-tree', '-m', 'nothing', git('hash-object', '-t', 'tree', '-w', '/dev/null'))
      assert.deepEqual(await ciFilesAt(folder, tree), [])
    } finally {
      rmSync(empty, { recursive: true })
    }
  })

  test('of a commit that is not there are a trouble', async () => {
    await assert.rejects(ciFilesAt(folder, '--output=x'), TroubleError)
    await assert.rejects(ciFilesAt(folder, 'f'.repeat(40)), /cannot read the jobs of fffffff/)
  })

  test('are not more than people write', async () => {
    const many = mkdtempSync(join(tmpdir(), 'tandem-ci-files-'))
    try {
      mkdirSync(join(many, 'ci'))
      for (let nth = 0; nth < 201; nth += 1) writeFileSync(join(many, 'ci', `f${nth}`), '')
      await assert.rejects(ciFilesIn(many), /there are 201 files in ci\//)
    } finally {
      rmSync(many, { recursive: true })
    }
  })
})
