import type { Message, Model } from './model.ts'
import { reduce } from './reduce.ts'

/** Holds the model of one page; whoever draws it subscribes. */
export type Store = Readonly<{
  read: () => Model
  tell: (message: Message) => void
  subscribe: (listener: () => void) => () => void
}>

export function makeStore(start: Model): Store {
  let model = start
  const listeners = new Set<() => void>()
  return {
    read: () => model,
    tell: (message) => {
      const next = reduce(model, message)
      if (next === model) return
      model = next
      for (const listener of listeners) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
