import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome } from '../../src/store/runs.ts'

type Expected = Readonly<{ script: string; outcome: Outcome }>

/** Jobs whose end is known. Each says once that it has begun. */
export const expected: Readonly<Record<string, Expected>> = {
  build: {
    script: '# tandem: output dist\necho begun; mkdir dist; echo made > dist/made',
    outcome: 'passed',
  },
  good: { script: '# tandem: needs build\necho begun; sleep 0.4; cat dist/made', outcome: 'passed' },
  bad: { script: '# tandem: retry never\necho begun; sleep 0.2; exit 5', outcome: 'failed' },
  after: { script: '# tandem: needs bad\necho begun', outcome: 'skipped' },
}

export async function writeJobs(folder: string): Promise<void> {
  await mkdir(join(folder, 'ci'), { recursive: true })
  for (const [name, { script }] of Object.entries(expected)) {
    const file = join(folder, 'ci', name)
    await writeFile(file, `#!/bin/sh\n${script}\n`)
    await chmod(file, 0o755)
  }
}
