import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One page a build, named by the mode: what only the other one needs of a shared module is not in its bundle. Paths are
 *  relative to the `<base>` that the API writes into each page, so the same build works below any path. */
export default defineConfig(({ mode: page }) => ({
  root: here('.'),
  base: './',
  plugins: [react(), firstLoad(page), compressed()],
  // Two patch versions of these are installed, of which a page needs one.
  resolve: {
    dedupe: ['intl-messageformat', '@formatjs/icu-messageformat-parser', '@formatjs/icu-skeleton-parser'],
  },
  build: {
    outDir: here('../dist/web'),
    // Both pages go into one folder, which is a new one.
    emptyOutDir: false,
    target: 'es2023',
    rolldownOptions: { input: here(`${page}.html`) },
  },
}));

/** Says how much script a page loads before it can be used, and which files, for the test that bounds it. */
function firstLoad(page: string): Plugin {
  return {
    name: 'first-load',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
      const files = new Set<string>();
      const add = (fileName: string) => {
        if (files.has(fileName)) return;
        files.add(fileName);
        for (const imported of chunks.find((chunk) => chunk.fileName === fileName)?.imports ?? [])
          add(imported);
      };
      for (const { fileName, isEntry } of chunks) if (isEntry) add(fileName);
      const scripts = chunks.filter(({ fileName }) => files.has(fileName));
      const gzippedBytes = scripts.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
      console.log(
        `first load of the ${page} page: ${(gzippedBytes / 1_000).toFixed(1)} kB of script gzipped`,
      );
      const source = JSON.stringify({ files: [...files], gzippedBytes });
      this.emitFile({ type: 'asset', fileName: `${page}.first-load.json`, source });
    },
  };
}

/** Compresses once what is sent many times: the API sends the copy that the browser understands. */
function compressed(): Plugin {
  let assetsDir = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved({ build }) {
      assetsDir = join(build.outDir, build.assetsDir);
    },
    async closeBundle() {
      const there = await readdir(assetsDir);
      const names = there.filter((name) => /\.(js|css|svg)$/.test(name) && !there.includes(`${name}.br`));
      await Promise.all(
        names.map(async (name) => {
          const file = join(assetsDir, name);
          const content = await readFile(file);
          await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
          await writeFile(`${file}.br`, await promisify(brotliCompress)(content));
        }),
      );
    },
  };
}
