/** Runs `work` over all items, at most `atOnce` at a time; rejects with the first rejection after all have settled. */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item)
  }
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, worker)
  const settled = await Promise.allSettled(workers)
  for (const one of settled) if (one.status === 'rejected') throw one.reason
}
