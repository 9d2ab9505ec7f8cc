import { gzipSync } from 'node:zlib'
import { build } from 'vite'

/** One module as a page would load it, small, and without OpenFeature's own code. For tests; not part of the package. */
export async function bundled(entry: string): Promise<Readonly<{ code: string; gzipBytes: number }>> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      lib: { entry, formats: ['es'], fileName: 'bundle' },
      rollupOptions: { external: [/^@openfeature\//] },
    },
  })
  const [first] = Array.isArray(built) ? built : [built]
  if (first === undefined || !('output' in first)) throw new Error('vite built nothing')
  const { code } = first.output[0]
  return { code, gzipBytes: gzipSync(code, { level: 9 }).length }
}
