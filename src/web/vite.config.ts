import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// The hub's policy is `default-src 'self'`: nothing may be inlined, neither small pictures nor the preload script.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fileURLToPath(new URL('../../build/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': process.env['TANDEM_HUB'] ?? 'http://127.0.0.1:7700' } },
})
