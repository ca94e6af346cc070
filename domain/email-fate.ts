/** What became of a mail, as the dashboard says it. */
export const EMAIL_STATUSES = [
  'pending',
  'sent',
  'delivered',
  'bounced',
  'complained',
  'dead',
  'muted',
] as const;
export type EmailFate = { status: (typeof EMAIL_STATUSES)[number]; detail: string | null };

/** Reads a mail's fate from its delivery. An address that the provider refused beforehand has bounced earlier.
 *  @param detail what the provider has reported, such as `bounced: HardBounce`. */
export function emailFate(
  status: 'pending' | 'sending' | 'sent' | 'rejected' | 'dead' | 'muted',
  detail: string | null,
): EmailFate {
  switch (status) {
    case 'pending':
    case 'sending':
      return { status: 'pending', detail: null };
    case 'sent':
      return { status: detail === 'delivered' ? 'delivered' : 'sent', detail: null };
    case 'rejected': {
      const [, report, why] = /^(bounced|complained)(?:: (.*))?$/s.exec(detail ?? '') ?? [];
      if (report === undefined) return { status: 'bounced', detail };
      return { status: report === 'complained' ? 'complained' : 'bounced', detail: why ?? null };
    }
    case 'dead':
      return { status: 'dead', detail };
    case 'muted':
      return { status: 'muted', detail: null };
  }
}
