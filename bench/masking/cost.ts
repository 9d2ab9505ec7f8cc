import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Random } from '../../lab/random.ts'
import { median } from '../lib/figures.ts'
import { openLog } from './log-path.ts'
import { drawLine } from './secrets.ts'

const logBytes = 12 * 1024 * 1024

/**
 * Processor time that the log of a job takes with these secrets, beside that without any: a program prints, its output
 * is read, stamped line by line and written to a file. By turns, so that both meet the same machine.
 */
export async function measureCost(
  folder: string,
  options: Readonly<{ secrets: readonly string[]; random: Random; rounds: number }>,
): Promise<Readonly<{ plainMs: number; maskedMs: number; makingMs: number; pct: number }>> {
  const file = join(folder, 'printed')
  writeFileSync(file, printed(options.random))
  const plain: number[] = []
  const masked: number[] = []
  const making: number[] = []
  for (let round = -1; round < options.rounds; round += 1) {
    const first = await timed(folder, file, [])
    const second = await timed(folder, file, options.secrets)
    if (round < 0) continue
    plain.push(first.logMs)
    masked.push(second.logMs)
    making.push(second.makingMs - first.makingMs)
  }
  const ratios = masked.map((ms, at) => ms / (plain[at] ?? Number.NaN))
  return {
    plainMs: median(plain),
    maskedMs: median(masked),
    makingMs: median(making),
    pct: (median(ratios) - 1) * 100,
  }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

type Timed = Readonly<{ makingMs: number; logMs: number }>

/**
 * Processor time of this process, from the first byte of the program to the last one on the disk; and before it, what is
 * done once for each job: to make the mask. The program is there already and waits for a word: to begin another while
 * the mask lies in memory would have the kernel copy page by page whatever this process touches next, which is neither.
 */
async function timed(folder: string, file: string, secrets: readonly string[]): Promise<Timed> {
  const child = spawn('sh', ['-c', 'echo; read word; exec cat "$0"', file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const first = process.cpuUsage()
  using opened = openLog(folder, secrets)
  const making = process.cpuUsage(first)
  // What making it has left behind is cleared away by threads that count as well.
  collectGarbage()
  await pause(clearingMs)
  const before = process.cpuUsage()
  child.stdout.on('data', (chunk: Buffer) => opened.log.print(chunk))
  child.stdin.end('go\n')
  await once(child, 'close')
  opened.log.close()
  return { makingMs: sum(making), logMs: sum(process.cpuUsage(before)) }
}

const clearingMs = 100

const sum = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000

function printed(random: Random): string {
  const some = Array.from({ length: 5_000 }, () => drawLine(random))
  const lines: string[] = []
  for (let bytes = 0; bytes < logBytes;) {
    const line = random.pick(some)
    lines.push(line)
    bytes += line.length + 1
  }
  return `${lines.join('\n')}\n`
}
