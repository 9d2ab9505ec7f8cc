/** How many questions may be under way. */
const slots = 1024

/**
 * Who no longer waits for an answer: a place for each question, in memory that both sides share, as whoever computes an
 * answer cannot be told in another way. It is shared once, because to share some anew costs more than a short question.
 */
export class Leaving {
  readonly marks = new Int32Array(new SharedArrayBuffer(4 * slots))
  readonly #free = Array.from({ length: slots }, (_, at) => at)

  /** A place for a question; null when there is none. */
  enter(): number | null {
    const place = this.#free.pop() ?? null
    if (place !== null) Atomics.store(this.marks, place, 0)
    return place
  }

  leave(place: number): void {
    Atomics.store(this.marks, place, 1)
  }

  /** Nobody asks about this place any more. */
  end(place: number): void {
    this.#free.push(place)
  }
}

/** Whether whoever asked has left. */
export function hasLeft(marks: Int32Array, place: number): boolean {
  return Atomics.load(marks, place) !== 0
}
