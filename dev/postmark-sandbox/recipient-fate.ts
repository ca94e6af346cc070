/** What becomes of a mail to one recipient. Only a delivery makes no bounce record. */
export type Fate = 'delivered' | BounceType;
export type BounceType = 'HardBounce' | 'SoftBounce' | 'SpamComplaint' | 'Transient' | 'DnsError' | 'Blocked';

export type BounceKind = { typeCode: number; name: string; description: string; deactivates: boolean };

/** @see https://postmarkapp.com/developer/api/bounce-api#bounce-types, and `BounceTypeCode` of the client. */
export const BOUNCE_KINDS: Record<BounceType, BounceKind> = {
  HardBounce: {
    typeCode: 1,
    name: 'Hard bounce',
    description: 'The server was unable to deliver your message (ex: unknown user, mailbox not found).',
    deactivates: true,
  },
  SoftBounce: {
    typeCode: 4096,
    name: 'Soft bounce',
    description: 'Unable to temporarily deliver message (i.e. mailbox full, account disabled).',
    deactivates: false,
  },
  SpamComplaint: {
    typeCode: 100001,
    name: 'Spam complaint',
    description: 'The subscriber explicitly marked this message as spam.',
    deactivates: true,
  },
  Transient: {
    typeCode: 2,
    name: 'Message delayed',
    description: 'The server could not temporarily deliver your message (ex: network troubles).',
    deactivates: false,
  },
  DnsError: { typeCode: 256, name: 'DNS error', description: 'A temporary DNS error.', deactivates: false },
  Blocked: {
    typeCode: 100006,
    name: 'ISP block',
    description: 'Blocked from this ISP due to content or blocklisting.',
    deactivates: false,
  },
};

/** The local part names the bounce at Postmark's own black hole (case and `_` do not matter, a hard bounce
 *  otherwise); the `.test` domains are shorthands of this sandbox. Anything else is delivered.
 *  @see https://postmarkapp.com/support/article/1239-how-to-test-bounces */
export function fateOf(address: string): Fate {
  const [localPart = '', domain = ''] = address.toLowerCase().split('@');
  if (domain === 'bounce-testing.postmarkapp.com') {
    return bounceTypeNamed(localPart.replaceAll('_', '')) ?? 'HardBounce';
  }
  return FATE_OF_DOMAIN[domain] ?? 'delivered';
}

const FATE_OF_DOMAIN: Partial<Record<string, Fate>> = {
  'bounce.test': 'HardBounce',
  'soft-bounce.test': 'SoftBounce',
  'complaint.test': 'SpamComplaint',
};

function bounceTypeNamed(name: string): BounceType | undefined {
  const types: BounceType[] = ['HardBounce', 'SoftBounce', 'Transient', 'DnsError', 'Blocked'];
  return types.find((type) => type.toLowerCase() === name);
}
