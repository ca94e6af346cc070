import { execa } from 'execa';
import colors from 'picocolors';
import type { Tally } from './check.ts';

/** A program of `node_modules/.bin` that passes with exit code 0. */
export type Tool = { readonly name: string; readonly command: string; readonly args: readonly string[] };

/** Runs a tool; prints one line, and its output only when it fails. */
export async function runTool({ name, command, args }: Tool): Promise<Tally> {
  const startedAt = performance.now();
  const { all, exitCode } = await execa(command, args, {
    preferLocal: true,
    all: true,
    reject: false,
    env: { FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (exitCode === 0) {
    console.log(`${colors.green('✓')} ${name} ${colors.dim(`${seconds} s`)}`);
    return { passed: 1, failed: [], skipped: [] };
  }
  console.log(`${colors.red('✗')} ${name} ${colors.dim(`${seconds} s`)}\n${all}`);
  return { passed: 0, failed: [`${name} (${command} ${args.join(' ')})`], skipped: [] };
}
