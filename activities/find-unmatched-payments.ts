import { compareCredits, comparePayments, type ComparedPage } from './compare-payments.ts';

type Sides = Parameters<typeof comparePayments>[0];

const MAX_VIOLATIONS = 100;

/** The provider's side of "succeeded payments and credits are the same": what is paid and not credited, what differs,
 *  what is credited and not paid; the first hundred, in words. Changes nothing.
 *  @throws ProviderError when the provider does not answer. */
export async function findUnmatchedPayments(
  sides: Sides,
  { sinceMs, nowMs, patienceMs }: { sinceMs: number; nowMs: number; patienceMs: number },
): Promise<string[]> {
  const violations: string[] = [];
  const comparisons = [
    (cursor: string | null) => comparePayments(sides, { sinceMs, cursor }, { nowMs, patienceMs }),
    (cursor: string | null) => compareCredits(sides, { sinceMs, cursor }),
  ];
  for (const compare of comparisons) {
    let cursor: string | null = null;
    do {
      const page: ComparedPage = await compare(cursor);
      violations.push(...page.judged.flatMap(violationOf));
      if (violations.length >= MAX_VIOLATIONS) return violations.slice(0, MAX_VIOLATIONS);
      cursor = page.next;
    } while (cursor !== null);
  }
  return violations;
}

function violationOf({ subject, payment, verdict }: ComparedPage['judged'][number]): string[] {
  switch (verdict.kind) {
    case 'agrees':
    case 'wait':
      return [];
    case 'repair':
      return [`${subject} is paid, but ${payment?.topUpId ?? 'its top-up'} is not credited`];
    case 'report':
      return [verdict.detail];
  }
}
