import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommitDetail, CommitPlan } from '../../api/wire/code.ts'
import { paintFor } from '../../words/paint.ts'
import { commitText } from './commit.ts'

const now = 1_000_000
const page = { paint: paintFor({ hasColour: false }), now }
const hash = 'abcdef0123'.repeat(4)

const plan: CommitPlan = {
  commit: hash,
  ref: 'refs/heads/main',
  who: 'ada',
  state: 'planned',
  at: now - 60_000,
  text: 'web1: 1 to make',
  isEmpty: false,
  lines: [{ mark: '+', text: '  file /etc/\u001b[2Jmotd (web.ts:3:1)' }],
  cut: 7,
  warnings: ['web9 is new and left out'],
  away: [],
  trouble: null,
  next: 'tandem apply --commit abcdef012345',
}

const commit: CommitDetail = {
  commit: {
    hash,
    tree: hash,
    parents: [],
    subject: 'Greet\u001b[2J people',
    body: '',
    author: 'Ada',
    email: 'ada@example.org',
    at: now - 120_000,
  },
  files: [],
  cut: 0,
  refs: ['refs/heads/main'],
  runs: [],
  live: [{ app: 'shop', environment: 'production', change: 'c7', since: now - 60_000, release: hash }],
  changes: ['c7'],
  plan,
}

test('a commit is shown with where it is live, what it would do to hosts, and the command that does it', () => {
  assert.deepEqual(commitText(commit, page), [
    `${hash}  Greet people`,
    'by Ada, 2 min ago; head of refs/heads/main',
    'nothing has run on it',
    'live in shop@production since 1 min ago, by c7',
    'changes: c7',
    '',
    'plan planned, 1 min ago: web1: 1 to make',
    'web9 is new and left out',
    '  +   file /etc/motd (web.ts:3:1)',
    `… 7 more lines: tandem plan --commit ${hash}`,
    'tandem apply --commit abcdef012345',
  ])
})

test('one that cannot be planned says what is wrong, where, and what to do now', () => {
  const trouble = { what: "there is no 'vai'", where: 'tandem.ts:3:8', now: "did you mean 'via'?" }
  const broken = { ...plan, state: 'broken', text: 'tandem.ts:3:8: no', trouble, next: null } as const
  const text = commitText({ ...commit, plan: broken }, page)
    .slice(6)
    .join('\n')
  assert.match(text, /plan broken, 1 min ago.*there is no 'vai'.*tandem\.ts:3:8.*did you mean 'via'\?$/s)
})

test('a commit of an app has no plan of hosts', () => {
  assert.equal(commitText({ ...commit, plan: null }, page).length, 5)
})
