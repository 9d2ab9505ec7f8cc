import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Client, makeClient } from '../../src/api/client/client.ts'
import { type Project, person } from './project.ts'

/** The `tandem` command of this checkout. */
export const tandem = join(import.meta.dirname, '../../bin/tandem')

const startLimitMs = 30_000
const stopLimitMs = 15_000
const keptChars = 256 * 1024

/** The environment of commands in a trial: nobody's own logins, hub or secrets have a say. */
export function commandEnvironment(project: Pick<Project, 'folder'>): NodeJS.ProcessEnv {
  const { TANDEM_HUB: _, TANDEM_TOKEN: __, ...own } = process.env
  return {
    ...own,
    TANDEM_PERSON: person,
    XDG_CONFIG_HOME: join(project.folder, 'config'),
    NODE_NO_WARNINGS: '1',
  }
}

type Home = Pick<Project, 'folder' | 'stateDir'>

/** A hub in a process of its own, as people start it. It keeps its port, so that its clients find it again. */
export class HubProcess {
  readonly #project: Home
  #child: ChildProcess | null = null
  #port = 0
  #url = ''
  #token = ''
  #said = ''
  #isAsked = false

  constructor(project: Home) {
    this.#project = project
  }

  get pid(): number {
    const pid = this.#child?.pid
    if (pid === undefined) throw new Error('the hub does not run')
    return pid
  }

  /** Where it answers. */
  get url(): string {
    return this.#url
  }

  /** What its person logs in with. */
  get token(): string {
    return this.#token
  }

  get isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Everything it has written to stderr; the last 256 KB. */
  get said(): string {
    return this.#said
  }

  /** Returns when it answers and has begun to take up what an earlier one left open. */
  async start(): Promise<void> {
    if (this.isRunning) throw new Error('the hub runs already')
    const { folder, stateDir } = this.#project
    const words = [tandem, 'hub', '--json', '--port', String(this.#port)]
    // Whatever ends this process, also kill -9, ends the hub.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...words], {
      cwd: folder,
      env: commandEnvironment(this.#project),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#isAsked = false
    child.once('exit', (code, signal) => {
      if (!this.#isAsked)
        console.error(`the hub ended by itself with ${code ?? signal}: ${this.#said.slice(-4000)}`)
    })
    child.stderr.on('data', (bytes: Buffer) => {
      this.#said = (this.#said + bytes.toString()).slice(-keptChars)
    })
    const lines = createInterface({ input: child.stdout })
    this.#url = await firstUrl(lines, child, () => this.#said)
    this.#port = Number(new URL(this.#url).port)
    const tokens: unknown = JSON.parse(await readFile(join(stateDir, 'local-token'), 'utf8'))
    this.#token = (tokens as Record<string, string>)[person] ?? ''
  }

  client(): Client {
    return makeClient({ fetch, base: this.#url, token: this.#token, door: 'api' })
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Asks it to end, as Ctrl-C does. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === null || !this.isRunning) return
    this.#isAsked = true
    const gone = once(child, 'exit')
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), stopLimitMs)
    await gone
    clearTimeout(late)
    this.#child = null
  }
}

function firstUrl(
  lines: ReturnType<typeof createInterface>,
  child: ChildProcess,
  said: () => string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`the hub did not start: ${why}; it said: ${said()}`))
    const late = setTimeout(() => fail(`it was silent for ${startLimitMs / 1000} s`), startLimitMs)
    child.once('exit', (code) => {
      clearTimeout(late)
      fail(`it ended with ${code}`)
    })
    child.once('error', (error) => fail(error.message))
    lines.on('line', (line) => {
      const started: unknown = line.startsWith('{"url"') ? JSON.parse(line) : null
      if (typeof started !== 'object' || started === null || !('url' in started)) return
      clearTimeout(late)
      resolve(String(started.url))
    })
  })
}
