import { createParser, type ServerEvent } from './event-parser.ts';

/** Live: an event has come, so that what follows is told as it happens. */
export type StreamState = 'connecting' | 'live' | 'waiting';

export type Listening = {
  readonly url: string;
  /** null when a cookie authorises. */
  readonly token: string | null;
  /** Aborted: the listening ends. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: ServerEvent) => void;
  readonly onState: (state: StreamState) => void;
  /** The credential is no longer taken; nothing is tried again. */
  readonly onUnauthenticated: () => void;
};

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Three heartbeats of the API: a connection that is silent for longer is dead, though nobody closed it. */
const SILENCE_MS = 45_000;

/** Listens to server-sent events until it is told to stop, and connects again after each break: at once when the
 *  network comes back, else after a pause that grows. An `EventSource` cannot carry the token. */
export async function listen(options: Listening): Promise<void> {
  const { signal, onState } = options;
  let failures = 0;
  while (!signal.aborted) {
    onState(failures === 0 ? 'connecting' : 'waiting');
    const ended = await readOnce(options, () => {
      failures = 0;
      onState('live');
    });
    if (signal.aborted) return;
    if (ended === 'unauthenticated') {
      options.onUnauthenticated();
      return;
    }
    failures += 1;
    onState('waiting');
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS), signal);
  }
}

/** @param onFirst called before the first event is told: until then the API may have answered, but has told nothing. */
async function readOnce(
  { url, token, signal, onEvent }: Listening,
  onFirst: () => void,
): Promise<'broken' | 'unauthenticated'> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const goneOffline = () => silence.abort();
  window.addEventListener('offline', goneOffline);
  try {
    const response = await fetch(url, {
      headers: {
        accept: 'text/event-stream',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      cache: 'no-store',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (response.status === 401) return 'unauthenticated';
    if (!response.ok || response.body === null) return 'broken';
    let isFirst = true;
    const parser = createParser((event) => {
      if (isFirst) onFirst();
      isFirst = false;
      onEvent(event);
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return 'broken';
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      parser(value);
    }
  } catch {
    return 'broken';
  } finally {
    clearTimeout(timer);
    window.removeEventListener('offline', goneOffline);
  }
}

/** Ends early when the network comes back. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}
