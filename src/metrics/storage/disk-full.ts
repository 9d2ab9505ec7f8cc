/** There is no room for what was to be written: nothing of it was, and it may be tried again when there is some. */
export class DiskFull extends Error {
  readonly code = 'ENOSPC'

  constructor(path: string, cause: unknown) {
    super(`no room is left on the disk that has ${path}; nothing more is taken until there is some`, {
      cause,
    })
    this.name = 'DiskFull'
  }
}

export function isFull(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT')
}
