import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

/** The browser loads the dashboard, a chunk of its own, beside the script that asks for it, not after it. */
const preloadApp: Plugin = {
  name: 'preload-app',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle = {} }) => {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const app = chunks.filter(({ isDynamicEntry, name }) => isDynamicEntry && name === 'app')
      const needed = app.flatMap(({ fileName, imports }) => [fileName, ...imports])
      return needed
        .filter((file) => !html.includes(file))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
          injectTo: 'head',
        }))
    },
  },
}

// The hub's policy is `default-src 'self'`: nothing may be inlined, neither small pictures nor the preload script.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [preloadApp],
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
