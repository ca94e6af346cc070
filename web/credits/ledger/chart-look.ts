export const CHART_HEIGHT = 280;

/** Colours that are told apart on light and dark ground, and by people who do not tell red from green; each mark has a
 *  shape of its own besides. */
export const CHART_COLOURS = {
  balance: '#1c7ed6',
  alert: '#e67700',
  topUp: '#ae3ec9',
  topUpMark: '#ae3ec9',
  depleted: '#e03131',
} as const;
