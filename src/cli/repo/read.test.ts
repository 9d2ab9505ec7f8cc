import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommitView, RefView, RepoView } from '../../api/wire/code.ts'
import { commitsText, reposText, repoText } from './read.ts'
import { paintFor } from '../../words/paint.ts'

const now = 1_000_000
const paint = paintFor({ hasColour: false })
const page = { columns: Infinity, paint, now }

const head: CommitView = {
  hash: 'abcdef0123'.repeat(4),
  tree: '0'.repeat(40),
  parents: [],
  subject: 'Fix the \u001b[2Jtill',
  body: '',
  author: 'Ada',
  email: 'ada@example.org',
  at: now - 120_000,
}

const repo: RepoView = {
  repo: 'shop',
  clone: { http: 'https://tandem.example.org/git/shop.git', ssh: null },
  forge: null,
  trunk: 'main',
  head,
  branches: 2,
  bytes: 9,
  apps: ['shop'],
  isInfra: true,
  lastRun: null,
  mirrors: [{ to: 'https://mirror.test/shop', at: null, trouble: null }],
  folder: { dir: '/srv/infra', commit: 'abcdef0123'.repeat(4), why: null },
}

const main: RefView = {
  ref: 'refs/heads/main',
  name: 'main',
  kind: 'branch',
  isProtected: true,
  head,
  run: null,
}

const flat = (lines: readonly string[]) => lines.map((line) => line.replaceAll(/ {2,}/g, '|'))

test('repositories are listed with what is new in them and what they are for', () => {
  const [titles, shop, empty] = flat(reposText([repo, { ...repo, repo: 'new', head: null }], page))
  assert.equal(titles, 'REPO|TRUNK|HEAD|WHEN|WHAT|BRANCHES|FOR|FORGE')
  assert.match(shop ?? '', /^shop\|main\|abcdef0\|2 min ago\|Fix the .*till\|2\|shop, tandem\.ts$/)
  assert.match(empty ?? '', /^new\|main\|-\|nothing was pushed yet\|/)
  assert.match(reposText([], page)[0] ?? '', /`repos` of tandem\.ts/)
})

test('what others wrote cannot steer the terminal', () => {
  const all = [
    ...reposText([repo], page),
    ...repoText({ repo, refs: [main] }, page),
    ...commitsText([head], page),
  ]
  assert.ok(!all.join('\n').includes('\u001b'))
})

test('one is shown with where to clone it, its mirrors and its refs', () => {
  const text = flat(repoText({ repo, refs: [main] }, page)).slice(2)
  assert.deepEqual(text.slice(0, 5), [
    'clone: https://tandem.example.org/git/shop.git',
    'mirror: https://mirror.test/shop: not mirrored yet',
    'the hub uses /srv/infra at abcdef0, follows main',
    '',
    'REF|KIND|HEAD|WHEN|WHAT|RUN',
  ])
  assert.match(text[5] ?? '', /^main\|branch, protected\|abcdef0\|2 min ago\|/)
})

test('a folder that does not follow says why', () => {
  const folder = { dir: '/srv/infra', commit: null, why: 'it is no checkout of a repository with a commit' }
  const lines = repoText({ repo: { ...repo, folder }, refs: [] }, page)
  assert.equal(
    lines.at(-1),
    'the hub uses /srv/infra, stays as it is: it is no checkout of a repository with a commit',
  )
})

test('the log says which commit, when, who and what', () => {
  assert.match(flat(commitsText([head], page))[1] ?? '', /^abcdef0\|2 min ago\|Ada\|Fix the /)
  assert.deepEqual(commitsText([], page), ['nothing was committed here'])
})
