import { Button, Group, NativeSelect, Paper, SimpleGrid, Stack, TextInput, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { LedgerEntry } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Empty, Failed, Loading } from '../../shared/ui/states.tsx';
import { useAccount } from '../account.ts';
import { MoreButton } from '../more-button.tsx';
import type { Wallet } from '../units.ts';
import { startOfDay } from './day.ts';
import { LedgerTable } from './ledger-table.tsx';
import { ledgerMessages } from './messages.ts';
import { useDownload } from './use-download.ts';
import { useEntries, type EntriesQuery } from './use-entries.ts';

const KINDS = ['usage', 'top_up', 'grant', 'refund', 'dispute', 'adjustment'] as const;
const SOURCES = ['campaign', 'inbound', 'outbound'] as const;

type Filters = {
  kind: LedgerEntry['kind'] | '';
  source: (typeof SOURCES)[number] | '';
  from: string;
  to: string;
};

/** Every entry of a wallet, with filters that the file for spreadsheets has too. */
export function LedgerEntries({ wallet }: { wallet: Wallet }) {
  const t = useMessages(ledgerMessages);
  const titleId = useId();
  const { data: account } = useAccount();
  const [filters, setFilters] = useState<Filters>({ kind: '', source: '', from: '', to: '' });
  const query = queryOf(wallet, filters, account?.timeZone ?? 'UTC');
  const download = useDownload();
  return (
    <Paper component="section" aria-labelledby={titleId} withBorder p="md">
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4" id={titleId}>
            {t('entries')}
          </Title>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={download.isPending}
            onClick={() => download.mutate(query)}
          >
            {t('download')}
          </Button>
        </Group>
        <FilterFields wallet={wallet} filters={filters} onChange={setFilters} />
        <EntryList query={query} />
      </Stack>
    </Paper>
  );
}

type FilterProps = { wallet: Wallet; filters: Filters; onChange: (filters: Filters) => void };

function FilterFields({ wallet, filters, onChange }: FilterProps) {
  const t = useMessages(ledgerMessages);
  const change = (part: Partial<Filters>) => onChange({ ...filters, ...part });
  const kinds = [
    { value: '', label: t('kindAll') },
    ...KINDS.map((value) => ({ value, label: t(`kind_${value}`) })),
  ];
  const sources = [
    { value: '', label: t('sourceAll') },
    ...SOURCES.map((value) => ({ value, label: t(`source_${value}`) })),
  ];
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: wallet === 'call_minutes' ? 4 : 3 }} spacing="sm">
      <NativeSelect
        label={t('kind')}
        data={kinds}
        value={filters.kind}
        onChange={({ currentTarget }) => change({ kind: currentTarget.value as Filters['kind'] })}
      />
      {wallet === 'call_minutes' && (
        <NativeSelect
          label={t('source')}
          data={sources}
          value={filters.source}
          onChange={({ currentTarget }) => change({ source: currentTarget.value as Filters['source'] })}
        />
      )}
      <DayField
        label={t('from')}
        value={filters.from}
        max={filters.to}
        onChange={(from) => change({ from })}
      />
      <DayField label={t('to')} value={filters.to} min={filters.from} onChange={(to) => change({ to })} />
    </SimpleGrid>
  );
}

type DayProps = {
  label: string;
  value: string;
  min?: string;
  max?: string;
  onChange: (day: string) => void;
};

/** The browser writes a day in the format of its own language; below stands which one it is, in that of the page. */
function DayField({ value, onChange, ...field }: DayProps) {
  const { calendarDay } = useFormats();
  return (
    <TextInput
      {...field}
      type="date"
      value={value}
      description={isDay(value) ? calendarDay(value) : undefined}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

function EntryList({ query }: { query: EntriesQuery }) {
  const t = useMessages(ledgerMessages);
  const list = useEntries(query);
  if (list.data === undefined) {
    return list.error === null ? (
      <Loading lines={6} />
    ) : (
      <Failed error={list.error} onRetry={() => void list.refetch()} />
    );
  }
  const entries = list.data.pages.flatMap((page) => page.items);
  if (entries.length === 0) return <Empty title={t('empty')}>{t('emptyText')}</Empty>;
  return (
    <>
      <LedgerTable entries={entries} />
      {list.hasNextPage && (
        <Group>
          <MoreButton list={list}>{t('more')}</MoreButton>
        </Group>
      )}
    </>
  );
}

/** A year that is still being typed is no day yet. */
function isDay(day: string): boolean {
  return /^20\d\d-\d\d-\d\d$/.test(day);
}

/** Days are those of the account's time zone. */
function queryOf(wallet: Wallet, { kind, source, from, to }: Filters, timeZone: string): EntriesQuery {
  return {
    wallet,
    ...(kind === '' ? {} : { kind }),
    ...(source === '' ? {} : { source }),
    ...(isDay(from) ? { from: startOfDay(from, timeZone).toISOString() } : {}),
    ...(isDay(to) ? { to: startOfDay(to, timeZone, 1).toISOString() } : {}),
  };
}
