import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AppView } from '../../api/wire/wire.ts'
import type { AppConfig, TeamConfig } from '../../config/config.ts'
import { openSmallForge } from '../../vcs/forges/small-forge.ts'
import { type Run, waitingJob } from '../../store/runs.ts'
import { liveNews, type News, previewNews, runTeller } from './forge-news.ts'

const team = {
  apps: { shop: { repo: 'shop' } as AppConfig, other: { repo: '.' } as AppConfig },
} as const satisfies Pick<TeamConfig, 'apps'>

const view = (given: Partial<AppView>): AppView => ({
  app: 'shop',
  environment: 'production',
  target: 'shop@production',
  release: null,
  commit: null,
  change: null,
  since: null,
  url: null,
  hosts: [{ host: 'web1', release: null, commit: null, fenced: null }],
  ...given,
})

test('a change that made a commit live is told to its repository, and no other change is', () => {
  const commit = 'a'.repeat(40)
  const views = [view({ commit, change: 'c7' }), view({ app: 'other', commit, change: 'c8' })]
  assert.deepEqual(liveNews(team, views, 'c7'), [
    {
      repo: 'shop',
      commit,
      status: {
        context: 'tandem/live/shop@production',
        state: 'success',
        text: 'live on 1 host',
        path: '/changes/c7',
      },
    },
  ])
  assert.deepEqual(liveNews(team, views, 'c9'), [])
  assert.deepEqual(liveNews(team, [view({ change: 'c7' })], 'c7'), [])
})

test('a preview counts the commits between what is live and what is coming', async () => {
  await using forge = await openSmallForge('gitea', null)
  const live = forge.commit('refs/heads/main', { 'a.txt': '1' })
  forge.git('update-ref', 'refs/heads/topic', live)
  forge.commit('refs/heads/topic', { 'a.txt': '2' })
  const commit = forge.commit('refs/heads/topic', { 'a.txt': '3' })
  const newer = forge.commit('refs/heads/main', { 'a.txt': '4' })
  const text = async (at: string | null) => {
    const news = await previewNews(team, [view({ commit: at }), view({ app: 'other' })], {
      repo: 'shop',
      dir: forge.dir,
      commit,
    })
    return news.map(({ status }) => status.text)
  }
  assert.deepEqual(await text(live), ['would bring 2 commits to shop in production'])
  assert.deepEqual(await text(newer), [
    'would bring 2 commits to shop in production, without 1 commit that is live',
  ])
  assert.deepEqual(await text(null), ['would be the first release of shop in production'])
  assert.deepEqual(await text('f'.repeat(40)), [])
})

test('of a run its waiting, its beginning and its end are told, each once', () => {
  const job = waitingJob({ name: 'test', needs: [] })
  const run: Run = {
    id: 'r7',
    repo: 'shop',
    commit: 'a'.repeat(40),
    tree: 'b'.repeat(40),
    ref: 'refs/heads/main',
    subject: 'Fix it',
    who: 'ada',
    door: 'forge',
    orderedAt: 1_000,
    endedAt: null,
    outcome: null,
    supersededBy: null,
    trouble: null,
    jobs: [job, { ...job, name: 'lint' }],
    release: null,
  }
  const running: Run = { ...run, jobs: [{ ...job, status: 'running' }, run.jobs[1] ?? job] }
  const said: News[] = []
  const heard = runTeller((news) => said.push(news))
  // A job that is tried once more waits again: that is no news of the run.
  for (const state of [run, run, running, running, run, { ...run, id: 'r8' }]) heard(state)
  heard({
    ...running,
    outcome: 'failed',
    endedAt: 3_000,
    jobs: [{ ...job, status: 'over', outcome: 'failed' }],
  })
  assert.deepEqual(
    said.map(({ repo, status }) => [repo, status.context, status.state, status.text, status.path]),
    [
      ['shop', 'tandem/ci', 'pending', 'waiting', '/runs/r7'],
      ['shop', 'tandem/ci', 'pending', 'running test', '/runs/r7'],
      ['shop', 'tandem/ci', 'pending', 'waiting', '/runs/r8'],
      ['shop', 'tandem/ci', 'failure', 'test failed', '/runs/r7'],
    ],
  )
})
