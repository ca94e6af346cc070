import { Alert, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getAccountWorkflowOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { WorkflowStanding } from '../../client/types.gen.ts';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Failed, Loading } from '../../shared/ui/states.tsx';
import { Mark } from '../words/mark.tsx';
import { useWords } from '../words/use-words.ts';
import { accountMessages } from './messages.ts';

const LOOK_AGAIN_MS = 5_000;

/** What the workflow believes beside what the database knows. */
export function WorkflowPanel({ id }: { id: string }) {
  const t = useMessages(accountMessages);
  const { data, error, refetch } = useQuery({
    ...getAccountWorkflowOptions({ path: { id } }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <Paper withBorder p="md" component="section" data-workflow={data?.status}>
      <Title order={2} size="h4" mb="sm">
        {t('workflow')}
      </Title>
      {data === undefined && error !== null ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading />
      ) : (
        <Standing standing={data} />
      )}
    </Paper>
  );
}

function Standing({ standing }: { standing: WorkflowStanding }) {
  const t = useMessages(accountMessages);
  const { status, differences, newsOnTheWay } = standing;
  const isFault = differences.length > 0 && !newsOnTheWay;
  return (
    <Stack gap="sm">
      <Text size="sm">{t(`workflow_${status}`)}</Text>
      {status === 'answered' && differences.length === 0 && <Text size="sm">{t('same')}</Text>}
      {isFault && (
        <Alert color="red" role="alert">
          {t('differs')}
        </Alert>
      )}
      {newsOnTheWay && (
        <Text size="sm" c="dimmed">
          {t('newsOnTheWay')}
        </Text>
      )}
      <Facts rows={rowsOf(standing)} />
    </Stack>
  );
}

type Row = Omit<WorkflowStanding['differences'][number], 'what'> & {
  what: WorkflowStanding['differences'][number]['what'];
  isDifferent: boolean;
};

/** All that both know, and what differs besides. */
function rowsOf({ facts, differences }: WorkflowStanding): Row[] {
  const isSame = (one: Pick<Row, 'what' | 'wallet'>) => (other: Pick<Row, 'what' | 'wallet'>) =>
    one.what === other.what && one.wallet === other.wallet;
  const further = differences.filter((difference) => !facts.some(isSame(difference)));
  return [
    ...facts.map((fact) => ({ ...fact, isDifferent: differences.some(isSame(fact)) })),
    ...further.map((difference) => ({ ...difference, isDifferent: true })),
  ];
}

function Facts({ rows }: { rows: readonly Row[] }) {
  const t = useMessages(accountMessages);
  const words = useWords();
  const formats = useFormats();
  if (rows.length === 0) return null;
  const shown = (value: Row['workflow']) =>
    typeof value === 'number' ? formats.number(value, 3) : (value ?? t('nothing'));
  return (
    <Table aria-label={t('workflow')} style={{ overflowWrap: 'anywhere' }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('what')}</Table.Th>
          <Table.Th>{t('inWorkflow')}</Table.Th>
          <Table.Th>{t('inDatabase')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ what, wallet, workflow, database, isDifferent }) => (
          <Table.Tr
            key={`${what} ${wallet}`}
            data-fact={what}
            {...(isDifferent ? { 'data-difference': what } : {})}
          >
            <Table.Td>
              {t(`what_${what}`)}
              {wallet !== null && (
                <Text size="xs" c="dimmed">
                  {words.wallet(wallet)}
                </Text>
              )}
              {isDifferent && <Mark tone="bad">{t('different')}</Mark>}
            </Table.Td>
            <Table.Td>{shown(workflow)}</Table.Td>
            <Table.Td>{shown(database)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
