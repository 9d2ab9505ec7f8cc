/**
 * How many bytes an answer allocates, in a process of its own whose young generation is never full meanwhile. Prints a
 * number, and one for the same loop where each answer makes an object, so that the measure is seen to tell.
 */
import { flagKeys, makePeople, openTandem } from './work.ts'

const people = makePeople()
const tandem = openTandem(people)
const rounds = 300
let kept: object | null = null

function ask(times: number, isWasteful: boolean): number {
  let given = 0
  for (let each = 0; each < times * people.length; each += 1)
    for (let key = 0; key < flagKeys.length; key += 1) {
      const answer = tandem.ask(flagKeys[key] ?? 'static', each % people.length)
      if (answer) given += 1
      if (isWasteful) kept = { answer }
    }
  return given
}

function bytes(isWasteful: boolean): number {
  ask(100, isWasteful)
  const before = process.memoryUsage().heapUsed
  const given = ask(rounds, isWasteful)
  const used = process.memoryUsage().heapUsed - before
  if (given === 0) throw new Error('nobody was given anything')
  return used / (rounds * people.length * flagKeys.length)
}

const answer = bytes(false)
const waste = bytes(true)
process.stdout.write(JSON.stringify({ answer, waste, kept: kept !== null }))
