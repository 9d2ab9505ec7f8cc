import type { Described } from '../../intake.ts'
import type { Page } from '../page.ts'
import { wordsOf } from './words.ts'

type Column = Readonly<{ name: string; type: Described['type']; unit: number; help: string }>

const counter = (name: string, help: string, unit = 1): Column => ({ name, type: 'counter', unit, help })
const sector = 512
const millisecond = 1 / 1000

/** The columns of `/proc/diskstats` behind the name of the device, in their order. */
const columns: readonly Column[] = [
  counter('reads_completed_total', 'The total number of reads completed successfully.'),
  counter('reads_merged_total', 'The total number of reads merged.'),
  counter('read_bytes_total', 'The total number of bytes read successfully.', sector),
  counter('read_time_seconds_total', 'The total number of seconds spent by all reads.', millisecond),
  counter('writes_completed_total', 'The total number of writes completed successfully.'),
  counter('writes_merged_total', 'The number of writes merged.'),
  counter('written_bytes_total', 'The total number of bytes written successfully.', sector),
  counter(
    'write_time_seconds_total',
    'This is the total number of seconds spent by all writes.',
    millisecond,
  ),
  { name: 'io_now', type: 'gauge', unit: 1, help: 'The number of I/Os currently in progress.' },
  counter('io_time_seconds_total', 'Total seconds spent doing I/Os.', millisecond),
  counter('io_time_weighted_seconds_total', 'The weighted # of seconds spent doing I/Os.', millisecond),
]

export function diskNumbers(page: Page, lines: readonly string[]): void {
  for (const [, , device = '', ...counts] of lines.map(wordsOf)) {
    for (const [at, { name, type, unit, help }] of columns.entries())
      page.metric(`node_disk_${name}`, type, help)(scaled(Number(counts[at]), unit), { device })
  }
}

/** 1.234 and not 1.2340000000000001: the text is read by people, too. */
function scaled(count: number, unit: number): number {
  return unit < 1 ? count / Math.round(1 / unit) : count * unit
}

/** How full disks are: what `stat -f` says of each place of `/proc/mounts`. */
export function spaceNumbers(page: Page, mounts: readonly string[], disks: readonly string[]): void {
  const places = new Map(
    mounts.map((line) => {
      const [device = '', point = '', fstype = '', options = ''] = line.split(' ').map(unescaped)
      return [
        point,
        { labels: { device, fstype, mountpoint: point }, isFixed: options.split(',').includes('ro') },
      ]
    }),
  )
  for (const line of disks) {
    const [size, blocks, free, avail, files, filesFree, ...name] = line.split(' ')
    const place = places.get(name.join(' '))
    if (place === undefined) continue
    const say = (what: string, help: string, value: number): void =>
      page.metric(`node_filesystem_${what}`, 'gauge', help)(value, place.labels)
    say('size_bytes', 'Filesystem size in bytes.', Number(blocks) * Number(size))
    say('free_bytes', 'Filesystem free space in bytes.', Number(free) * Number(size))
    say('avail_bytes', 'Filesystem space available to non-root users in bytes.', Number(avail) * Number(size))
    say('files', 'Filesystem total file nodes.', Number(files))
    say('files_free', 'Filesystem total free file nodes.', Number(filesFree))
    say('readonly', 'Filesystem read-only status.', place.isFixed ? 1 : 0)
  }
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
