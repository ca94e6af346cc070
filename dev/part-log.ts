import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** The log of one part: a file of its own, of which the last lines are kept for a message. */
export type PartLog = {
  readonly file: string;
  write(line: string): void;
  lastLines(): readonly string[];
  close(): Promise<void>;
};

const KEPT_LINES = 20;

/** Opens `<name>.log` afresh; the one of the previous run stays beside it as `<name>.previous.log`. */
export function openPartLog(logDir: string, name: string): PartLog {
  mkdirSync(logDir, { recursive: true });
  const file = join(logDir, `${name}.log`);
  if (existsSync(file)) renameSync(file, join(logDir, `${name}.previous.log`));
  const stream = createWriteStream(file);
  const kept: string[] = [];
  let open = true;
  return {
    file,
    write(line) {
      kept.push(line);
      if (kept.length > KEPT_LINES) kept.shift();
      if (open) stream.write(`${line}\n`);
    },
    lastLines: () => [...kept],
    close() {
      open = false;
      return new Promise((resolve) => {
        stream.end(resolve);
      });
    },
  };
}
