import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
): Promise<Readonly<{ plainMs: number; maskedMs: number; pct: number }>> {
  const file = join(folder, 'printed')
  writeFileSync(file, printed(options.random))
  const plain: number[] = []
  const masked: number[] = []
  for (let round = -1; round < options.rounds; round += 1) {
    const first = await timed(folder, file, [])
    const second = await timed(folder, file, options.secrets)
    if (round < 0) continue
    plain.push(first)
    masked.push(second)
  }
  const ratios = masked.map((ms, at) => ms / (plain[at] ?? Number.NaN))
  return { plainMs: median(plain), maskedMs: median(masked), pct: (median(ratios) - 1) * 100 }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Processor time of this process, from the first byte of the program to the last one on the disk. */
async function timed(folder: string, file: string, secrets: readonly string[]): Promise<number> {
  using opened = openLog(folder, secrets)
  // What was left by making the mask, which is done once, is not of the log.
  collectGarbage()
  const before = process.cpuUsage()
  const child = spawn('cat', [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.on('data', (chunk: Buffer) => opened.log.print(chunk))
  await once(child, 'close')
  opened.log.close()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

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
