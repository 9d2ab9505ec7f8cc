import { z } from 'zod'
import { text, whole } from '../../config/values/wanted.ts'
import type { ResourceSort } from '../recipe/resource.ts'
import { fileThing, gone, plain } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import { all, alone, atLeastOne } from './rules.ts'
import { accountName, content, group, mode, oneOrMore, options, yes } from './words.ts'

const size = text("a size, such as '100M'", /^[1-9]\d{0,8}[kMG]?$/)
const paths = text("the path of a log, such as '/var/log/shop/*.log'", /^\/[^\p{Cc}\p{Co}"{}]+$/u)

const shape = options(
  {
    paths: oneOrMore(paths, "'/var/log/shop/*.log'").optional(),
    every: z.enum(['hour', 'day', 'week', 'month', 'year']).optional(),
    rotate: whole(0, 10_000, 14).optional(),
    size: size.optional(),
    maxSize: size.optional(),
    maxAge: whole(1, 36_500, 365).optional(),
    compress: yes.optional(),
    delayCompress: yes.optional(),
    missingOk: yes.optional(),
    notIfEmpty: yes.optional(),
    copyTruncate: yes.optional(),
    dateExt: yes.optional(),
    create: z
      .strictObject(
        { mode, owner: accountName, group },
        { error: "an object, such as { mode: '0640', owner: 'shop', group: 'adm' }" },
      )
      .optional(),
    as: z
      .strictObject(
        { user: accountName, group },
        { error: "an object, such as { user: 'shop', group: 'adm' }" },
      )
      .optional(),
    sharedScripts: yes.optional(),
    prerotate: content.optional(),
    postrotate: content.optional(),
    absent: yes.optional(),
  },
  "paths: '/var/log/shop/*.log', every: 'day', rotate: 14",
).superRefine(all(alone('absent'), atLeastOne(['paths'], "'/var/log/shop/*.log'", 'absent')))

type Options = z.output<typeof shape>

/** Keeps logs from filling the disk: a file of logrotate, which reads it once a day by itself. */
export const logRotation: ResourceSort<Options> = {
  type: 'logRotation',
  // Logrotate passes over files with some endings, without a word.
  name: text("letters, digits, dashes and underscores, such as 'shop'", /^[A-Za-z0-9_-]{1,100}$/),
  options: shape,
  lower({ name, options: written }) {
    const path = `/etc/logrotate.d/${name}`
    if (written.absent === true) return Promise.resolve([pathThing(path, gone)])
    const check = ['sh', '-euc', refuse, 'tandem', '%']
    return Promise.resolve([fileThing({ path, content: plain(textOf(written)), check })])
  },
}

// In a trial run it says what is wrong with a line and, in older versions, ends with 0 all the same. A log that is not
// there yet is no mistake of the file.
const refuse = `command -v logrotate >/dev/null || { echo "logrotate is not installed; add apt('logrotate') before this" >&2; exit 1; }
if logrotate -d "$1" 2>&1 | grep -E '^error: .*:[0-9]+ ' >&2; then exit 1; fi`

const periods = { hour: 'hourly', day: 'daily', week: 'weekly', month: 'monthly', year: 'yearly' }

function textOf(written: Options): string {
  const lines = [...countsOf(written), ...manners(written), ...scripts(written)]
  const head = (written.paths ?? []).map((path) => (/[\s']/.test(path) ? `"${path}"` : path)).join('\n')
  return `# Written by tandem from a recipe.\n${head} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`
}

function countsOf({ every = 'week', rotate = 4, size, maxSize, maxAge }: Options): readonly string[] {
  return [
    size === undefined ? periods[every] : `size ${size}`,
    `rotate ${rotate}`,
    ...(maxSize === undefined ? [] : [`maxsize ${maxSize}`]),
    ...(maxAge === undefined ? [] : [`maxage ${maxAge}`]),
  ]
}

function manners(written: Options): readonly string[] {
  const { compress = true, delayCompress = compress, missingOk = true, notIfEmpty = true } = written
  const { copyTruncate = false, dateExt = false, sharedScripts = true, create, as } = written
  const when = (is: boolean, word: string) => (is ? [word] : [])
  return [
    ...(as === undefined ? [] : [`su ${as.user} ${as.group}`]),
    ...(create === undefined
      ? []
      : [`create ${create.mode.toString(8).padStart(4, '0')} ${create.owner} ${create.group}`]),
    compress ? 'compress' : 'nocompress',
    ...when(delayCompress, 'delaycompress'),
    missingOk ? 'missingok' : 'nomissingok',
    notIfEmpty ? 'notifempty' : 'ifempty',
    ...when(copyTruncate, 'copytruncate'),
    ...when(dateExt, 'dateext'),
    ...when(sharedScripts, 'sharedscripts'),
  ]
}

function scripts({ prerotate, postrotate }: Options): readonly string[] {
  const script = (word: string, text: string | undefined) =>
    text === undefined
      ? []
      : [
          word,
          ...text
            .trimEnd()
            .split('\n')
            .map((line) => `  ${line}`),
          'endscript',
        ]
  return [...script('prerotate', prerotate), ...script('postrotate', postrotate)]
}
