import type { DriftCause } from '../../api/wire/wire.ts'

/** A cause in one sentence, for who has not learnt the words yet. */
export function causeWords(cause: DriftCause): string {
  switch (cause) {
    case 'host moved':
      return 'something on the host altered it since the last apply'
    case 'recipe moved':
      return 'the recipe says something new that was not applied yet'
    case 'both moved':
      return 'the recipe says something new, and the host was altered as well'
  }
}
