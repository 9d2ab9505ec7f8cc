import { openHubKey } from '../../ci/provenance/hub-key.ts'
import { openShelf, type Shelf } from '../../ci/provenance/shelf.ts'

/** The key is made when the first release is signed, and not by those who only look. */
export function shelfIn(stateDir: string): () => Promise<Shelf> {
  let shelf: Promise<Shelf> | null = null
  return () => (shelf ??= openHubKey(stateDir).then((key) => openShelf(stateDir, key)))
}
