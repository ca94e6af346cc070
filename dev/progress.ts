import colors from 'picocolors';

/** Tells what a step is doing; shown while the step runs. */
export type Tell = (message: string) => void;

export type Progress = {
  /** Runs a step, shows the elapsed time while it runs, and one line when it is done or failed. */
  step<T>(label: string, work: (tell: Tell) => Promise<T>): Promise<T>;
};

const ANIMATION = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** Without a terminal, a line is printed this often, so that a log shows that it goes on. */
const QUIET_EVERY_MS = 15_000;

/** Prints what it is told, but not more often than every 15 seconds: for programs without steps. */
export function printNowAndThen(print: Tell = console.log): Tell {
  let printedAt = Number.NEGATIVE_INFINITY;
  return (message) => {
    if (performance.now() - printedAt < QUIET_EVERY_MS) return;
    printedAt = performance.now();
    print(message);
  };
}

/** Progress on standard output: animated on a terminal, plain lines elsewhere (CI, a file). */
export function createProgress(output: NodeJS.WriteStream = process.stdout): Progress {
  return {
    async step(label, work) {
      const startedAt = performance.now();
      const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);
      let message = '';
      let frame = 0;
      const show = () => {
        frame += 1;
        const detail = message === '' ? '' : colors.dim(` ${message}`);
        if (output.isTTY) {
          output.write(`\r\u001B[K${ANIMATION[frame % ANIMATION.length]} ${label} ${seconds()} s${detail}`);
        } else {
          output.write(`… ${label} ${seconds()} s${detail}\n`);
        }
      };
      const ticker = setInterval(show, output.isTTY ? FRAME_MS : QUIET_EVERY_MS);
      const finish = (mark: string) => {
        clearInterval(ticker);
        output.write(`${output.isTTY ? '\r\u001B[K' : ''}${mark} ${label} ${colors.dim(`${seconds()} s`)}\n`);
      };
      try {
        const result = await work((told) => {
          message = told;
        });
        finish(colors.green('✓'));
        return result;
      } catch (error) {
        finish(colors.red('✗'));
        throw error;
      }
    },
  };
}
