import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { cloneBySsh, sshAddress } from './ssh-address.ts'
import { sshDir, sshDoor } from './ssh-door.ts'

test('an address by SSH is told once sshd was told of the door, with its port', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-ssh-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  const [state, etc, url] = [join(dir, 'state'), join(dir, 'etc'), 'https://tandem.example.org']
  const told = async (hubUrl: string | null = url): Promise<string | null> => {
    const address = await sshAddress(state, hubUrl, etc)
    return address === null ? null : cloneBySsh(address, 'shop')
  }
  assert.equal(await told(), null)
  await sshDoor(state).open()
  await mkdir(join(etc, 'sshd_config.d'), { recursive: true })
  await writeFile(join(etc, 'sshd_config'), 'Include /etc/ssh/sshd_config.d/*.conf\n#Port 22\n')
  assert.equal(await told(), null, 'the piece lies there, and sshd was not told')
  const piece = await readFile(join(sshDir(state), 'sshd.conf'), 'utf8')
  await writeFile(join(etc, 'sshd_config.d/tandem.conf'), piece)
  const { username } = userInfo()
  assert.equal(await told(), `${username}@tandem.example.org:shop.git`)
  await writeFile(join(etc, 'sshd_config'), 'Port 2222\n')
  assert.equal(await told(), `ssh://${username}@tandem.example.org:2222/shop.git`)
  assert.equal(await told(null), null)
})
