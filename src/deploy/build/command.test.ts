import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOneProgram } from './command.ts'

const commands: readonly (readonly [string, boolean])[] = [
  ['node server.js', true],
  ['  ./start --port "$PORT" \'a b\'', true],
  ['npm run start', true],
  ['node a.js && node b.js', false],
  ['node a.js; node b.js', false],
  ['node a.js | tee log', false],
  ['NODE_ENV=production node a.js', false],
  ['cd dist', false],
  ['exec node a.js', false],
  ['if true', false],
  ['node $(cat which)', false],
  ['', false],
]

test('one program is told from a line of shell', () => {
  for (const [command, is] of commands) assert.equal(isOneProgram(command), is, command)
})
