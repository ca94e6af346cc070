/** What the dashboard says of a test, in the account's language; the mail has its own words. */
export const TEST_ALERT_WORDS = {
  en: {
    title: 'Test alert – nothing has happened',
    body: 'This was sent to see whether balance alerts reach you. Your balance needs nothing from you.',
  },
  de: {
    title: 'Testwarnung – es ist nichts passiert',
    body: 'Damit wurde geprüft, ob Guthabenwarnungen bei Ihnen ankommen. Sie müssen nichts tun.',
  },
} as const;
