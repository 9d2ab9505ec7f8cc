import { Page } from '../page.ts'
import { diskNumbers, spaceNumbers } from './disk-numbers.ts'
import { appNumbers } from './app-numbers.ts'
import type { Part, Slot } from './frame.ts'
import { netNumbers } from './net-numbers.ts'
import { ticksPerSecond, wordsOf } from './words.ts'

/** The numbers of a host as node_exporter calls them, so that dashboards made for that work with these; and what apps take of it. */
export function hostPage(parts: readonly Part[], slots: readonly Slot[]): string {
  const page = new Page()
  const linesOf = (name: string): readonly string[] => parts.find((part) => part.name === name)?.lines ?? []
  cpuNumbers(page, linesOf('stat'))
  loadNumbers(page, linesOf('loadavg'))
  memoryNumbers(page, linesOf('meminfo'))
  for (const [word = '', count] of linesOf('vmstat').map(wordsOf))
    page.metric(`node_vmstat_${word}`, 'unknown', `/proc/vmstat information field ${word}.`)(Number(count))
  diskNumbers(page, linesOf('diskstats'))
  spaceNumbers(page, linesOf('mounts'), linesOf('disks'))
  netNumbers(page, linesOf)
  pressureNumbers(page, parts)
  fileNumbers(page, linesOf('files'))
  systemNumbers(page, linesOf('words'))
  osNumbers(page, linesOf('os'))
  appNumbers(page, linesOf('units'), slots)
  return page.text()
}

const modes = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal']

function cpuNumbers(page: Page, lines: readonly string[]): void {
  const seconds = page.metric('node_cpu_seconds_total', 'counter', 'Seconds the CPUs spent in each mode.')
  const guest = page.metric(
    'node_cpu_guest_seconds_total',
    'counter',
    'Seconds the CPUs spent in guests (VMs) for each mode.',
  )
  for (const [name = '', ...counts] of lines.map(wordsOf)) {
    const cpu = /^cpu(\d+)$/.exec(name)?.[1]
    if (cpu !== undefined) {
      for (const [at, mode] of modes.entries()) seconds(Number(counts[at]) / ticksPerSecond, { cpu, mode })
      guest(Number(counts[8]) / ticksPerSecond, { cpu, mode: 'user' })
      guest(Number(counts[9]) / ticksPerSecond, { cpu, mode: 'nice' })
    }
    const known = statWords[name]
    if (known !== undefined) page.metric(known.name, known.type, known.help)(Number(counts[0]))
  }
}

const statWords: Readonly<
  Record<string, Readonly<{ name: string; type: 'counter' | 'gauge'; help: string }>>
> = {
  ctxt: { name: 'node_context_switches_total', type: 'counter', help: 'Total number of context switches.' },
  btime: { name: 'node_boot_time_seconds', type: 'gauge', help: 'Node boot time, in unixtime.' },
  processes: { name: 'node_forks_total', type: 'counter', help: 'Total number of forks.' },
  procs_running: {
    name: 'node_procs_running',
    type: 'gauge',
    help: 'Number of processes in runnable state.',
  },
  procs_blocked: {
    name: 'node_procs_blocked',
    type: 'gauge',
    help: 'Number of processes blocked waiting for I/O to complete.',
  },
}

function loadNumbers(page: Page, [line = '']: readonly string[]): void {
  const [one, five, fifteen, threads = ''] = wordsOf(line)
  page.metric('node_load1', 'gauge', '1m load average.')(Number(one))
  page.metric('node_load5', 'gauge', '5m load average.')(Number(five))
  page.metric('node_load15', 'gauge', '15m load average.')(Number(fifteen))
  const [, all] = threads.split('/')
  page.metric('node_processes_threads', 'gauge', 'Allocated threads in system.')(Number(all))
}

function memoryNumbers(page: Page, lines: readonly string[]): void {
  for (const line of lines) {
    const [, field = '', count, unit] = /^(.+?):\s+(\d+)(?: (kB))?$/.exec(line) ?? []
    const word = field.replaceAll(/[()]/g, '_').replace(/_$/, '')
    const name = `node_memory_${word}${unit === undefined ? '' : '_bytes'}`
    page.metric(
      name,
      'gauge',
      `Memory information field ${field}.`,
    )(Number(count) * (unit === undefined ? 1 : 1024))
  }
}

const pressures: readonly (readonly [string, string, string, string])[] = [
  ['cpu', 'some', 'node_pressure_cpu_waiting_seconds_total', 'processes have waited for CPU time'],
  ['io', 'some', 'node_pressure_io_waiting_seconds_total', 'processes have waited due to IO congestion'],
  [
    'io',
    'full',
    'node_pressure_io_stalled_seconds_total',
    'no process could make progress due to IO congestion',
  ],
  ['memory', 'some', 'node_pressure_memory_waiting_seconds_total', 'processes have waited for memory'],
  [
    'memory',
    'full',
    'node_pressure_memory_stalled_seconds_total',
    'no process could make progress due to memory congestion',
  ],
]

function pressureNumbers(page: Page, parts: readonly Part[]): void {
  for (const [of, which, name, what] of pressures) {
    const part = parts.find((one) => one.name === 'pressure' && one.words[0] === of)
    const micros = /total=(\d+)/.exec(part?.lines.find((line) => line.startsWith(which)) ?? '')?.[1]
    page.metric(name, 'counter', `Total time in seconds that ${what}`)(Number(micros ?? NaN) / 1e6)
  }
}

function fileNumbers(page: Page, [line = '']: readonly string[]): void {
  const [allocated, , most] = wordsOf(line)
  page.metric('node_filefd_allocated', 'gauge', 'File descriptor statistics: allocated.')(Number(allocated))
  page.metric('node_filefd_maximum', 'gauge', 'File descriptor statistics: maximum.')(Number(most))
}

function systemNumbers(page: Page, lines: readonly string[]): void {
  const words = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  )
  const numberOf = (word: string): number => Number(words.get(word) || NaN)
  page.metric('node_time_seconds', 'gauge', 'System time in seconds since epoch (1970).')(numberOf('time'))
  page.metric('node_processes_pids', 'gauge', 'Number of PIDs')(numberOf('pids'))
  page.metric(
    'node_nf_conntrack_entries',
    'gauge',
    'Number of currently allocated flow entries for connection tracking.',
  )(numberOf('conntrack_count'))
  page.metric(
    'node_nf_conntrack_entries_limit',
    'gauge',
    'Maximum size of connection tracking table.',
  )(numberOf('conntrack_max'))
  page.metric(
    'node_uname_info',
    'gauge',
    'Labeled system information as provided by the uname system call.',
  )(1, {
    domainname: words.get('domainname') ?? '',
    machine: words.get('arch') ?? '',
    nodename: words.get('hostname') ?? '',
    release: words.get('osrelease') ?? '',
    sysname: words.get('ostype') ?? '',
    version: words.get('version') ?? '',
  })
  const up = page.metric('node_network_up', 'gauge', "Value is 1 if operstate is 'up', 0 otherwise.")
  for (const [, device = '', state] of lines.filter((line) => line.startsWith('link ')).map(wordsOf))
    up(state === 'up' ? 1 : 0, { device })
}

function osNumbers(page: Page, lines: readonly string[]): void {
  const said = new Map(lines.map((line) => line.split('=', 2) as [string, string]))
  const word = (key: string): string => (said.get(key) ?? '').replace(/^"(.*)"$/, '$1')
  if (said.size === 0) return
  page.metric(
    'node_os_info',
    'gauge',
    'A metric with a constant value of 1 labeled by what /etc/os-release says.',
  )(1, {
    id: word('ID'),
    id_like: word('ID_LIKE'),
    name: word('NAME'),
    pretty_name: word('PRETTY_NAME'),
    version: word('VERSION'),
    version_codename: word('VERSION_CODENAME'),
    version_id: word('VERSION_ID'),
  })
}
