import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/cli/main.ts', 'src/index.ts', 'src/onnx/index.ts', 'src/attacks/index.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node20',
  unbundle: true,
  dts: true,
  clean: true,
})
