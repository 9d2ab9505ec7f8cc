import assert from 'node:assert/strict'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { LabHost } from '../../../lab/host.ts'
import { type Lab, openLab } from '../../../lab/lab.ts'
import { labNeeds } from '../../../lab/needs.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

/** What stands in for a hub: it gives a job to a supervisor, and goes on. */
const hub = `
import { tryJob } from '/opt/tandem/src/ci/supervisor/try-job.ts'
const [, , folder] = process.argv
const job = await tryJob('echo begun; sleep 5; exit 7', { folder, limits: { keepFreeBytes: 0 } })
await job.start()
setInterval(() => undefined, 1000)
`

describe('supervisors on a machine with systemd', { skip, concurrency: 1 }, () => {
  let lab: Lab
  let host: LabHost
  before(async () => {
    lab = await openLab({ hosts: 1, packages: ['bubblewrap'] })
    host = lab.host('h1')
    const place = join(host.root, 'opt/tandem')
    mkdirSync(place, { recursive: true })
    cpSync(join(import.meta.dirname, '../..'), join(place, 'src'), { recursive: true })
    cpSync(process.execPath, join(place, 'node'))
    writeFileSync(join(place, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(place, 'hub.ts'), hub)
  })
  after(() => lab.close())

  const asks = async (script: string): Promise<string> =>
    (await host.exec(['sh', '-c', script])).stdout.trim()

  async function until(script: string): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      if ((await host.exec(['sh', '-c', script])).code === 0) return
      await pause(100)
    }
    assert.fail(`not in time: ${script}\n${await asks('journalctl --no-pager -n 20')}`)
  }

  /** A hub in a unit of its own, which is stopped while its job runs. */
  async function stopHub(name: string, command: string): Promise<string> {
    const folder = `/root/${name}`
    await host.exec(['mkdir', '-p', folder])
    const unit = `systemd-run --quiet --unit=${name} -- ${command} /opt/tandem/hub.ts ${folder}`
    assert.equal((await host.exec(['sh', '-c', unit])).code, 0)
    await until(`grep -q begun ${folder}/log`)
    await host.exec(['systemctl', 'stop', name])
    assert.equal(await asks(`systemctl is-active ${name}`), 'inactive')
    return folder
  }

  test('a job goes on when the unit of its hub is stopped, and says how it ended', async () => {
    const folder = await stopHub('scoped', '/opt/tandem/node')
    const pid = (await asks(`cat ${folder}/pid`)).split(' ')[0]
    assert.match(await asks(`cat /proc/${pid}/cgroup`), /\/run-[^/]+\.scope/)
    await until(`test -e ${folder}/end`)
    const end: unknown = JSON.parse(await asks(`cat ${folder}/end`))
    assert.partialDeepStrictEqual(end, { why: 'exited', code: 7 })
    await until(`! systemctl list-units --type=scope --no-legend | grep -q run-`)
  })

  test('without a scope it would go with the hub', async () => {
    const folder = await stopHub('bare', '/usr/bin/env -u INVOCATION_ID /opt/tandem/node')
    const pid = (await asks(`cat ${folder}/pid`)).split(' ')[0]
    await until(`! test -e /proc/${pid}`)
    // What ends the unit may end the job a moment before its supervisor, which then still writes down how.
    assert.notEqual(await asks(`grep -c '"code":7' ${folder}/end`), '1')
  })
})
