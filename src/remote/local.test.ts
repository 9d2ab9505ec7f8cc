import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { remoteConformance } from './conformance.ts'
import { openRemote } from './open.ts'

remoteConformance('this machine', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem local '))
  const root = join(folder, "it's here")
  return {
    host: { name: 'here', via: { kind: 'local', root } },
    root,
    open: (dial) =>
      openRemote({ stateDir: join(folder, 'state'), sudoPassword: async () => '', ...(dial && { dial }) }),
    close: () => rm(folder, { recursive: true, force: true }),
  }
})
