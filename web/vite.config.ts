import react from '@vitejs/plugin-react'
import type { UserConfig } from 'vite'
import { routesPlugin } from './routes-plugin.ts'

const web = import.meta.dirname

/** Used by the build (scripts/build-console.ts) and by `vite dev web`, which passes API calls on to a running Andon. */
export const config: UserConfig = {
  root: web,
  plugins: [react(), routesPlugin()],
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    // A hundred font slices stay files that load when a glyph is needed; inlined they would weigh on everybody.
    assetsInlineLimit: file => (file.endsWith('.woff2') ? false : undefined),
    chunkSizeWarningLimit: 1500,
    modulePreload: { polyfill: false },
  },
  html: { cspNonce: '__CSP_NONCE__' },
  server: { proxy: { '/v1': 'http://127.0.0.1:4680' } },
}

// biome-ignore lint/style/noDefaultExport: Vite reads the default export of this file
export default config
