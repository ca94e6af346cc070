/** What somebody has done on a page of the payment provider, as the address says that it leads back to. */
type Done = (typeof KINDS)[number];

const KINDS = ['payment', 'card', 'billing', 'canceled'] as const;

/** As the page was opened, whatever becomes of its address; null when it was opened in another way. */
export const openedAfter: Done | null = doneIn(location.search);

function doneIn(search: string): Done | null {
  const given = new URLSearchParams(search).get('done');
  return KINDS.find((each) => each === given) ?? null;
}
