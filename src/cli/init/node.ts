import { type Fit, unfitted } from './fit.ts'
import { healthIn, type Listening, listeningOf } from './listen.ts'
import type { Project } from './project.ts'
import { serveFolder } from './static.ts'

type Manifest = Readonly<{
  name: string | null
  main: string | null
  scripts: Readonly<Record<string, string>>
  dependencies: readonly string[]
  hasDependencies: boolean
}>

const usualPort = 3000
/** Frameworks whose `start` listens on `PORT`, though nothing in the project says so. */
const servers = [
  'next',
  'nuxt',
  'express',
  'fastify',
  'koa',
  'hono',
  '@hapi/hapi',
  '@remix-run/serve',
  '@nestjs/core',
  'polka',
]
const entries = ['server', 'index', 'app', 'main', 'src/server', 'src/index', 'src/app', 'src/main']
const endings = ['.js', '.mjs', '.cjs', '.ts', '.mts']

/** A project with a `package.json` and something to start; `null` for all others, also for a site that is only built. */
export function fitNode(project: Project): Fit | null {
  const text = project.texts.get('package.json')
  const manifest = text === undefined ? null : readManifest(text)
  if (manifest === null) return null
  const start = startOf(project, manifest)
  if (start === null) return isSite(manifest) ? fitSite(project, manifest) : null
  const listening = listeningOf(project, endings)
  const isServer = listening.type !== 'no' || manifest.dependencies.some((name) => servers.includes(name))
  return {
    ...unfitted,
    kind: 'a Node.js app',
    name: manifest.name,
    build: buildOf(project, manifest),
    run: isServer ? { web: start } : { worker: start },
    port: isServer ? portOf(listening) : null,
    isPortFixed: listening.type === 'fixed',
    health: isServer ? healthIn(project) : null,
    runtime: 'node',
    hints: manifest.scripts['migrate'] === undefined ? [] : ["migrate: 'npm run migrate',"],
  }
}

/** How dependencies are installed, by the lock file that lies there; `null` when there are none. */
export function installOf({ files, texts }: Project, hasDependencies: boolean): string | null {
  if (files.includes('pnpm-lock.yaml')) return 'pnpm install --frozen-lockfile'
  if (files.includes('yarn.lock')) {
    return texts.has('.yarnrc.yml') ? 'yarn install --immutable' : 'yarn install --frozen-lockfile'
  }
  if (files.includes('bun.lock') || files.includes('bun.lockb')) return 'bun install --frozen-lockfile'
  if (!hasDependencies) return null
  return files.includes('package-lock.json') || files.includes('npm-shrinkwrap.json')
    ? 'npm ci'
    : 'npm install'
}

function buildOf(project: Project, manifest: Manifest): Fit['build'] {
  const build = manifest.scripts['build'] === undefined ? null : 'npm run build'
  const steps = [installOf(project, manifest.hasDependencies), build].filter((step) => step !== null)
  return steps.length === 0 ? null : { run: steps.join(' && '), output: null }
}

/** A plain `node FILE` is run without npm between it and the signals it gets. */
function startOf({ files }: Project, { scripts, main }: Manifest): string | null {
  const start = scripts['start']
  if (start !== undefined) return /^node( [\w@./:=-]+)+$/.test(start) ? start : 'npm start'
  const candidates = [main, ...entries.flatMap((entry) => endings.map((ending) => entry + ending))]
  const file = candidates.find(
    (candidate) => candidate !== null && files.includes(candidate.replace(/^\.\//, '')),
  )
  return file === undefined || file === null || isOnlyBrowser(files, scripts) ? null : `node ${file}`
}

/** With an `index.html` and a bundler at the top, `src/main.ts` runs in browsers, not here. */
function isOnlyBrowser(files: readonly string[], scripts: Manifest['scripts']): boolean {
  return files.includes('index.html') && scripts['build'] !== undefined
}

function isSite({ scripts, dependencies }: Manifest): boolean {
  const builders = ['vite', 'astro', '@11ty/eleventy', 'react-scripts', 'parcel', '@angular/cli', 'vitepress']
  return scripts['build'] !== undefined && dependencies.some((name) => builders.includes(name))
}

function fitSite(project: Project, manifest: Manifest): Fit {
  const outputs: Readonly<Record<string, string>> = { 'react-scripts': 'build', '@11ty/eleventy': '_site' }
  const builder = manifest.dependencies.find((name) => outputs[name] !== undefined)
  const output = (builder === undefined ? null : outputs[builder]) ?? 'dist'
  return {
    ...unfitted,
    kind: 'a static site that is built',
    name: manifest.name,
    build: { run: buildOf(project, manifest)?.run ?? 'npm run build', output },
    run: { web: serveFolder },
    port: 8080,
    health: '/',
    runtime: 'python3',
  }
}

function portOf(listening: Listening): number {
  return listening.type === 'no' ? usualPort : (listening.port ?? usualPort)
}

function readManifest(text: string): Manifest | null {
  const found = asRecord(parsed(text))
  if (found === null) return null
  const dependencies = asRecord(found['dependencies']) ?? {}
  const devDependencies = asRecord(found['devDependencies']) ?? {}
  const names = Object.keys({ ...dependencies, ...devDependencies })
  const scripts = Object.entries(asRecord(found['scripts']) ?? {}).flatMap(([name, script]) =>
    typeof script === 'string' ? [[name, script] as const] : [],
  )
  return {
    name: typeof found['name'] === 'string' ? found['name'] : null,
    main: typeof found['main'] === 'string' ? found['main'] : null,
    scripts: Object.fromEntries(scripts),
    dependencies: names,
    hasDependencies: names.length > 0,
  }
}

function asRecord(found: unknown): Readonly<Record<string, unknown>> | null {
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? { ...found } : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whoever starts it will be told by npm; a guess does not need it.
    return null
  }
}
