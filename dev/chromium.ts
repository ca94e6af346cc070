import { access, constants } from 'node:fs/promises';
import { execa } from 'execa';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const INSTALL_TIMEOUT_MS = 300_000;
const MISSING =
  'The browser tests need Chromium: install it (Debian: apt-get install -y chromium), or name its program in CHROMIUM_PATH.';

/** The browser for the tests: CHROMIUM_PATH, else that of the system, else it is installed where that is possible.
 *  @throws with one sentence that says what to install. */
export async function ensureChromium(): Promise<string> {
  const named = process.env['CHROMIUM_PATH'] ?? '';
  if (named !== '') {
    if (await isProgram(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, which is no program.`);
  }
  return (await found()) ?? (await install());
}

async function found(): Promise<string | null> {
  for (const place of PLACES) if (await isProgram(place)) return place;
  return null;
}

async function install(): Promise<string> {
  if (process.getuid?.() !== 0) throw new Error(MISSING);
  try {
    const options = { timeout: INSTALL_TIMEOUT_MS, env: { DEBIAN_FRONTEND: 'noninteractive' } };
    await execa('apt-get', ['update'], options);
    await execa('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options);
  } catch (cause) {
    throw new Error(MISSING, { cause });
  }
  const program = await found();
  if (program === null) throw new Error(MISSING);
  return program;
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
