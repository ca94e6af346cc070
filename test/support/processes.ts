import { execa } from 'execa';

/** Whether a process runs. A zombie counts as gone: it only waits for its parent to take note. */
export async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await execa('ps', ['-o', 'stat=', '-p', String(pid)], { reject: false });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}

/** Whether a process has been stopped by SIGSTOP. */
export async function isFrozen(pid: number): Promise<boolean> {
  const { stdout } = await execa('ps', ['-o', 'stat=', '-p', String(pid)], { reject: false });
  return stdout.trim().startsWith('T');
}
