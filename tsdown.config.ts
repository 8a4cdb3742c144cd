import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: [
    'src/cli/main.ts',
    'src/index.ts',
    'src/{attacks,data,evidence,onnx,stats}/index.ts',
    'src/{defenses,evidence,screening,training}/**/index.ts',
  ],
  format: 'esm',
  platform: 'node',
  target: 'node20',
  unbundle: true,
  dts: true,
  clean: true,
})
