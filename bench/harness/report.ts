import type { BenchTable, Cell, Target } from '../bench.ts';
import type { Machine } from './machine.ts';
import { isMet, type Outcome, type Results } from './results.ts';

/** The results for a terminal. */
export function asText({ outcomes }: Results): string {
  return outcomes.flatMap((outcome) => [...benchText(outcome), '']).join('\n');
}

function benchText(outcome: Outcome): string[] {
  const head = [`== ${outcome.name} == ${outcome.question}`, aboutRun(outcome)];
  const targets =
    outcome.targets.length === 0
      ? []
      : ['', 'Targets', ...textTable(TARGET_COLUMNS, targetRows(outcome.targets))];
  if (outcome.status === 'failed') return [...head, `FAILED: ${outcome.error}`, ...targets];
  return [
    ...head,
    ...outcome.tables.flatMap((table) => ['', table.title, ...textTable(table.columns, table.rows)]),
    ...targets,
    ...outcome.notes.map((note) => `* ${note}`),
  ];
}

/** The results as a page; the machine of each run is described once. */
export function asMarkdown({ outcomes }: Results): string {
  const machines = [...new Map(outcomes.map(({ machine }) => [JSON.stringify(machine), machine])).values()];
  const numberOf = (machine: Machine) =>
    machines.findIndex((each) => JSON.stringify(each) === JSON.stringify(machine)) + 1;
  const targets = outcomes.flatMap(({ name, targets: own }) => targetRows(own).map((row) => [name, ...row]));
  return [
    '# What was measured',
    '',
    'Written by `npm run bench -- --write`; do not edit. What is compared was measured side by side in one run on one machine; each',
    'bench says how its figures come about. A target that was not measured counts as missed. The same as data:',
    '[results.json](results.json).',
    '',
    '## Targets',
    '',
    ...markdownTable(['bench', ...TARGET_COLUMNS], targets),
    '',
    ...outcomes.flatMap((outcome) =>
      benchMarkdown(outcome, machines.length > 1 ? numberOf(outcome.machine) : null),
    ),
    ...machines.flatMap((machine, index) => [
      machines.length > 1 ? `## Machine and run ${index + 1}` : '## Machine',
      '',
      ...markdownTable(['', ''], Object.entries(machine)),
      '',
    ]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function benchMarkdown(outcome: Outcome, run: number | null): string[] {
  const about = run === null ? aboutRun(outcome) : `${aboutRun(outcome)} Run ${run}.`;
  const head = [`## ${outcome.name}`, '', `${outcome.question} ${about}`, ''];
  if (outcome.status === 'failed')
    return [...head, '**Failed**; nothing was measured:', '', ...fenced(outcome.error), ''];
  return [
    ...head,
    ...outcome.tables.flatMap(({ title, columns, rows }) => [
      `### ${title}`,
      '',
      ...markdownTable(columns, rows),
      '',
    ]),
    ...outcome.notes.map((note) => `- ${note}`),
    ...(outcome.notes.length === 0 ? [] : ['']),
  ];
}

function aboutRun({ taken, quick, seconds }: Outcome): string {
  return `${quick ? 'A quick look, not for quoting. ' : ''}${taken}; ${seconds} s in all.`;
}

const TARGET_COLUMNS = ['claim', 'measured', 'target', ''] as const;

function targetRows(targets: readonly Target[]): Cell[][] {
  return targets.map((each) => [
    each.claim,
    each.measured,
    bound(each.target),
    isMet(each) ? 'met' : 'missed',
  ]);
}

function bound(target: Target['target']): string {
  return 'atLeast' in target ? `≥ ${figure(target.atLeast)}` : `≤ ${figure(target.atMost)}`;
}

/** Three figures that count, thousands apart; what is text stays as it is. */
export function figure(value: Cell): string {
  if (typeof value === 'string') return value;
  if (value === null || !Number.isFinite(value)) return 'not measured';
  return new Intl.NumberFormat('en-US', {
    maximumSignificantDigits: Math.abs(value) < 1_000 ? 3 : Math.ceil(Math.log10(Math.abs(value) + 1)),
  }).format(value);
}

function textTable(columns: readonly string[], rows: BenchTable['rows']): string[] {
  const texts = rows.map((row) => row.map(figure));
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...texts.map((row) => row[index]?.length ?? 0)),
  );
  const isNumber = (index: number) => rows.length > 0 && rows.every((row) => typeof row[index] === 'number');
  const line = (cells: readonly string[]) =>
    widths
      .map((width, index) =>
        isNumber(index) ? (cells[index] ?? '').padStart(width) : (cells[index] ?? '').padEnd(width),
      )
      .join('  ')
      .trimEnd();
  return [line(columns), widths.map((width) => '-'.repeat(width)).join('  '), ...texts.map(line)];
}

function markdownTable(columns: readonly string[], rows: BenchTable['rows']): string[] {
  const isNumber = (index: number) => rows.length > 0 && rows.every((row) => typeof row[index] === 'number');
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = columns.map((_, index) => (isNumber(index) ? '---:' : '---'));
  return [line(columns), line(rule), ...rows.map((row) => line(row.map(figure)))];
}

function fenced(text: string): string[] {
  return ['```', text, '```'];
}
