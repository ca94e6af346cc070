import { parseArgs } from 'node:util';
import type { Bench } from '../bench.ts';

export type BenchOptions = {
  readonly benches: readonly Bench[];
  readonly quick: boolean;
  readonly json: boolean;
  readonly write: boolean;
  readonly help: boolean;
  /** How long each bench may take at most. */
  readonly minutes?: number;
};

/** The command line is wrong; the message says how it is right. */
export class BenchUsageError extends Error {
  override readonly name = 'BenchUsageError';
}

/** Reads the command line; without names every bench is run, in a quick run those that are not too long for it.
 *  @throws BenchUsageError for an unknown option or bench, minutes that are none, and when a quick look is to be written
 *  down. */
export function readOptions(args: readonly string[], registry: readonly Bench[]): BenchOptions {
  const { values, positionals } = parse(args);
  const unknown = positionals.filter((name) => !registry.some((bench) => bench.name === name));
  if (unknown.length > 0) {
    const names = registry.map((bench) => bench.name).join(', ');
    throw new BenchUsageError(`There is no bench called ${unknown.join(', ')}. There are: ${names}.`);
  }
  if (values.quick && values.write) {
    throw new BenchUsageError('What --quick measures is not for quoting, so --write does not take it.');
  }
  const benches = registry.filter(({ name, notInQuick }) =>
    positionals.length === 0 ? !values.quick || notInQuick === undefined : positionals.includes(name),
  );
  const { minutes, ...flags } = values;
  return { benches, ...flags, ...(minutes === undefined ? {} : { minutes: readMinutes(minutes) }) };
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (!Number.isInteger(minutes) || minutes < 1) {
    throw new BenchUsageError(`--minutes takes a whole number from 1 on, not ${text}.`);
  }
  return minutes;
}

/** What `npm run bench -- --help` prints. */
export function usage(registry: readonly Bench[]): string {
  const width = Math.max(0, ...registry.map(({ name }) => name.length));
  return [
    'npm run bench -- [--quick] [--json] [--write] [--minutes N] [name …]',
    '',
    '  --quick      shorter rounds and smaller sets: all of them in under five minutes',
    '  --minutes N  ends each bench after so long; workflows then tells how far it came, others have failed',
    '  --json       prints JSON on standard output and nothing else (with npm run --silent bench)',
    '  --write      writes bench/RESULTS.md and bench/results.json; benches that were not run keep their results',
    '',
    ...registry.map(({ name, question, notInQuick }) =>
      [
        `  ${name.padEnd(width)}  ${question}`,
        ...(notInQuick === undefined ? [] : [`(not with --quick unless it is named: ${notInQuick})`]),
      ].join(' '),
    ),
  ].join('\n');
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        minutes: { type: 'string' },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
  } catch (error) {
    throw new BenchUsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
