import { MemorySource } from './memory-source.ts'
import { sourceConformance } from './conformance.ts'

sourceConformance('in memory', async (series) => {
  const source = new MemorySource()
  for (const { labels, samples } of series) source.write(labels, samples)
  return { source, close: async () => {} }
})
