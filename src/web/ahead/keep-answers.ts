import type { Json } from '../../change/json.ts'

export type Ask = <T>(method: string, path: string, body?: Json, signal?: AbortSignal) => Promise<T>

/** What was asked ahead is wanted in a moment or never; later it would be old news. */
const keptMs = 30_000

type Kept = Readonly<{ answer: Promise<unknown>; at: number }>

/**
 * Two ways to ask: `ahead` for who knows what will be wanted, `ask` for who wants it. The first one who asks what was asked
 * ahead is given that answer, or waits for it; whoever comes second, or late, or after a refusal asks anew.
 */
export function keepAnswers(ask: Ask, now: () => number): Readonly<{ ask: Ask; ahead: Ask }> {
  const kept = new Map<string, Kept>()
  return {
    ahead: (method, path, body, signal) => {
      const answer = ask<never>(method, path, body, signal)
      kept.set(path, { answer, at: now() })
      answer.catch(() => kept.delete(path))
      return answer
    },
    ask: (method, path, body, signal) => {
      const begun = method === 'GET' ? kept.get(path) : undefined
      if (begun === undefined) return ask(method, path, body, signal)
      kept.delete(path)
      // Whoever asks for this path, now or ahead, expects the same of it.
      return now() - begun.at > keptMs ? ask(method, path, body, signal) : (begun.answer as Promise<never>)
    },
  }
}
