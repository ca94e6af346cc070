import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { ArchivedEntry, ArchiveFiles } from './archive.ts';

/** Archive files in a folder: gzipped JSON lines, one file an archive, never changed afterwards. */
export async function openArchiveFolder(folder: string): Promise<ArchiveFiles> {
  await mkdir(folder, { recursive: true });
  return {
    write: (archiveId, entries) => writeArchive(folder, archiveId, entries),
    discard: (fileName) => rm(join(folder, fileName)),
  };
}

/** The SHA-256 of a file in the folder, in hex. @throws when it is not there. */
export async function digestOf(folder: string, fileName: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, fileName)), hash);
  return hash.digest('hex');
}

async function writeArchive(
  folder: string,
  archiveId: string,
  batches: AsyncIterable<readonly ArchivedEntry[]>,
): ReturnType<ArchiveFiles['write']> {
  const fileName = `ledger-${archiveId}.jsonl.gz`;
  const path = join(folder, fileName);
  const part = `${path}.part`;
  let entries = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const batch of batches) {
      entries += batch.length;
      yield batch.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    }
  }
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(part, { flags: 'wx' }));
  const readBack = await countLines(part);
  if (readBack !== entries) {
    throw new Error(`${part} reads back as ${readBack} entries instead of ${entries}; nothing was removed.`);
  }
  await syncPath(part);
  await rename(part, path);
  await syncPath(folder);
  return { fileName, sha256: await digestOf(folder, fileName), entries };
}

/** Parses every line, so that a damaged file is noticed while its entries are still in the ledger. */
async function countLines(path: string): Promise<number> {
  let count = 0;
  await pipeline(createReadStream(path), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const line of linesOf(chunks)) {
      const { seq } = JSON.parse(line) as Partial<ArchivedEntry>;
      if (typeof seq !== 'number') throw new Error(`${path} has a line that is no entry.`);
      count += 1;
    }
  });
  return count;
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
