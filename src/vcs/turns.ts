export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>

/** What is done under the same key is done one after the other, in the order in which it was asked for. */
export function makeTurns(): InTurn {
  const turns = new Map<string, Promise<unknown>>()
  return (key, work) => {
    const turn = (turns.get(key) ?? Promise.resolve()).then(work)
    const settled = turn.catch(() => undefined)
    turns.set(key, settled)
    return turn
  }
}
