import type { CSSProperties } from 'react';
import type { Tone } from './letter.ts';

/** The bar at the head of the card; the words say the same, so no meaning rests on a colour. */
export const TONE_COLOURS: Readonly<Record<Tone, string>> = {
  good: '#15803d',
  neutral: '#475467',
  warning: '#b45309',
  critical: '#b42318',
};

const INK = '#1c2430';
const MUTED = '#5b6472';
const LINE = '#e3e6eb';
const ACCENT = '#1d4ed8';
const FONT = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** Every text reaches a contrast of at least 4.5:1 on its ground. */
export const STYLES = {
  page: { backgroundColor: '#f3f4f7', margin: 0, padding: '32px 12px', fontFamily: FONT, color: INK },
  card: {
    maxWidth: '560px',
    backgroundColor: '#ffffff',
    border: `1px solid ${LINE}`,
    borderRadius: '8px',
    overflow: 'hidden',
  },
  bar: { height: '6px', lineHeight: '6px', fontSize: '1px' },
  content: { padding: '28px 32px 32px' },
  topic: { margin: '0 0 4px', fontSize: '13px', lineHeight: '20px', color: MUTED },
  title: { margin: '0 0 20px', fontSize: '22px', lineHeight: '30px', fontWeight: 600, color: INK },
  paragraph: { margin: '0 0 14px', fontSize: '15px', lineHeight: '24px', color: INK },
  facts: { margin: '20px 0 0', borderTop: `1px solid ${LINE}`, borderCollapse: 'collapse' },
  factLabel: {
    padding: '9px 16px 9px 0',
    borderBottom: `1px solid ${LINE}`,
    fontSize: '14px',
    lineHeight: '20px',
    color: MUTED,
    textAlign: 'left',
    verticalAlign: 'top',
  },
  factValue: {
    padding: '9px 0',
    borderBottom: `1px solid ${LINE}`,
    fontSize: '14px',
    lineHeight: '20px',
    color: INK,
    textAlign: 'right',
    verticalAlign: 'top',
  },
  note: { margin: '12px 0 0', fontSize: '13px', lineHeight: '20px', color: MUTED },
  buttonRow: { paddingTop: '26px' },
  button: {
    backgroundColor: ACCENT,
    borderRadius: '6px',
    color: '#ffffff',
    fontSize: '15px',
    fontWeight: 600,
    lineHeight: '20px',
    padding: '13px 22px',
  },
  rule: { margin: '28px 0 14px', borderTop: `1px solid ${LINE}` },
  links: { margin: 0, fontSize: '14px', lineHeight: '22px', color: MUTED },
  link: { color: ACCENT, textDecoration: 'underline' },
  footer: { maxWidth: '560px', padding: '16px 32px 0' },
  small: { margin: 0, fontSize: '12px', lineHeight: '18px', color: MUTED },
} as const satisfies Record<string, CSSProperties>;
