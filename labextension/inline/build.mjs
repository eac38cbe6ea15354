// Bundles the front ends of the widgets into the Python package, where they are read.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url);

await build({
  entryPoints: ['chooser.ts', 'live.ts'].map(name =>
    fileURLToPath(new URL(name, here))
  ),
  outdir: fileURLToPath(new URL('../../amlflow_jupyter/widgets/static/', here)),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  logLevel: 'info'
});
