import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cron } from './cron.ts'
import { cronMistake } from './cron-schedule.ts'
import { complaints, lowered, readable, textAt, tryWorld } from './try-sort.ts'

test('a schedule is a file of its own that cron reads', async () => {
  const things = await lowered(cron, 'report', {
    schedule: '30  3 * * mon-fri',
    command: 'date +%F >>/var/log/report',
    user: 'shop',
    env: { MAILTO: '', SHELL: '/bin/bash', GREETING: 'good "day"', NAME: 'a b' },
  })
  const text = `# Written by tandem from a recipe.
MAILTO=""
SHELL=/bin/bash
GREETING='good "day"'
NAME="a b"
30 3 * * mon-fri shop date +\\%F >>/var/log/report
`
  assert.deepEqual(things.map(readable), [
    {
      type: 'path',
      key: 'path /etc/cron.d/report',
      path: '/etc/cron.d/report',
      want: { type: 'file', mode: 0o644, owner: 'root', group: 'root', text, secrets: [] },
      check: null,
      owes: [],
      lockout: null,
    },
  ])
  const [gone] = await lowered(cron, 'report', { absent: true })
  assert.ok(gone?.type === 'path' && gone.want.type === 'absent')
})

test('a secret in a schedule closes its file to others', async () => {
  const options = { schedule: '@daily', command: 'true', env: { TOKEN: '{T}' } }
  const things = await lowered(cron, 'a', options, tryWorld({}, { T: 'hush' }))
  assert.match(textAt(things, '/etc/cron.d/a'), /^TOKEN=hush$/m)
  const [file] = things
  assert.ok(file?.type === 'path' && file.want.type === 'file' && file.want.mode === 0o600)
})

test('what cron would not take is told with what it takes', () => {
  const table: Readonly<Record<string, string | null>> = {
    '* * * * *': null,
    '*/5 0-23/2 1,15 jan-mar 7': null,
    '0 0 * * SUN': null,
    '@reboot': null,
    '@dayly': 'known words: @reboot, @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually',
    '* * * *': 'write five fields: minute, hour, day of the month, month, day of the week',
    '60 * * * *': 'the minute goes from 0 to 59',
    '0 24 * * *': 'the hour goes from 0 to 23',
    '0 0 0 * *': 'the day of the month goes from 1 to 31',
    '0 0 1 13 *': 'the month goes from 1 to 12',
    '0 0 * * 8': 'the day of the week goes from 0 to 7',
    '0 0 * * fri-mon': 'the day of the week goes from 0 to 7',
    '5/2 * * * *': 'the minute goes from 0 to 59',
  }
  for (const [written, mistake] of Object.entries(table)) assert.equal(cronMistake(written), mistake, written)
})

test('a schedule without its parts, or with a name that cron passes over, is refused', () => {
  assert.deepEqual(complaints(cron, 'report.daily', { schedule: '0 25 * * *' }), [
    "cron.name is 'report.daily' but must be letters, digits, dashes and underscores, such as 'report'; write one like that",
    "cron.schedule is '0 25 * * *' but must be a schedule of cron, such as '30 3 * * 1-5' or '@daily'; the hour goes from 0 to 23",
  ])
  assert.deepEqual(complaints(cron, 'report', { schedule: '@daily', command: 'a\nb' }), [
    "cron.command is 'a\nb' but must be one line of text, such as 'DenyUsers guest'; write one like that",
  ])
  assert.deepEqual(complaints(cron, 'report', {}), [
    "cron has no 'schedule'; add schedule: '@daily'",
    "cron has no 'command'; add command: '/usr/bin/report'",
  ])
})
