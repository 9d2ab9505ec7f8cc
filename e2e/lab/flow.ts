import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, openLab } from '../../lab/lab.ts'
import type { EnvironmentWish } from '../../src/config/wish.ts'
import { type Pushing, startPush } from '../repos/pushing.ts'
import { type Checkout, checkoutIn, gitEnv } from '../repos/served-hub.ts'
import { keyIn, type ServedSsh, serveSsh } from '../repos/served-ssh.ts'
import { askFronts, oneRelease } from './fronts.ts'
import { HubProcess } from './hub-process.ts'
import { person } from './project.ts'
import { teamOn, textOf } from './story.ts'
import { endProcessesOf } from './stray-processes.ts'

/** A team that pushes: hosts, a hub that holds the repository of the app `shop`, and ada's checkout of it. */
export type Flow = Readonly<{
  lab: Lab
  stateDir: string
  hub: HubProcess
  checkout: Checkout
  /** The app on each host, through its front. */
  urls: readonly string[]
  /** Begins to push what is committed, by either door of the hub. */
  push: (by: 'http' | 'ssh', options?: readonly string[]) => Pushing
  /** Commits a release of the app, good or bad in the way that `mode` says. */
  commit: (release: string, mode?: string) => Promise<string>
  /** The release that all hosts answer with; null where they differ. */
  answered: () => Promise<string | null>
  close: () => Promise<void>
}>

export type FlowOptions = Readonly<{
  hosts: number
  environment: Partial<EnvironmentWish>
  say?: (line: string) => void
}>

const port = 3000
const app = join(import.meta.dirname, '../../lab/sample-app')

/** What the app's repository has beside the app: how it is built, and a test that runs it. */
const jobs = {
  'ci/build': `#!/bin/sh
# tandem: output dist
mkdir dist && cp app.js web-socket.js package.json mode.txt release.txt dist/
`,
  'ci/test': `#!/bin/sh
# tandem: needs build
# tandem: retry never
node --test shop.test.mjs
`,
} as const

const test = `import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

test('the basket can be paid for', () => {
  assert.doesNotMatch(readFileSync('dist/release.txt', 'utf8'), /red/)
})
`

export async function openFlow({ hosts, environment, say }: FlowOptions): Promise<Flow> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-flow-'))
  const stateDir = join(folder, '.tandem')
  const lab = await openLab({ hosts, ...(say ? { say } : {}) })
  const hub = new HubProcess({ folder, stateDir })
  const opened: { ssh: ServedSsh | null } = { ssh: null }
  const close = async (): Promise<void> => {
    opened.ssh?.close()
    await hub.stop()
    endProcessesOf(folder)
    await lab.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const key = await keyIn(folder, person)
    await writeFile(join(folder, 'tandem.ts'), teamText(lab, key, environment))
    await hub.start()
    const ssh = await serveSsh(folder, stateDir)
    opened.ssh = ssh
    const checkout = await shopIn(join(folder, 'checkout'))
    return { ...flowOf({ lab, stateDir, hub, checkout }, ssh), close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

function flowOf(
  parts: Pick<Flow, 'lab' | 'stateDir' | 'hub' | 'checkout'>,
  ssh: ServedSsh,
): Omit<Flow, 'close'> {
  const { lab, hub, checkout } = parts
  const remotes = {
    // The hub keeps its port when it is started again.
    http: `${hub.url.replace('//', `//x:${hub.token}@`)}/git/shop.git`,
    ssh: ssh.url('shop'),
  }
  return {
    ...parts,
    urls: lab.hosts.map((host) => `http://${host.address}:${port}`),
    push: (by, options = []) => {
      const env = by === 'ssh' ? ssh.envAs(person) : gitEnv
      const there = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'remote.tandem.url' }
      return startPush(checkout.dir, { ...env, ...there, GIT_CONFIG_VALUE_0: remotes[by] }, options)
    },
    commit: (release, mode = 'good') =>
      checkout.commit(release, { 'release.txt': `${release}\n`, 'mode.txt': `${mode}\n` }),
    answered: async () => oneRelease(await askFronts(lab, port)),
  }
}

function teamText(lab: Lab, key: string, environment: FlowOptions['environment']): string {
  const onGreen = { deploy: 'on green', ...environment } as const
  const team = teamOn(lab, { app: { repo: 'shop' }, environment: onGreen })
  const people = { [person]: { name: 'Ada', may: 'everything', keys: [key] } } as const
  return textOf({ ...team, people, repos: { shop: {} } })
}

/** A repository of the sample app, with its jobs; its remote is named with each push. */
async function shopIn(dir: string): Promise<Checkout> {
  const checkout = await checkoutIn(dir, 'nowhere')
  await checkout.must('remote', 'remove', 'tandem')
  await cp(app, dir, { recursive: true, filter: (path) => !path.endsWith('.test.ts') })
  await mkdir(join(dir, 'ci'))
  for (const [path, text] of Object.entries(jobs)) {
    await writeFile(join(dir, path), text)
    await chmod(join(dir, path), 0o755)
  }
  await checkout.commit('The shop and its jobs', { 'shop.test.mjs': test, '.gitignore': 'dist\n' })
  return checkout
}
