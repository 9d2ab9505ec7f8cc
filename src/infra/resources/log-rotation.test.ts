import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logRotation } from './log-rotation.ts'
import { complaints, lowered, textAt } from './try-sort.ts'

const path = '/etc/logrotate.d/shop'

test('logs are rotated weekly, four are kept, and what is missing is no mistake', async () => {
  const things = await lowered(logRotation, 'shop', { paths: '/var/log/shop/*.log' })
  assert.equal(
    textAt(things, path),
    `# Written by tandem from a recipe.
/var/log/shop/*.log {
  weekly
  rotate 4
  compress
  delaycompress
  missingok
  notifempty
  sharedscripts
}
`,
  )
  const [file] = things
  assert.ok(file?.type === 'path' && file.check?.at(-1) === '%')
})

test('each option has its word', async () => {
  const things = await lowered(logRotation, 'shop', {
    paths: ['/var/log/shop/a.log', '/var/log/my shop/b.log'],
    rotate: 14,
    size: '100M',
    maxSize: '1G',
    maxAge: 365,
    compress: false,
    missingOk: false,
    notIfEmpty: false,
    copyTruncate: true,
    dateExt: true,
    create: { mode: '0640', owner: 'shop', group: 'adm' },
    as: { user: 'shop', group: 'shop' },
    sharedScripts: false,
    prerotate: 'test -d /srv\n',
    postrotate: 'if true; then\n  systemctl kill -s HUP shop\nfi',
  })
  assert.equal(
    textAt(things, path),
    `# Written by tandem from a recipe.
/var/log/shop/a.log
"/var/log/my shop/b.log" {
  size 100M
  rotate 14
  maxsize 1G
  maxage 365
  su shop shop
  create 0640 shop adm
  nocompress
  nomissingok
  ifempty
  copytruncate
  dateext
  prerotate
    test -d /srv
  endscript
  postrotate
    if true; then
      systemctl kill -s HUP shop
    fi
  endscript
}
`,
  )
})

test('a rotation of nothing, or in a rhythm that is none, is refused', () => {
  assert.deepEqual(complaints(logRotation, 'shop.conf', { every: 'dayly', paths: 'shop.log' }), [
    "logRotation.name is 'shop.conf' but must be letters, digits, dashes and underscores, such as 'shop'; write one like that",
    "logRotation.paths is 'shop.log' but must be the path of a log, such as '/var/log/shop/*.log'; write one like that",
    "logRotation.every is 'dayly' but must be 'hour', 'day', 'week', 'month' or 'year'; write one like that",
  ])
  assert.deepEqual(complaints(logRotation, 'shop', {}), [
    "logRotation has no 'paths'; add paths: '/var/log/shop/*.log'",
  ])
})
