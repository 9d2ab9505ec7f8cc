import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import type { AppConfig, BuildConfig } from '../../config/config.ts'
import type { JobConfig, RepoConfig } from '../../config/repo/repo.ts'
import type { CiFile } from './ci-files.ts'
import { type JobSources, jobsOf } from './jobs.ts'

const script = (name: string, ...lines: string[]): CiFile => ({
  name,
  isExecutable: true,
  head: ['#!/bin/sh', ...lines.map((line) => `# tandem: ${line}`), '', 'npm test', ''].join('\n'),
})

const job: JobConfig = {
  run: 'npm test',
  needs: [],
  limitMs: 900_000,
  memoryBytes: null,
  matrix: {},
  services: [],
  cache: {},
  reports: [],
  network: false,
  retry: 'once',
  on: null,
  secrets: [],
  env: {},
  output: '.',
}

const repoWith = (jobs: RepoConfig['jobs']): RepoConfig => ({
  protect: ['main'],
  largestBytes: 1,
  mirrors: [],
  forge: null,
  jobs,
})

/** What the jobs are of these files, beside what `tandem.ts` says. */
function jobs(
  files: readonly CiFile[],
  said: Readonly<{ jobs?: RepoConfig['jobs']; builds?: Readonly<Record<string, BuildConfig | null>> }> = {},
) {
  const apps = Object.entries(said.builds ?? {}).map(([name, build]) => [name, { repo: 'shop', build }])
  const config = {
    repos: { shop: repoWith(said.jobs ?? {}) },
    apps: Object.fromEntries(apps) as Readonly<Record<string, AppConfig>>,
  } satisfies JobSources['config']
  return jobsOf({ files, repo: 'shop', config })
}

describe('the jobs of a commit', () => {
  test('are none where it says none', () => {
    assert.deepEqual(jobs([{ name: 'README', isExecutable: false, head: 'about' }]), [])
  })

  test('are the executables in ci/, with what their first lines say', () => {
    const lines = [
      'needs build',
      'limit 10m',
      'memory 2G',
      'services postgres, redis',
      'cache node_modules by package-lock.json .node-version',
      'reports junit.xml reports/*.xml',
      'network',
      'retry never',
      'on builders',
      'secrets NPM_TOKEN',
      'env LOG_LEVEL=a b=c',
    ]
    const found = jobs([script('build', 'output dist'), script('test', ...lines)])
    assert.deepEqual(
      found.map(({ name, needs }) => [name, needs]),
      [
        ['build', []],
        ['test', ['build']],
      ],
    )
    assert.deepEqual(found[0]?.spec.artifact, { part: 'makes' })
    assert.deepEqual(found[1]?.spec, {
      job: 'test',
      from: 'ci/test',
      run: './ci/test',
      matrix: {},
      limitMs: 600_000,
      memoryBytes: 2 * 1024 ** 3,
      services: ['postgres', 'redis'],
      cache: { node_modules: ['package-lock.json', '.node-version'] },
      reports: ['junit.xml', 'reports/*.xml'],
      network: true,
      retry: 'never',
      on: 'builders',
      secrets: ['NPM_TOKEN'],
      env: { LOG_LEVEL: 'a b=c' },
      output: '.',
      artifact: { part: 'gets', at: 'dist' },
    })
  })

  test('are those of tandem.ts beside them', () => {
    const found = jobs([script('lint')], { jobs: { test: { ...job, needs: ['lint'] } } })
    assert.deepEqual(
      found.map(({ name, spec }) => [name, spec.from, spec.run]),
      [
        ['lint', 'ci/lint', './ci/lint'],
        ['test', 'repos.shop.jobs.test', 'npm test'],
      ],
    )
  })

  test('stand behind what they need, otherwise as they are said', () => {
    const found = jobs([script('a', 'needs c'), script('b'), script('c', 'needs d'), script('d')])
    assert.deepEqual(
      found.map(({ name }) => name),
      ['b', 'd', 'c', 'a'],
    )
  })

  test('are run once for each combination of a matrix, and all of them are needed', () => {
    const found = jobs([
      script('test', 'matrix node=22,24 os=a', 'matrix db=x,y'),
      script('done', 'needs test'),
    ])
    const names = ['node=22, os=a, db=x', 'node=22, os=a, db=y', 'node=24, os=a, db=x', 'node=24, os=a, db=y']
    const wanted = names.map((name) => `test (${name})`)
    assert.deepEqual(
      found.map(({ name }) => name),
      [...wanted, 'done'],
    )
    assert.deepEqual(found[1]?.spec.matrix, { node: '22', os: 'a', db: 'y' })
    assert.deepEqual(found.at(-1)?.needs, wanted)
  })

  test('may be programs in any language with comments of one line', () => {
    for (const sign of ['#', '//', '--', ';;'])
      assert.equal(
        jobs([
          { name: 'test', isExecutable: true, head: `#!/x\n${sign}\n${sign} tandem: limit 90s\ncode` },
        ])[0]?.spec.limitMs,
        90_000,
      )
  })
})

describe('the build of an app', () => {
  const build: BuildConfig = { run: 'npm run build', output: 'dist', env: { A: 'b' }, limitMs: 5_000 }

  test('is the job build of its repository, first of all, with the network', () => {
    const [first, second] = jobs([script('test', 'needs build')], { builds: { web: build } })
    assert.equal(first?.name, 'build')
    const { run, output, env, limitMs, network, from, artifact } = first.spec
    assert.deepEqual(
      [run, output, env, limitMs, network, from, artifact],
      ['npm run build', 'dist', { A: 'b' }, 5_000, true, 'apps.web.build', { part: 'makes' }],
    )
    assert.deepEqual(second?.spec.artifact, { part: 'gets', at: 'dist' })
  })

  test('gives way to ci/build and to a job of that name', () => {
    for (const found of [
      jobs([script('build')], { builds: { web: build } }),
      jobs([], { builds: { web: build }, jobs: { build: job } }),
    ])
      assert.ok(found.length === 1 && found[0]?.spec.from !== 'apps.web.build')
  })

  test('is the checkout itself where the app has none', () => {
    const [only] = jobs([], { builds: { web: null } })
    assert.deepEqual(
      [only?.name, only?.spec.run, only?.spec.output, only?.spec.network],
      ['build', ':', '.', false],
    )
  })

  test('may be that of two apps when it is the same', () => {
    assert.equal(jobs([], { builds: { web: build, worker: { ...build } } }).length, 1)
  })
})

describe('what is told of wrong jobs', () => {
  const many = Array.from({ length: 101 }, (_, nth) => nth).join(',')
  const cases: readonly [says: string, found: () => unknown][] = [
    [
      "ci/test:3: unknown key 'neds' in ci/test; did you mean 'needs'?",
      () => jobs([script('test', 'limit 5m', 'neds build')]),
    ],
    [
      "ci/test:2: unknown key 'run' in ci/test; known there: needs, limit, memory, matrix, services, cache, reports, network, retry, on, secrets, env, output",
      () => jobs([script('test', 'run npm test')]),
    ],
    [
      "ci/test:2: ci/test.limit is '10' but must be a time from 1s to 24h with its unit, such as '30s'; write a number and ms, s, m, h or d, such as '30s'",
      () => jobs([script('test', 'limit 10')]),
    ],
    [
      "ci/test:2: ci/test.retry is 'never2' but must be 'once' or 'never'; did you mean 'never'?",
      () => jobs([script('test', 'retry never2')]),
    ],
    [
      "ci/test:2: ci/test.services[0] is 'postgre' but must be 'postgres' or 'redis'; did you mean 'postgres'?",
      () => jobs([script('test', 'services postgre')]),
    ],
    [
      "ci/test:2: ci/test.cache is 'node_modules' but must be an object, such as { node_modules: ['package-lock.json'] }; write one like that",
      () => jobs([script('test', 'cache node_modules')]),
    ],
    [
      'ci/test:3: ci/test: limit is said twice; keep one of the two',
      () => jobs([script('test', 'limit 5m', 'limit 6m')]),
    ],
    ['ci/test:2: ci/test: needs has no value; write `needs build`', () => jobs([script('test', 'needs')])],
    [
      'ci/test:3: ci/test: this stands below the first command, where nobody reads it; move it up, under the first line of the file',
      () => jobs([{ name: 'test', isExecutable: true, head: '#!/bin/sh\nset -e\n# tandem: network\n' }]),
    ],
    [
      'ci/test: ci/test says that it is a job, and is not executable; `git update-index --chmod=+x ci/test`, and commit',
      () => jobs([{ ...script('test', 'limit 5m'), isExecutable: false }]),
    ],
    [
      'ci/test.sh: ci/test.sh is executable, and its name cannot be that of a job; rename it to small letters, digits and dashes, at most 24; what is no job goes into a folder below, such as ci/lib/',
      () => jobs([script('test.sh')]),
    ],
    [
      "ci/test:2: ci/test needs 'biuld', and there is no job of that name; did you mean 'build'?",
      () => jobs([script('build'), script('test', 'needs biuld')]),
    ],
    [
      'ci/a:2: no job of these can be the first: a needs b (ci/a:2), b needs a (repos.shop.jobs.b.needs); take one of these needs away',
      () => jobs([script('a', 'needs b'), script('z', 'needs a')], { jobs: { b: { ...job, needs: ['a'] } } }),
    ],
    [
      'ci/a:2: no job of these can be the first: a needs a (ci/a:2); take one of these needs away',
      () => jobs([script('a', 'needs a')]),
    ],
    [
      'repos.shop.jobs.test: the job test is said twice: in ci/test and in repos.shop.jobs.test; take one of them away, or give it another name',
      () => jobs([script('test')], { jobs: { test: job } }),
    ],
    [
      'ci/build:2: ci/build has a matrix, and a commit has one artifact; give the matrix to the jobs that need the build',
      () => jobs([script('build', 'matrix node=22,24')]),
    ],
    [
      'ci/test:2: these are 101 jobs, and at most 100 are run on a commit; the matrix of test makes 101 of them: shorten it',
      () => jobs([script('test', `matrix n=${many}`)]),
    ],
    [
      'ci/test:2: ci/test: matrix.node has a value twice; write each value once, `node=22,24`',
      () => jobs([script('test', 'matrix node=22,22')]),
    ],
    [
      'apps.b.build: apps.a and apps.b are built from shop in two ways, and a commit has one artifact; write the executable ci/build, whose output both of them deploy',
      () => jobs([], { builds: { a: null, b: { run: 'make', output: '.', env: {}, limitMs: 1 } } }),
    ],
  ]
  for (const [says, found] of cases) test(says, () => assert.equal(told(found).first, says))

  test('all of it at once, each with its place', () => {
    const { tail } = told(() => jobs([script('a', 'neds b'), script('b', 'limit x'), script('c', 'foo')]))
    assert.deepEqual(
      tail.map((line) => line.slice(0, 7)),
      ['ci/b:2:', 'ci/c:2:'],
    )
  })
})

function told(found: () => unknown): { first: string; tail: readonly string[] } {
  try {
    found()
  } catch (error) {
    assert.ok(error instanceof TroubleError)
    const { what, where, now, tail = [] } = error.trouble
    return { first: `${where}: ${what}; ${now}`, tail }
  }
  return assert.fail('nothing was wrong')
}
