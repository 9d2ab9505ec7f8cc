import { Children } from './child.ts'
import { isGood, notesOf, type Outcome, table, verdict } from './test/outcome.ts'
import { type Part, parts } from './test/parts.ts'

const wholeLimitMs = 25 * 60_000

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !parts.some((part) => part.name === name))
if (unknown.length > 0) {
  console.error(
    `no part is called ${unknown.join(', ')}; there are ${parts.map(({ name }) => name).join(', ')}`,
  )
  process.exitCode = 2
} else {
  process.exitCode = await run(asked.length === 0 ? parts : parts.filter(({ name }) => asked.includes(name)))
}

/** Runs the parts one after the other and tells what they came to. The last line is the verdict, alone. */
async function run(chosen: readonly Part[]): Promise<number> {
  const children = new Children()
  const outcomes: Outcome[] = []
  let stopped = ''
  const stop = (why: string) => {
    if (stopped === '') console.log(`\n${why}: stopping what runs`)
    stopped ||= why
    children.stop()
  }
  // npm passes a Ctrl-C on that we have also had from the terminal: the second one changes nothing.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal))
  const limit = setTimeout(() => stop(`not done after ${wholeLimitMs / 60_000} minutes`), wholeLimitMs)
  for (const part of chosen) {
    if (stopped !== '') break
    console.log(`\n── ${part.name}`)
    outcomes.push(await part.run({ root: process.cwd(), children, say: (text) => console.log(text) }))
  }
  clearTimeout(limit)
  report(outcomes, chosen, stopped)
  if (stopped !== '') return 130
  return isGood(outcomes) ? 0 : 1
}

function report(outcomes: readonly Outcome[], chosen: readonly Part[], stopped: string): void {
  const notes = notesOf(outcomes)
  const omitted = parts.filter((part) => !chosen.includes(part)).map(({ name }) => name)
  console.log(`\n${table(outcomes)}\n`)
  if (notes !== '') console.log(`${notes}\n`)
  if (omitted.length > 0) console.log(`only what was asked for ran; not run: ${omitted.join(', ')}\n`)
  if (stopped !== '')
    console.log(`stopped before the end (${stopped}): the verdict counts what ran till then\n`)
  console.log(verdict(outcomes))
}
