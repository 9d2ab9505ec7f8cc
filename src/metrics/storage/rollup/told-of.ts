import type { RolledPart } from './plan.ts'

/** From when on there are samples, and from when on summaries of minutes. */
export type Since = Readonly<{ samplesMs: number; minutesMs: number }>

/** What people should know of an answer for which summaries were read, as their samples are gone. */
export function toldOf({ level, spans }: RolledPart, { samplesMs, minutesMs }: Since): string {
  const endMs = Math.max(...spans.map(({ toMs }) => toMs + 1))
  const sinceMs = level === 'minutes' ? samplesMs : Math.min(minutesMs, samplesMs)
  const until = new Date(Number.isFinite(sinceMs) ? Math.max(sinceMs, endMs) : endMs)
  return `samples before ${until.toISOString().replace('.000Z', 'Z')} are gone: summaries of ${level} answer in their place`
}
