import { Badge } from '@mantine/core';
import type { OperatorTopUp } from '../../client/types.gen.ts';
import { useWords } from './use-words.ts';

export type Tone = 'good' | 'bad' | 'waiting' | 'neutral';

const COLOURS: Record<Tone, string> = {
  good: 'var(--mantine-color-green-6)',
  bad: 'var(--mantine-color-red-6)',
  waiting: 'var(--mantine-color-yellow-6)',
  neutral: 'var(--mantine-color-gray-5)',
};

/** A word with a coloured dot: the colour adds to the word and never replaces it. */
export function Mark({ tone, children }: { tone: Tone; children: string }) {
  const dot = { width: 8, height: 8, borderRadius: 4, background: COLOURS[tone] };
  return (
    <Badge
      variant="default"
      tt="none"
      fw={500}
      size="md"
      maw="100%"
      // Long words, as German has them, grow the mark instead of being cut off.
      styles={{ root: { height: 'auto' }, label: { whiteSpace: 'inherit', overflow: 'visible' } }}
      leftSection={<span aria-hidden style={{ display: 'block', ...dot }} />}
    >
      {children}
    </Badge>
  );
}

const TONES: Record<OperatorTopUp['state'], Tone> = {
  pending: 'waiting',
  charging: 'waiting',
  paid: 'waiting',
  credited: 'good',
  action_required: 'waiting',
  retrying: 'waiting',
  unknown: 'bad',
  failed: 'bad',
  canceled: 'neutral',
  refunded: 'neutral',
  disputed: 'bad',
};

export function StateMark({ state }: { state: OperatorTopUp['state'] }) {
  const words = useWords();
  return <Mark tone={TONES[state]}>{words.state(state)}</Mark>;
}
