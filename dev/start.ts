import colors from 'picocolors';
import { inDataDir } from './data-dir.ts';
import { runDemo } from './demo.ts';
import type { Audience } from './demo.ts';
import { demoReport } from './demo-report.ts';
import { creditsPageLink, liveLinks } from './links.ts';
import type { LocalPlan } from './local-environment.ts';
import { createProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { startStack } from './stack.ts';
import { createSupervisor } from './supervisor.ts';
import type { Supervisor } from './supervisor.ts';

const EXIT_INTERRUPTED = 130;
/** Enough to open a link. */
const INVITATION_MS = 8_000;
/** Slow enough to follow each call on the page. */
const STEP_MS = 1_500;

/** `npm start`: brings everything up, runs the demo, and keeps running; with `--exit` it stops after the
 *  demo. The exit code is 0 only when every effect of the demo was found exactly once. */
async function main(): Promise<number> {
  const supervisor = createSupervisor({ logDir: inDataDir('logs') });
  let running = false;
  const story = tellStory(supervisor, process.argv.includes('--exit'), () => {
    running = true;
  });
  // When an interruption or a crash wins the race, the story fails for that very reason.
  story.catch(() => undefined);
  try {
    const ended = interruption().then(() => (running ? 0 : EXIT_INTERRUPTED));
    return await Promise.race([story, ended, supervisor.crashed.then(reportCrash)]);
  } catch (error) {
    say(colors.red(error instanceof Error ? error.message : String(error)));
    return 1;
  } finally {
    say(colors.dim('Stopping everything …'));
    await supervisor.stop();
  }
}

async function tellStory(
  supervisor: Supervisor,
  exitAfterDemo: boolean,
  onRunning: () => void,
): Promise<number> {
  const progress = createProgress();
  const plan = await startStack(supervisor, progress);
  const demo = await runDemo(plan, progress, exitAfterDemo ? undefined : liveAudience(plan, progress));
  console.log(demoReport(demo));
  const cameOutRight = demo.findings.every((finding) => finding.right);
  if (exitAfterDemo) return cameOutRight ? 0 : 1;
  const links = await liveLinks(plan, demo);
  console.log(
    ['', ...links.map(({ label, url }) => `${label.padEnd(26)} ${colors.cyan(url)}`), ''].join('\n'),
  );
  console.log(`Running. Logs are in ${inDataDir('logs')}; Ctrl-C stops everything.`);
  onRunning();
  return new Promise<never>(() => undefined);
}

/** Whoever started this may watch the campaign on the page. */
function liveAudience(plan: LocalPlan, progress: Progress): Audience {
  return {
    pauseMs: STEP_MS,
    invite: async (accountId) => {
      const link = await creditsPageLink(plan, accountId);
      if (link === undefined) return;
      console.log(`\n${link.label}, to watch the campaign live:\n${colors.cyan(link.url)}\n`);
      await progress.step('Time to open it', () => new Promise<void>((go) => setTimeout(go, INVITATION_MS)));
    },
  };
}

/** Resolves when the user or the system wants the end, or when the process that started this one is gone.
 *  One key press may arrive twice: from the terminal, and passed on by npm. */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => resolve());
    }
    process.on('disconnect', () => resolve());
    process.channel?.unref();
  });
}

function reportCrash(message: string): number {
  say(colors.red(message));
  return 1;
}

/** Prints over the line that may be animated at this moment. */
function say(text: string): void {
  process.stdout.write(`${process.stdout.isTTY ? '\r\u001B[K' : ''}${text}\n`);
}

process.exitCode = await main();
// Listeners for signals would keep the process alive although nothing runs any more.
process.exit();
