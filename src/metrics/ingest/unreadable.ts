/** A body that is not what its protocol says: whoever sent it has to mend it, and nothing of it was taken. */
export class Unreadable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Unreadable'
  }
}
