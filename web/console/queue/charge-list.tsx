import { Checkbox, Group, Paper, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { OperatorTopUp } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { GoTo } from '../go-to.tsx';
import { accountPath, chargePath } from '../paths.ts';
import { StateMark } from '../words/mark.tsx';
import { useWords } from '../words/use-words.ts';
import { queueMessages } from './messages.ts';

type ChargeListProps = {
  charges: readonly OperatorTopUp[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
};

/** Below it a table would have to be pushed from side to side. */
const WIDE = '(min-width: 75em)';

/** The charges as a table, or as cards where there is no room for one. */
export function ChargeList({ charges, chosen, onChoose }: ChargeListProps) {
  const t = useMessages(queueMessages);
  const isWide = useMediaQuery(WIDE, true, { getInitialValueInEffect: false });
  const count = charges.filter(({ id }) => chosen.has(id)).length;
  const all = (
    <Checkbox
      aria-label={t('selectAll')}
      {...(isWide ? {} : { label: t('selectAll') })}
      checked={count === charges.length}
      indeterminate={count > 0 && count < charges.length}
      onChange={() => onChoose(count === charges.length ? new Set() : new Set(charges.map(({ id }) => id)))}
    />
  );
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose(next);
  };
  const rows = charges.map((charge) => ({
    charge,
    box: (
      <Checkbox
        aria-label={t('select', { name: charge.accountName })}
        checked={chosen.has(charge.id)}
        onChange={() => toggle(charge.id)}
      />
    ),
  }));
  if (!isWide) {
    return (
      <Stack gap="sm" component="section" aria-label={t('list')}>
        {all}
        {rows.map(({ charge, box }) => (
          <Card key={charge.id} charge={charge} box={box} />
        ))}
      </Stack>
    );
  }
  return (
    <Paper withBorder p="xs">
      <Table aria-label={t('list')} verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={40}>{all}</Table.Th>
            <Table.Th>{t('columnState')}</Table.Th>
            <Table.Th>{t('columnAccount')}</Table.Th>
            <Table.Th ta="end">{t('columnAmount')}</Table.Th>
            <Table.Th>{t('columnReason')}</Table.Th>
            <Table.Th>{t('columnAge')}</Table.Th>
            <Table.Th>{t('columnNext')}</Table.Th>
            <Table.Th>
              <span className="visually-hidden">{t('details')}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ charge, box }) => (
            <Row key={charge.id} charge={charge} box={box} />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

type OneProps = { charge: OperatorTopUp; box: ReactNode };

function Row({ charge, box }: OneProps) {
  const t = useMessages(queueMessages);
  const words = useWords();
  const formats = useFormats();
  return (
    <Table.Tr data-charge={charge.id} data-state={charge.state}>
      <Table.Td>{box}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <StateMark state={charge.state} />
      </Table.Td>
      <Table.Td maw={240} style={{ overflowWrap: 'anywhere' }}>
        <GoTo path={accountPath(charge.account)}>{charge.accountName}</GoTo>
      </Table.Td>
      <Table.Td ta="end" style={{ whiteSpace: 'nowrap' }}>
        {formats.euros(charge.amount)}
        <Text size="xs" c="dimmed">
          {words.units(charge.wallet, charge.units)}
        </Text>
      </Table.Td>
      <Table.Td>
        {words.failure(charge.failure)}
        <Text size="xs" c="dimmed">
          {t('attempts', { count: charge.attempts })}
        </Text>
      </Table.Td>
      <Table.Td title={formats.dateTime(charge.createdAt)} style={{ whiteSpace: 'nowrap' }}>
        {formats.relative(charge.createdAt)}
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {charge.nextAttemptAt === null ? '–' : formats.relative(charge.nextAttemptAt)}
      </Table.Td>
      <Table.Td>
        <Details charge={charge} />
      </Table.Td>
    </Table.Tr>
  );
}

function Card({ charge, box }: OneProps) {
  const words = useWords();
  const formats = useFormats();
  return (
    <Paper withBorder p="md" data-charge={charge.id} data-state={charge.state}>
      <Group align="flex-start" wrap="nowrap" gap="sm">
        {box}
        <Stack gap={6} style={{ flex: 1, minWidth: 0 }}>
          <Group justify="space-between" gap="xs">
            <StateMark state={charge.state} />
            <Text fw={600}>{formats.euros(charge.amount)}</Text>
          </Group>
          <GoTo path={accountPath(charge.account)}>{charge.accountName}</GoTo>
          <Text size="sm">{words.failure(charge.failure)}</Text>
          <Group justify="space-between" align="flex-end" wrap="nowrap" gap="xs">
            <Text size="xs" c="dimmed">
              {words.wallet(charge.wallet)} · {formats.relative(charge.createdAt)}
            </Text>
            <Details charge={charge} />
          </Group>
        </Stack>
      </Group>
    </Paper>
  );
}

function Details({ charge }: { charge: OperatorTopUp }) {
  const t = useMessages(queueMessages);
  return (
    <GoTo path={chargePath(charge.id)}>
      <span aria-hidden>{t('details')}</span>
      <span className="visually-hidden">{t('open', { name: charge.accountName })}</span>
    </GoTo>
  );
}
