import { z } from 'zod';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type ProblemCode } from '../problems.ts';

export const problemSchema = z
  .looseObject({
    type: z.string().describe('`urn:auto-top-up:problem:` and the code.'),
    title: z.string(),
    status: z.number().int(),
    code: z.string().describe('Stable; made for programs.'),
    detail: z.string().optional(),
    errors: z
      .array(
        z.object({
          path: z
            .string()
            .describe(
              'The field, such as `events.3.seconds`; `query.` or `header.` before those of the request.',
            ),
          detail: z.string(),
        }),
      )
      .optional(),
    requestId: z.string(),
  })
  .meta({
    id: 'Problem',
    description: 'Every error, as RFC 9457 has it.',
    examples: [
      {
        type: 'urn:auto-top-up:problem:invalid_request',
        title: 'The request does not fit the schema',
        status: 422,
        code: 'invalid_request',
        errors: [{ path: 'alertBelow', detail: 'Invalid input: expected number, received string' }],
        requestId: 'req-1',
      },
    ],
  });

type ProblemResponse = {
  description: string;
  content: Record<typeof PROBLEM_MEDIA_TYPE, { schema: typeof problemSchema }>;
};

type StatusOf<Code extends ProblemCode> = (typeof PROBLEMS)[Code]['status'];

/** Documents the problems that a route may answer with, besides those that every route has. */
export function problems<Code extends ProblemCode>(...codes: readonly Code[]) {
  const byStatus: Record<number, ProblemResponse> = {};
  for (const code of [...codes, ...EVERYWHERE]) {
    const { status, title } = PROBLEMS[code];
    byStatus[status] ??= { description: title, content: { [PROBLEM_MEDIA_TYPE]: { schema: problemSchema } } };
  }
  return byStatus as Record<StatusOf<Code | (typeof EVERYWHERE)[number]>, ProblemResponse>;
}

const EVERYWHERE = [
  'malformed_request',
  'unauthenticated',
  'forbidden',
  'not_found',
  'body_too_large',
  'unsupported_media_type',
  'invalid_request',
  'too_many_requests',
  'internal',
  'unavailable',
] as const satisfies readonly ProblemCode[];
