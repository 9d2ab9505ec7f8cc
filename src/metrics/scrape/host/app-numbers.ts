import type { Page } from '../page.ts'
import type { Slot } from './frame.ts'
import { shortRelease } from './short-release.ts'
import { ticksPerSecond, wordsOf } from './words.ts'

/** What the processes of apps take of their host, by app, release and the name of the process in `tandem.ts`. */
export function appNumbers(page: Page, lines: readonly string[], slots: readonly Slot[]): void {
  const cpu = page.metric(
    'tandem_app_cpu_seconds_total',
    'counter',
    'Seconds of processor time that the processes of an app took.',
  )
  const memory = page.metric(
    'tandem_app_memory_bytes',
    'gauge',
    'Memory that the processes of an app hold (resident, what they share counted for each).',
  )
  const processes = page.metric('tandem_app_processes', 'gauge', 'How many processes of an app there are.')
  for (const [unit = '', ticks, bytes, count] of lines.map(wordsOf)) {
    const labels = labelsOf(unit, slots)
    if (labels === null) continue
    cpu(Number(ticks) / ticksPerSecond, labels)
    memory(Number(bytes), labels)
    processes(Number(count), labels)
  }
}

/** Names of apps, environments and processes may all hold dashes: only the slots tell where one ends. */
function labelsOf(unit: string, slots: readonly Slot[]): Readonly<Record<string, string>> | null {
  for (const { place, slot, release } of slots) {
    const [before, behind] = [`tandem-${place}-`, `@${slot}.service`]
    if (!unit.startsWith(before) || !unit.endsWith(behind)) continue
    const [app = '', env = ''] = place.split('.')
    const process = unit.slice(before.length, -behind.length)
    return { app, env, release: shortRelease(release), process, slot }
  }
  return null
}
