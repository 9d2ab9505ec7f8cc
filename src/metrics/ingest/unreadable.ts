/** A body that is not what its protocol says: whoever sent it has to mend it, and nothing of it was taken. */
export class Unreadable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Unreadable'
  }
}

/** What was sent is more than may be; `length` where it was announced. */
export class TooLong extends Unreadable {
  constructor(length: number | null, limitBytes: number) {
    const long = length === null ? 'longer than that' : `${length} bytes long`
    super(`${limitBytes} bytes are allowed, and the content would be ${long}`)
    this.name = 'TooLong'
  }
}
