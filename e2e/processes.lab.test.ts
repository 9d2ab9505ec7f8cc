import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { labNeeds } from '../lab/needs.ts'
import { sayOf } from './lab/host-look.ts'
import { must, openStory, type Story } from './lab/story.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

const web = 'exec node app.js'
const whole = {
  web,
  worker: { command: 'exec sleep 4711', count: 2 },
  mailer: 'exec sleep 4712',
  nightly: { command: 'true', schedule: '03:30' },
}

describe('the processes of an app', { skip, concurrency: 1 }, () => {
  let story: Story
  before(async () => {
    story = await openStory({ hosts: 1, app: { run: whole } })
  })
  after(() => story.close())

  /** What runs beside the web processes, by unit. */
  const running = async (): Promise<readonly string[]> => {
    const argv = ['systemctl', 'list-units', '--plain', '--no-legend', '--state=active', 'tandem-shop*']
    const said = await sayOf(story.lab.host('h1'), ...argv)
    return said
      .split('\n')
      .map((line) => (line.split(' ')[0] ?? '').replace('tandem-shop.production-', ''))
      .filter((unit) => !unit.startsWith('web@') && unit !== 'tandem-shop.production.service')
      .toSorted()
  }
  const files = async (): Promise<readonly string[]> => {
    const found = ['/etc/systemd/system', '/etc/systemd/system/timers.target.wants', '-maxdepth', '1']
    const said = await sayOf(
      story.lab.host('h1'),
      'find',
      ...found,
      '-name',
      'tandem-shop*',
      '-printf',
      '%f\n',
    )
    return [...new Set(said.split('\n').map((line) => line.replace('tandem-shop.production', '')))].toSorted()
  }

  test('run as the app says', async () => {
    await story.deployed()
    assert.deepEqual(await running(), [
      'mailer@a.service',
      'nightly.timer',
      'worker-2@a.service',
      'worker@a.service',
    ])
  })

  test('end with the release that had them, when the next one has them no more', async () => {
    await story.write({ app: { run: { web, worker: 'exec sleep 4711' } } })
    await story.deployed()
    assert.deepEqual(await running(), ['worker@b.service'])
    const units = ['-mailer@.service', '-web@.service', '-worker-2@.service', '-worker@.service', '.service']
    assert.deepEqual(await files(), units, 'the warm release keeps its units')
    await story.deployed()
    assert.deepEqual(await running(), ['worker@a.service'])
    assert.deepEqual(await files(), ['-web@.service', '-worker@.service', '.service'])
  })

  test('come back with the release that had them', async () => {
    must(await story.run(['revert', 'c2']))
    assert.deepEqual(await running(), [
      'mailer@b.service',
      'nightly.timer',
      'worker-2@b.service',
      'worker@b.service',
    ])
  })
})
