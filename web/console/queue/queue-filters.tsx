import {
  Button,
  Checkbox,
  Chip,
  Group,
  NativeSelect,
  Paper,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import type { OperatorTopUp, TopUpCounts } from '../../client/types.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useWords } from '../words/use-words.ts';
import { AGES, faultsOf, SHOWN_STATES, statesOf, type FilterName, type Filters } from './filters.ts';
import { queueMessages } from './messages.ts';

type State = OperatorTopUp['state'];
type QueueFiltersProps = {
  filters: Filters;
  counts: TopUpCounts | undefined;
  onChange: (filters: Filters) => void;
};

/** Writing stops before it is asked for. */
const TYPING_MS = 300;

/** What narrows the queue, with how many there are of each. */
export function QueueFilters({ filters, counts, onChange }: QueueFiltersProps) {
  const t = useMessages(queueMessages);
  const words = useWords();
  const set = (name: FilterName, value: string) => {
    const { [name]: _before, ...others } = filters;
    onChange(value === '' ? others : { ...others, [name]: value });
  };
  const chosen = statesOf(filters);
  const isWide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false });
  const faults = faultsOf(filters);
  const faultOf = (name: 'reason' | 'wallet' | 'age' | 'min' | 'max' | 'account') =>
    faults.includes(name) ? { error: t(`fault_${name}`) } : {};
  const isNarrowed = Object.keys(filters).some((name) => name !== 'state');
  const fields = (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 6 }} spacing="sm">
      <NativeSelect
        label={t('reason')}
        {...faultOf('reason')}
        value={filters.reason ?? ''}
        onChange={(event) => set('reason', event.currentTarget.value)}
        data={[
          { value: '', label: t('anyReason') },
          ...reasonsOf(counts, chosen, filters.reason).map(({ failure, count }) => ({
            value: failure,
            label: t('countOf', { label: words.failure(failure), count }),
          })),
        ]}
      />
      <NativeSelect
        label={t('wallet')}
        {...faultOf('wallet')}
        value={filters.wallet ?? ''}
        onChange={(event) => set('wallet', event.currentTarget.value)}
        data={[
          { value: '', label: t('anyWallet') },
          { value: 'call_minutes', label: words.wallet('call_minutes') },
          { value: 'chat_credits', label: words.wallet('chat_credits') },
        ]}
      />
      <NativeSelect
        label={t('age')}
        {...faultOf('age')}
        value={filters.age ?? ''}
        onChange={(event) => set('age', event.currentTarget.value)}
        data={[
          { value: '', label: t('anyAge') },
          ...AGES.map((age) => ({ value: age, label: t(`age_${age}`) })),
        ]}
      />
      <Typed
        label={t('minAmount')}
        {...faultOf('min')}
        inputMode="decimal"
        value={filters.min}
        onType={(text) => set('min', text)}
      />
      <Typed
        label={t('maxAmount')}
        {...faultOf('max')}
        inputMode="decimal"
        value={filters.max}
        onType={(text) => set('max', text)}
      />
      <Typed
        label={t('account')}
        {...faultOf('account')}
        inputMode="text"
        value={filters.account}
        onType={(text) => set('account', text)}
      />
    </SimpleGrid>
  );
  return (
    <Paper withBorder p="md" component="section" aria-label={t('filters')}>
      <Stack gap="md">
        <Chip.Group multiple value={chosen} onChange={(states) => set('state', states.join(','))}>
          <Group gap="xs" role="group" aria-label={t('states')}>
            {SHOWN_STATES.map((state) => (
              <Chip key={state} value={state} size="sm" variant="outline">
                {isCounted(state)
                  ? t('countOf', { label: words.state(state), count: counts?.counts[state] ?? 0 })
                  : words.state(state)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <Checkbox
          label={t('superseded')}
          checked={filters.superseded === 'include'}
          onChange={(event) => set('superseded', event.currentTarget.checked ? 'include' : '')}
        />
        {isWide ? (
          fields
        ) : (
          <details open={isNarrowed}>
            <summary style={{ cursor: 'pointer', marginBottom: 8 }}>{t('moreFilters')}</summary>
            {fields}
          </details>
        )}
        {Object.keys(filters).length > 0 && (
          <Group>
            <Button variant="default" size="xs" onClick={() => onChange({})}>
              {t('reset')}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

type TypedProps = {
  label: string;
  inputMode: 'decimal' | 'text';
  value: string | undefined;
  error?: string;
  onType: (text: string) => void;
};

/** A field whose text is asked for when the writing stops; a comma is taken for a point. */
function Typed({ label, inputMode, value = '', error, onType }: TypedProps) {
  const [typed, setTyped] = useState({ text: value, of: value });
  const tell = useDebouncedCallback(onType, TYPING_MS);
  // Changed from outside, by a view or the way back.
  if (typed.of !== value) setTyped({ text: value, of: value });
  return (
    <TextInput
      label={label}
      inputMode={inputMode}
      error={error}
      value={typed.text}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped({ text, of: value });
        tell(inputMode === 'decimal' ? text.trim().replace(',', '.') : text.trim());
      }}
    />
  );
}

/** Of those that are done for good there are more with every day: their number says nothing. */
function isCounted(state: State): boolean {
  return state !== 'credited' && state !== 'canceled';
}

/** The reasons that there are in the chosen states, the most first, and the one that is asked for. */
function reasonsOf(counts: TopUpCounts | undefined, states: readonly State[], asked: string | undefined) {
  const sums = new Map<string, number>(asked === undefined ? [] : [[asked, 0]]);
  for (const { state, failure, count } of counts?.reasons ?? []) {
    if (failure === null || !states.includes(state)) continue;
    sums.set(failure, (sums.get(failure) ?? 0) + count);
  }
  return [...sums].map(([failure, count]) => ({ failure, count })).sort((a, b) => b.count - a.count);
}
