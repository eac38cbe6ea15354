// Loads a module of the live view, which is only ever bundled.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export async function inline(name) {
  const file = new URL(`../inline/${name}.ts`, import.meta.url);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(file)],
    bundle: true,
    format: 'esm',
    write: false
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}
