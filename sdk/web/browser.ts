/** The parts of a browser that are used, each of which may be missing: in tests, in workers, or because it is forbidden. */
type Browser = Readonly<{
  localStorage?: Readonly<{
    getItem: (key: string) => string | null
    setItem: (key: string, value: string) => void
  }>
  document?: Readonly<{
    visibilityState: 'visible' | 'hidden'
    addEventListener: (type: 'visibilitychange', listener: () => void) => void
    removeEventListener: (type: 'visibilitychange', listener: () => void) => void
  }>
  EventSource?: new (url: string) => EventStream
}>

/** What is used of an `EventSource`. */
export type EventStream = {
  onopen: (() => void) | null
  onmessage: ((event: Readonly<{ data: unknown }>) => void) | null
  onerror: (() => void) | null
  readonly readyState: number
  close: () => void
}

const browser = globalThis as unknown as Browser

/** What is kept under a name; null where nothing is, or nothing may be. */
export function recall(name: string): unknown {
  try {
    return JSON.parse(browser.localStorage?.getItem(name) ?? 'null')
  } catch {
    return null
  }
}

/** Keeps a value, where that is allowed and there is room. */
export function keep(name: string, value: unknown): void {
  try {
    browser.localStorage?.setItem(name, JSON.stringify(value))
  } catch {
    // Private windows and full stores forget; the next visit asks the hub first.
  }
}

export function openEvents(url: string): EventStream | null {
  return browser.EventSource === undefined ? null : new browser.EventSource(url)
}

export function isHidden(): boolean {
  return browser.document?.visibilityState === 'hidden'
}

/** Has `listener` told when the page is shown or hidden; calling what is returned ends it. */
export function onVisibility(listener: () => void): () => void {
  browser.document?.addEventListener('visibilitychange', listener)
  return () => browser.document?.removeEventListener('visibilitychange', listener)
}
