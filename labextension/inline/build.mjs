// Bundles the front end of the live view into the Python package, where the widget reads it.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url);

await build({
  entryPoints: [fileURLToPath(new URL('live.ts', here))],
  outdir: fileURLToPath(new URL('../../amlflow_jupyter/widgets/static/', here)),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  logLevel: 'info'
});
