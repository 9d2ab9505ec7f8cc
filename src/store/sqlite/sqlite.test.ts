import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testStore } from '../conformance/conformance.ts'
import { openStore } from '../open.ts'

testStore('sqlite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-store-'))
  return { open: () => openStore(folder), remove: () => rm(folder, { recursive: true }) }
})
