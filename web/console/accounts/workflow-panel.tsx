import { Alert, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getAccountWorkflowOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { WorkflowStanding } from '../../client/types.gen.ts';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Failed, Loading } from '../../shared/ui/states.tsx';
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
      {differences.length > 0 && <Differences differences={differences} />}
    </Stack>
  );
}

function Differences({ differences }: Pick<WorkflowStanding, 'differences'>) {
  const t = useMessages(accountMessages);
  const words = useWords();
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
        {differences.map(({ what, wallet, workflow, database }) => (
          <Table.Tr key={`${what} ${wallet}`} data-difference={what}>
            <Table.Td>
              {t(`what_${what}`)}
              {wallet !== null && (
                <Text size="xs" c="dimmed">
                  {words.wallet(wallet)}
                </Text>
              )}
            </Table.Td>
            <Table.Td>{workflow ?? t('nothing')}</Table.Td>
            <Table.Td>{database ?? t('nothing')}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
