import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vitest/config'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig({
  plugins: [
    vue(),
    // Only the library's components that a page uses come along, with their styles.
    components({ dts: 'src/components.d.ts', dirs: [], resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
  ],
  resolve: { alias: { '@': path('./src'), '@shared': path('../shared'), vitest: path('./node_modules/vitest') } },
  build: { target: 'es2022', manifest: true, chunkSizeWarningLimit: 400 },
  server: {
    port: 5173,
    fs: { allow: ['..'] },
    proxy: { '/api': process.env.BEIAN_URL ?? 'http://127.0.0.1:8080' },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts', '../shared/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
})
