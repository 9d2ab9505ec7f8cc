import type { Ending, Run } from './remote.ts'

/** Everything a program printed (masked, bounded) and how it ended. Rejects when it could not be started. */
export async function runToEnd(run: Run): Promise<{ lines: string[]; ending: Ending }> {
  const lines: string[] = []
  for await (const line of run.lines) lines.push(line)
  return { lines, ending: await run.ending }
}
