/** A dialog's head is a `<header>`, which a screen reader would take for a second banner of the page. */
export const NO_BANNER = { header: { role: 'none' } } as const;
