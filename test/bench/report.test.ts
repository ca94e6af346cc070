import { expect, test } from 'vitest';
import type { Target } from '../../bench/bench.ts';
import { asMarkdown, asText, figure } from '../../bench/harness/report.ts';
import { isMet, mergeResults, type Outcome } from '../../bench/harness/results.ts';

const machine = { processor: '2 × Example', date: '2026-11-22T10:00:00.000Z' };
const about = { seconds: 12.3, taken: 'Medians of 5 rounds', quick: false, machine };

function measured(name: string, more: Partial<Extract<Outcome, { status: 'measured' }>> = {}): Outcome {
  return {
    name,
    question: `What of ${name}?`,
    status: 'measured',
    tables: [],
    targets: [],
    notes: [],
    ...about,
    ...more,
  };
}

const ingest = measured('ingest', {
  tables: [
    {
      title: 'Events a second',
      columns: ['by', 'events/s'],
      rows: [
        ['HTTP', 12_345.6],
        ['bare | statement', 9],
      ],
    },
  ],
  targets: [
    { claim: 'share of the statement', measured: 0.7, target: { atLeast: 0.7 } },
    { claim: 'share lost', measured: 0.151, target: { atMost: 0.15 } },
  ],
  notes: ['Taken in turns.'],
});

const failed: Outcome = {
  name: 'growth',
  question: 'What grows?',
  status: 'failed',
  error: 'no disk',
  targets: [{ claim: 'share kept', measured: null, target: { atLeast: 0.85 } }],
  ...about,
};

test.each<[number, Target['target'], boolean]>([
  [0.7, { atLeast: 0.7 }, true],
  [0.69, { atLeast: 0.7 }, false],
  [2, { atMost: 2 }, true],
  [2.01, { atMost: 2 }, false],
  [Number.NaN, { atLeast: 0 }, false],
  [Number.NaN, { atMost: 1 }, false],
])('%d against %j is met: %j', (value, target, expected) => {
  expect(isMet({ claim: 'it', measured: value, target })).toBe(expected);
});

test('what was not measured has missed its target, also once it was written down', () => {
  const target: Target = { claim: 'it', measured: Number.NaN, target: { atMost: 2 } };
  expect(isMet(JSON.parse(JSON.stringify(target)) as Target)).toBe(false);
});

test('a figure has three digits that count and never loses whole numbers', () => {
  expect([0.123_45, 1.006, 999.4, 1_234.5, 1_234_567, Number.NaN, 'text'].map(figure)).toEqual([
    '0.123',
    '1.01',
    '999',
    '1,235',
    '1,234,567',
    'not measured',
    'text',
  ]);
});

test('in the terminal numbers stand below each other, and each target says whether it was met', () => {
  const lines = asText({ outcomes: [ingest] }).split('\n');
  expect(lines).toContain('by                events/s');
  expect(lines).toContain('HTTP                12,346');
  expect(lines).toContain('bare | statement         9');
  expect(lines.find((line) => line.startsWith('share of the statement'))).toMatch(/0\.7\s+≥ 0\.7\s+met$/);
  expect(lines.find((line) => line.startsWith('share lost'))).toMatch(/0\.151\s+≤ 0\.15\s+missed$/);
  expect(lines).toContain('* Taken in turns.');
});

test('the page leads with all targets and describes the machine', () => {
  const page = asMarkdown({ outcomes: [ingest, failed] });
  expect(page).toContain('| ingest | share of the statement | 0.7 | ≥ 0.7 | met |');
  expect(page).toContain('| ingest | share lost | 0.151 | ≤ 0.15 | missed |');
  expect(page).toContain('| HTTP | 12,346 |');
  expect(page).toContain('| bare \\| statement | 9 |');
  expect(page).toContain('| processor | 2 × Example |');
  expect(page).toContain('| growth | share kept | not measured | ≥ 0.85 | missed |');
  expect(page).toMatch(/## growth[\s\S]*\*\*Failed\*\*[\s\S]*no disk/);
});

test('results of several machines or runs are told apart', () => {
  const elsewhere = measured('cost', { machine: { ...machine, processor: '64 × Other' } });
  const page = asMarkdown({ outcomes: [ingest, elsewhere] });
  expect(page).toMatch(/What of ingest\?.* Run 1\./);
  expect(page).toMatch(/What of cost\?.* Run 2\./);
  expect(page).toMatch(/## Machine and run 2[\s\S]*64 × Other/);
});

test('a run replaces what it has measured and keeps the rest, in the order of the registry', () => {
  const registry = ['ingest', 'growth', 'cost'].map((name) => ({ name }));
  const earlier = { outcomes: [measured('cost'), measured('ingest', { seconds: 1 }), measured('gone')] };
  const { outcomes } = mergeResults(earlier, [measured('ingest', { seconds: 2 }), failed], registry);
  expect(outcomes.map(({ name, seconds }) => [name, seconds])).toEqual([
    ['ingest', 2],
    ['growth', 12.3],
    ['cost', 12.3],
  ]);
});

test('each bench says how its figures come about', () => {
  const page = asMarkdown({ outcomes: [ingest, measured('simulate', { taken: 'One simulation' })] });
  expect(page).toContain('What of ingest? Medians of 5 rounds; 12.3 s in all.');
  expect(page).toContain('What of simulate? One simulation; 12.3 s in all.');
  expect(asText({ outcomes: [measured('cost', { quick: true })] })).toContain(
    'A quick look, not for quoting.',
  );
});
