import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { measure } from '../../try-measure.ts'
import { runScript } from './run.ts'

/** Runs the test scripts of Prometheus 2.42, says what went wrong, and ends with how many passed. */
const { path: folder, missing } = measure('promql-2.42')
const say = (line: string): boolean => process.stdout.write(`${line}\n`)

if (missing !== null) {
  say(`${missing}: lay the scripts of Prometheus 2.42 there, from promql/testdata of its tag v2.42.0`)
  process.exit(1)
}

let passed = 0
let failed = 0
for (const file of globSync('*.test', { cwd: folder }).toSorted()) {
  const outcomes = await runScript(readFileSync(join(folder, file), 'utf8'))
  for (const { line, query, fault } of outcomes)
    if (fault !== null) say(`${basename(file)}:${line}: ${query}\n    ${fault}`)
  const wrong = outcomes.filter(({ fault }) => fault !== null).length
  say(`${file}: ${outcomes.length - wrong} of ${outcomes.length}`)
  passed += outcomes.length - wrong
  failed += wrong
}
say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
