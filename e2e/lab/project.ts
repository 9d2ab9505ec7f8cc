import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppWish, EnvironmentWish, HostWish, TeamWish } from '../../src/config/wish.ts'
import type { Lab } from '../../lab/lab.ts'
import { makeSampleRepo, type SampleRepo } from '../../lab/sample-repo.ts'

/** What a trial's project says beyond the usual: an app `shop` on all hosts of the lab, as root, unwatched. */
export type ProjectOptions = Readonly<{
  files: number
  bytes: number
  app: Partial<AppWish>
  environment: Partial<EnvironmentWish>
  /** More files of the app's first commit. */
  extra: Readonly<Record<string, string>>
}>

export type Project = Readonly<{
  /** The folder of `tandem.ts`. */
  folder: string
  stateDir: string
  /** The repository of the app. */
  repo: SampleRepo
  /** The public port of the app. */
  port: number
}>

/** Who orders in a trial. */
export const person = 'ada'

const port = 3000

/** Writes a project into a folder: `tandem.ts`, and a repository of the sample app in `shop/`. */
export async function makeProject(folder: string, lab: Lab, options: ProjectOptions): Promise<Project> {
  await mkdir(folder, { recursive: true })
  const { files, bytes, extra } = options
  const repo = await makeSampleRepo({ folder: join(folder, 'shop'), files, bytes, extra })
  const wish = JSON.stringify(wishOf(lab, options), null, 2)
  const text = `import { tandem } from 'tandem'\n\nexport default tandem(${wish})\n`
  await writeFile(join(folder, 'tandem.ts'), text)
  return { folder, stateDir: join(folder, '.tandem'), repo, port: options.app.port ?? port }
}

function wishOf(lab: Lab, { app, environment }: ProjectOptions): TeamWish {
  const shop: AppWish = {
    repo: './shop',
    run: 'exec node app.js',
    port,
    health: '/health',
    ...app,
    environments: { production: { on: ['web'], watch: '0s', ...environment } },
  }
  return {
    people: { [person]: { name: 'Ada', may: 'everything' } },
    hosts: Object.fromEntries(lab.hosts.map((host) => [host.name, hostWish(host)])),
    apps: { shop },
  }
}

function hostWish(host: Lab['hosts'][number]): HostWish {
  return {
    address: `root@${host.address}`,
    roles: ['web'],
    hostKey: host.hostKey.split(' ').slice(1, 3).join(' '),
    identityFile: host.keyFile,
  }
}
