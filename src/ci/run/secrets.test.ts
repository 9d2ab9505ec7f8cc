import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TeamConfig } from '../../config/config.ts'
import type { Run } from '../../store/runs.ts'
import type { JobSpec } from '../jobs/job.ts'
import type { CiWorld } from './ci-world.ts'
import { secretsOf } from './secrets.ts'

const given = (ref: string, protect: readonly string[]) => {
  const config = { repos: { shop: { protect } } } as unknown as TeamConfig
  const secrets = async () => new Map([['TOKEN', 'correct horse battery']])
  const world = { config: async () => config, secrets } as unknown as CiWorld
  const spec = { secrets: ['TOKEN'], from: 'ci/test' } as unknown as JobSpec
  return secretsOf(world, { repo: 'shop', ref } as unknown as Run, spec)
}

test('a protected branch has the secrets that its job asks for', async () => {
  const all = { TOKEN: 'correct horse battery' }
  assert.deepEqual(await given('refs/heads/main', ['main']), all)
  assert.deepEqual(await given('refs/heads/release/2', ['release/*']), all)
})

test('no request, tag or other branch has secrets, whatever is protected', async () => {
  const patterns = ['main', 'refs/*', 'pull/*', 'refs/pull/*', 'refs/merge-requests/*', '*']
  for (const ref of [
    'refs/pull/3/head',
    'refs/pull/3/merge',
    'refs/merge-requests/3/head',
    'refs/tags/main',
    'refs/remotes/origin/main',
    'main',
  ])
    assert.deepEqual(await given(ref, patterns), {}, ref)
  assert.deepEqual(await given('refs/heads/side', ['main']), {})
})
