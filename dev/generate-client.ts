import { createClient } from '@hey-api/openapi-ts';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from './openapi-document.ts';

const CLIENT_DIR = fileURLToPath(new URL('../web/client', import.meta.url));

/** Writes the pages' client of the API, made from the API's own document.
 *  @param dir is emptied first. */
export async function generateClient(dir: string = CLIENT_DIR): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await createClient({
    input: (await openApiDocument()) as Record<string, unknown>,
    output: { path: dir, importFileExtension: '.ts', header: '// Made by `npm run generate:client`.' },
    plugins: [
      { name: '@hey-api/client-fetch', baseUrl: false },
      '@hey-api/typescript',
      '@hey-api/sdk',
      { name: '@tanstack/react-query', queryOptions: true, infiniteQueryOptions: true },
    ],
    logs: { level: 'silent' },
  });
}

if (import.meta.main) await generateClient();
