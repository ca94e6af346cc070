import type { FastifyReply, FastifyRequest } from 'fastify';
import { fault, sendFault } from './postmark-fault.ts';

/** A hook that lets in only requests with the token; with any token when `serverToken` is null. */
export function requireServerToken(serverToken: string | null) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const given = request.headers['x-postmark-server-token'];
    if (typeof given !== 'string' || given.trim() === '') {
      return sendFault(
        reply,
        fault(
          401,
          10,
          'No Account or Server API tokens were supplied in the HTTP headers. ' +
            'Please add a header for either X-Postmark-Server-Token or X-Postmark-Account-Token.',
        ),
      );
    }
    if (serverToken !== null && given !== serverToken) {
      return sendFault(
        reply,
        fault(
          401,
          10,
          'The Server Token you provided in the X-Postmark-Server-Token request header was invalid.',
        ),
      );
    }
    return undefined;
  };
}
