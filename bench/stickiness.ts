import type { Random } from '../lab/random.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom, sourceOf } from './lib/words.ts'
import { type Evaluator, inChromium, inNode, inPython, type Questions } from './stickiness/evaluators.ts'
import { drawSequence, type Sequence } from './stickiness/sequences.ts'

const sequencesAtOnce = 20
const edits = 4

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), { sequences: 500, keys: 1_000_000, seed: 0 })
  const random = sourceOf(asked.seed)
  const keysEach = Math.ceil(asked.keys / asked.sequences)
  const others = [await inChromium(), inPython]
  console.log(load())
  let [sequences, keys, given, disagreements, dropped] = [0, 0, 0, 0, 0]
  try {
    while (sequences < asked.sequences) {
      const count = Math.min(sequencesAtOnce, asked.sequences - sequences)
      const drawn = drawMany(random, count, keysEach)
      const questions = questionsOf(drawn)
      const answers = await inNode.answer(questions)
      for (const other of others) disagreements += await differences(other, questions, answers)
      const { moved, lost } = judge(drawn, answers)
      disagreements += moved
      dropped += lost
      sequences += count
      keys += count * keysEach
      given += answers.filter(Boolean).length
    }
  } finally {
    for (const { close } of others) await close()
  }
  // Where nobody or everybody is reached, all would agree.
  const reached = given / (keys * (edits + 1))
  if (reached < 0.2 || reached > 0.8) throw new Error(`${reached} of all answers were yes`)
  console.log(
    table([
      ['sequences', 'keys', 'answers each', 'yes'],
      [sequences, keys, keys * (edits + 1), given],
    ]),
  )
  console.log(load())
  console.log(JSON.stringify({ sequences, keys, disagreements, dropped_on_grow: dropped }))
}

function drawMany(random: Random, count: number, keys: number): readonly Sequence[] {
  return Array.from({ length: count }, () => drawSequence(random, edits, keys))
}

/** Each state of each sequence is a flag, and is asked about all keys of its sequence, in this order. */
function questionsOf(drawn: readonly Sequence[]): Questions {
  const states = drawn.flatMap(({ states: all, keys }, at) =>
    all.map(({ flag }, edit) => ({ name: `f${at}-${edit}`, flag, keys })),
  )
  return {
    flags: Object.fromEntries(states.map(({ name, flag }) => [name, flag])),
    asked: states.flatMap(({ name, keys }) => keys.map((key) => [name, key] as const)),
  }
}

async function differences(
  { name, answer }: Evaluator,
  questions: Questions,
  expected: readonly boolean[],
): Promise<number> {
  const found = await answer(questions)
  if (found.length !== expected.length)
    throw new Error(`${name} answered ${found.length} of ${expected.length}`)
  const different = expected.flatMap((yes, at) => (found[at] === yes ? [] : [at]))
  for (const at of different.slice(0, 5)) {
    const [flag = '', key] = questions.asked[at] ?? []
    console.log(`${name} differs: ${JSON.stringify([key, questions.flags[flag]])}`)
  }
  return different.length
}

/** Who was dropped while the share did not shrink, and who differs where it is what it was before. */
function judge(
  drawn: readonly Sequence[],
  answers: readonly boolean[],
): Readonly<{ moved: number; lost: number }> {
  let [moved, lost, at] = [0, 0, 0]
  for (const { states, keys } of drawn) {
    const seen = states.map(({ share }, edit) => ({
      share,
      yes: answers.slice(at + edit * keys.length, at + (edit + 1) * keys.length),
    }))
    at += states.length * keys.length
    seen.forEach(({ share, yes }, edit) => {
      for (const before of seen.slice(0, edit)) {
        const gone = before.yes.filter((had, key) => had && yes[key] !== true).length
        const come = before.yes.filter((had, key) => !had && yes[key] === true).length
        if (share >= before.share) lost += gone
        if (share === before.share) moved += come
        if (share < before.share) moved += come
      }
    })
  }
  return { moved, lost }
}

if (import.meta.main) await main()
