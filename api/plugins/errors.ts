import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { AccountError } from '../../db/account-error.ts';
import { CursorError } from '../../db/cursor.ts';
import { OperatorError } from '../../db/operator-error.ts';
import { isDatabaseAway, isDatabaseAwayForAll } from '../database-faults.ts';
import { Problem, PROBLEM_MEDIA_TYPE, problemJson, type FieldError, type ProblemCode } from '../problems.ts';

/** Seconds after which a client may try again when the database is away. */
const RETRY_AFTER_SECONDS = 2;

/** The connection may have broken after the commit and before its answer. */
const DATABASE_AWAY =
  'The database cannot be reached. The request may have been carried out or not: send it again, with the same ids and ' +
  'the same Idempotency-Key.';
const ROWS_BUSY =
  'What the request needs has been in use for too long. Send it again, with the same ids and the same Idempotency-Key.';

/** Answers every error, unknown address and unknown method with a problem document. */
export const errors = fp(
  (app: FastifyInstance, _options, done: () => void) => {
    const allowedMethods = recordMethods(app);
    app.setErrorHandler((error: FastifyError, request, reply) => {
      const problem = asProblem(error);
      // Overload is measured; a line for each refusal would only add to it.
      if (problem.status >= 500 && problem.code !== 'overloaded')
        request.log.error({ err: error }, problem.message);
      return sendProblem(problem, request, reply);
    });
    app.setNotFoundHandler((request, reply) => {
      const allowed = allowedMethods(request.url);
      const problem =
        allowed.length === 0
          ? new Problem('not_found')
          : new Problem('method_not_allowed', { headers: { allow: allowed.join(', ') } });
      return sendProblem(problem, request, reply);
    });
    done();
  },
  { name: 'errors' },
);

/** Sends a problem as the answer of a request. */
export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(problem.status)
    .headers({ 'cache-control': 'no-store', 'x-request-id': request.id, ...problem.options.headers })
    .type(PROBLEM_MEDIA_TYPE)
    .send(problemJson(problem, request.id));
}

/** The problem that an error means to the client. What it does not know is `internal` and says nothing. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isValidationError(error)) return validationProblem(error);
  if (error instanceof AccountError) return accountProblem(error);
  if (error instanceof OperatorError) return new Problem(error.code, { detail: error.detail });
  if (error instanceof CursorError) {
    return new Problem('invalid_request', {
      errors: [{ path: 'query.cursor', detail: 'not a cursor of this list' }],
    });
  }
  if (isDatabaseAway(error)) {
    return new Problem('unavailable', {
      detail: isDatabaseAwayForAll(error) ? DATABASE_AWAY : ROWS_BUSY,
      headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      cause: error,
    });
  }
  const code = frameworkProblem(error);
  return new Problem(code, { cause: error });
}

function accountProblem({ code }: AccountError): Problem {
  switch (code) {
    case 'account_unknown':
      return new Problem('account_unknown');
    case 'time_zone_unknown':
      return new Problem('invalid_request', {
        errors: [{ path: 'timeZone', detail: 'not a time zone of the IANA database' }],
      });
  }
}

function frameworkProblem(error: unknown): ProblemCode {
  if (!(error instanceof Error)) return 'internal';
  if (error instanceof SyntaxError && 'statusCode' in error && error.statusCode === 400)
    return 'malformed_json';
  const code = 'code' in error ? error.code : undefined;
  switch (code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return 'malformed_json';
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return 'body_too_large';
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return 'unsupported_media_type';
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return 'not_found';
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return 'malformed_request';
    default:
      return 'statusCode' in error && error.statusCode === 400 ? 'malformed_request' : 'internal';
  }
}

type ValidationError = Error & {
  validation: readonly { instancePath: string; message: string; params: { keys?: unknown } }[];
  validationContext: 'body' | 'querystring' | 'params' | 'headers';
};

function isValidationError(error: unknown): error is ValidationError {
  return error instanceof Error && 'validation' in error && Array.isArray(error.validation);
}

/** An id in the path that cannot exist is not found; all else that does not fit the schema is named by field. */
function validationProblem(error: ValidationError): Problem {
  if (error.validationContext === 'params') return new Problem('not_found');
  const prefix = PATH_PREFIX[error.validationContext];
  return new Problem('invalid_request', {
    errors: error.validation.flatMap((issue) => {
      const path = issue.instancePath.split('/').filter((part) => part !== '');
      return fieldErrors([...(prefix === '' ? [] : [prefix]), ...path], issue.message, issue.params);
    }),
  });
}

const PATH_PREFIX = { body: '', querystring: 'query', headers: 'header' } as const;

/** One error for each unknown field, so that the path names the field itself and not what holds it. */
export function fieldErrors(
  path: readonly PropertyKey[],
  message: string,
  issue: { keys?: unknown },
): FieldError[] {
  if (Array.isArray(issue.keys)) {
    return issue.keys.map((key: PropertyKey) => ({
      path: [...path, key].map(String).join('.'),
      detail: 'unknown field',
    }));
  }
  return [{ path: path.map(String).join('.'), detail: message }];
}

/** Keeps the methods of each address, because the router itself only knows "not found".
 *  @returns the methods of the address that a request named. */
function recordMethods(app: FastifyInstance): (url: string) => string[] {
  const routes: { parts: string[]; methods: string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ parts: url.split('/'), methods: [method].flat() });
  });
  return (url) => {
    const path = (url.split('?', 1)[0] ?? '').split('/');
    const found = routes.filter(({ parts }) => fits(parts, path)).flatMap(({ methods }) => methods);
    return [...new Set(found)];
  };
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length !== path.length) return false;
  return pattern.every((part, at) => (part.startsWith(':') ? path[at] !== '' : part === path[at]));
}
