import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTaskWatch } from '../../temporal/task-watch.ts';

/** A watch over tasks whose age is set by hand. */
function watchOver(tasks: { ageMs: number | Error }) {
  const seen = { looks: 0, changes: [] as boolean[] };
  const watch = createTaskWatch({
    askAgeMs: () => {
      seen.looks += 1;
      return tasks.ageMs instanceof Error ? Promise.reject(tasks.ageMs) : Promise.resolve(tasks.ageMs);
    },
    onChange: ({ isPiledUp }) => seen.changes.push(isPiledUp),
  });
  const look = async (nowMs: number) => {
    watch.lookNowAndThen(nowMs);
    await turn();
  };
  return { watch, seen, look };
}

describe('the watch over workflow tasks', () => {
  it('lets one signal that can wait go at each look while tasks pile up, and any number once they do not', async () => {
    const tasks = { ageMs: 5_000 };
    const { watch, seen, look } = watchOver(tasks);
    expect(watch.room).toBe(Number.POSITIVE_INFINITY);
    watch.sent(0);
    await look(0);
    expect(watch.room).toBe(1);
    watch.sent(500);
    expect(watch.room).toBe(0);
    await look(1_000);
    expect(watch.room).toBe(1);
    tasks.ageMs = 0;
    await look(2_000);
    expect(watch.room).toBe(Number.POSITIVE_INFINITY);
    expect(seen.changes).toEqual([true, false]);
  });

  it('looks once a second at most, and not at all while nothing is sent', async () => {
    const { watch, seen, look } = watchOver({ ageMs: 0 });
    for (let nowMs = 0; nowMs < 10_000; nowMs += 100) await look(nowMs);
    expect(seen.looks).toBe(0);
    for (let nowMs = 10_000; nowMs < 20_000; nowMs += 100) {
      watch.sent(nowMs);
      await look(nowMs);
    }
    expect(seen.looks).toBe(10);
    // What was sent last may show so late.
    for (let nowMs = 20_000; nowMs < 60_000; nowMs += 100) await look(nowMs);
    expect(seen.looks).toBe(17);
  });

  it('goes on looking while tasks pile up, whatever is sent', async () => {
    const { watch, seen, look } = watchOver({ ageMs: 60_000 });
    watch.sent(0);
    for (let nowMs = 0; nowMs < 10_000; nowMs += 100) await look(nowMs);
    expect(seen.looks).toBe(10);
  });

  it('holds nothing back when it is not told', async () => {
    const tasks: { ageMs: number | Error } = { ageMs: 5_000 };
    const { watch, look } = watchOver(tasks);
    watch.sent(0);
    await look(0);
    tasks.ageMs = new Error('UNIMPLEMENTED');
    await look(1_000);
    expect(watch.room).toBe(Number.POSITIVE_INFINITY);
  });
});
