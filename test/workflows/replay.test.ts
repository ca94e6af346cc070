import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { expect, it } from 'vitest';
import { bundleWorkflows } from '../../temporal/bundle.ts';
import { createDataConverter } from '../../temporal/data-converter.ts';
import { TEST_PAYLOAD_KEYS } from './account-worker.ts';

const HISTORIES = fileURLToPath(new URL('../histories', import.meta.url));

function recordedHistories(): { workflowId: string; history: unknown }[] {
  const files = readdirSync(HISTORIES, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      workflowId: file,
      history: JSON.parse(readFileSync(`${HISTORIES}/${file}`, 'utf8')) as unknown,
    }));
}

it('replays the histories of every release that may still be running', async () => {
  const histories = recordedHistories();
  expect(histories.length).toBeGreaterThan(0);
  const results = Worker.runReplayHistories(
    {
      workflowBundle: await bundleWorkflows(),
      dataConverter: createDataConverter(TEST_PAYLOAD_KEYS),
      replayName: 'released',
    },
    histories,
  );
  const failures: string[] = [];
  for await (const { workflowId, error } of results) {
    if (error !== undefined) failures.push(`${workflowId}: ${error.message}`);
  }
  expect(failures).toEqual([]);
});
