import { setPriority } from 'node:os'

/** What nobody waits for at a keyboard lets everything else of the machine go first. */
const niceness = 10

/**
 * Everything that this process begins from now on gives way to the hub where both want a processor. The kernel takes the
 * weight of reading and writing from it as well, where a disk has a scheduler that knows weights.
 */
export function giveWay(): void {
  try {
    setPriority(niceness)
  } catch {
    // Whoever is nicer already may not be so less: then nothing needs to be done.
  }
}
