import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { troubleOf } from '../../change/trouble.ts'
import { services } from '../../config/repo/repo.ts'
import { tried, tryJob } from '../supervisor/try-job.ts'
import { requireServices } from './services.ts'
import { requireSandbox } from './system.ts'

const where = { where: 'ci/test', network: 'none' } as const
const skip = whyNot()

function whyNot(): string | false {
  try {
    requireSandbox()
    requireServices(services, where)
    return false
  } catch (thrown) {
    return String(thrown)
  }
}

void test(
  'PostgreSQL and Redis are ready before a job begins, by the variables that all know',
  { skip },
  async () => {
    const job = `
    psql -qtAc 'create table t (n int); insert into t values (41); select n + 1 from t'
    psql "$DATABASE_URL" -tAc 'select current_database(), current_user'
    redis-cli -u "$REDIS_URL" set a b; redis-cli -u "$REDIS_URL" get a
    env | grep tandem_`
    const { end, log } = await tried(job, { services: ['postgres', 'redis'] })
    assert.ok(end !== 'gone')
    assert.match(
      log,
      /^::group::services\npostgres [\d.]+ at localhost:5432\nredis [\d.]+ at localhost:6379\n::endgroup::\n42\ntest\|test\nOK\nb$/,
    )
  },
)

void test('what a job says itself of an address stands', { skip }, async () => {
  const { log } = await tried('echo "$REDIS_URL"', {
    services: ['redis'],
    env: { REDIS_URL: 'redis://other' },
  })
  assert.match(log, /\nredis:\/\/other$/)
})

void test('the services of jobs that run at one time do not meet, and end with them', { skip }, async () => {
  const job = `psql -qtAc 'create table t (n int)' && sleep 1 && redis-cli incr n && psql -qtAc 'select count(*) from pg_database'`
  const wanted = { services: ['postgres', 'redis'] } as const
  const jobs = await Promise.all([1, 2, 3].map(() => tryJob(job, wanted)))
  try {
    await Promise.all(jobs.map((one) => one.start()))
    const ends = await Promise.all(jobs.map((one) => one.ended()))
    assert.deepEqual(
      ends.map((end) => end !== 'gone' && [end.why, end.code]),
      jobs.map(() => ['exited', 0]),
    )
    for (const one of jobs) assert.match(await one.log(), /\n1\n4$/)
  } finally {
    for (const one of jobs) await one.remove()
  }
})

void test('a service that cannot start says why, and the job does not begin', { skip }, async () => {
  const full = `${process.pid}`
  const { end, log } = await tried(`echo begun ${full}`, {
    services: ['redis'],
    given: [{ from: '/dev/null', to: '/usr/bin/redis-server' }],
  })
  assert.ok(end !== 'gone')
  assert.equal(end.code, 1)
  assert.match(log, /redis did not start:/)
  assert.ok(!log.includes('begun'))
})

void test('a package that is missing is said, with what to install', async () => {
  const usr = await mkdtemp(join(tmpdir(), 'tandem-usr-'))
  try {
    assert.throws(
      () => requireServices(['postgres', 'redis'], where, usr),
      (thrown) => {
        const { what, now } = troubleOf(thrown)
        return /postgres and redis/.test(what) && /`apt-get install postgresql redis-server`/.test(now)
      },
    )
    await mkdir(join(usr, 'lib/postgresql/17/bin'), { recursive: true })
    await writeFile(join(usr, 'lib/postgresql/17/bin/initdb'), '')
    assert.doesNotThrow(() => requireServices(['postgres'], where, usr))
    assert.throws(() => requireServices(['postgres'], { ...where, network: 'shared' }, usr), /loopback/)
  } finally {
    await rm(usr, { recursive: true, force: true })
  }
})
