import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'

/** The figures that can be asked for by name: the files directly in `bench/`. What they share lies in folders there. */
export function benchNames(root: string): readonly string[] {
  return globSync('bench/*.ts', { cwd: root, exclude: ['**/*.test.ts'] })
    .map((path) => basename(path, '.ts'))
    .toSorted()
}

/** Why the last line a bench printed is not what it must be, one JSON object; null when it is. */
export function lastLineFault(printed: string): string | null {
  const last = printed.trimEnd().split('\n').at(-1) ?? ''
  if (last === '') return 'it printed nothing; its last line must be one JSON object'
  try {
    const value: unknown = JSON.parse(last)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return null
  } catch {
    // Not JSON at all: told below as what it is.
  }
  return `its last line must be one JSON object, and is: ${last.slice(0, 200)}`
}

const tailLimit = 1_000_000

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))

async function main([name, ...args]: readonly string[]): Promise<number> {
  const root = process.cwd()
  const names = benchNames(root)
  if (name === undefined || !names.includes(name)) {
    const wrong = name === undefined ? '' : `no bench is called ${name}. `
    console.error(`${wrong}usage: npm run bench -- NAME [ARGS], where NAME is one of: ${names.join(', ')}`)
    return name === undefined ? 0 : 2
  }
  return runBench(join(root, 'bench', `${name}.ts`), name, args)
}

/** Runs the bench where we are: its lines go through us, so that the last one can be judged. */
function runBench(file: string, name: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['inherit', 'pipe', 'inherit'] })
  let tail = ''
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk)
    tail = (tail + chunk.toString('utf8')).slice(-tailLimit)
  })
  // A bench tears down what it made when it is asked to stop; we wait for that. A terminal's Ctrl-C it has had itself.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      const fault = code === 0 ? lastLineFault(tail) : null
      if (signal !== null) console.error(`bench ${name} was ended by ${signal}`)
      if (fault !== null) console.error(`bench ${name}: ${fault}`)
      resolve(fault === null ? (code ?? 130) : 1)
    })
  })
}
