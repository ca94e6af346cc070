import { DefaultLogger, type Logger as SdkLogger } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Sends what the Temporal SDK has to say into the service's own log. */
export function createSdkLogger(log: Logger): SdkLogger {
  return new DefaultLogger('INFO', ({ level, message, meta }) => {
    const details = { ...meta };
    if (level === 'ERROR') log.error(details, message);
    else if (level === 'WARN') log.warn(details, message);
    else if (level === 'INFO') log.info(details, message);
    else log.debug(details, message);
  });
}
