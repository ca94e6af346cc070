import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { useAnnounce } from '../../shared/ui/announcer.tsx';
import { useToast } from '../../shared/ui/use-toast.ts';
import { useWords } from '../words/use-words.ts';
import { Dialog } from './dialog.tsx';
import { actMessages } from './messages.ts';

/** What an act needs besides its own fields: the key is the same however often the button is pressed. */
export type Order = { reason: string; headers: { 'idempotency-key': string } };

type ActDialogProps = {
  title: string;
  /** What it does, before it is done. */
  explanation: string;
  confirm: string;
  isDangerous?: boolean;
  /** Further fields. */
  children?: ReactNode;
  /** Whether the further fields are complete. */
  isReady?: boolean;
  /** @returns what came of it, in one sentence. */
  act: (order: Order) => Promise<string>;
  onClose: () => void;
};

/** Asks for the reason of an act, does it once, and says what came of it. All that is shown is read again then. */
export function ActDialog(props: ActDialogProps) {
  const { title, explanation, confirm, isDangerous = false, children, isReady = true, act, onClose } = props;
  const t = useMessages(actMessages);
  const words = useWords();
  const queries = useQueryClient();
  const toast = useToast();
  const announce = useAnnounce();
  const [reason, setReason] = useState('');
  const [key] = useState(() => crypto.randomUUID());
  const doing = useMutation({
    mutationFn: () => act({ reason: reason.trim(), headers: { 'idempotency-key': key } }),
    onSuccess: async (result) => {
      announce(result);
      onClose();
      await Promise.all([toast({ message: result, tone: 'good' }), queries.invalidateQueries()]);
    },
  });
  return (
    <Dialog onClose={onClose} title={title} isBusy={doing.isPending}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          doing.mutate();
        }}
      >
        <Stack>
          <Text size="sm">{explanation}</Text>
          {children}
          <TextInput
            label={t('reason')}
            description={t('reasonHint')}
            required
            withAsterisk={false}
            maxLength={200}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {doing.error !== null && (
            <Alert color="red" role="alert">
              {words.problem(doing.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} disabled={doing.isPending}>
              {t('cancel')}
            </Button>
            <Button
              type="submit"
              {...(isDangerous ? { color: 'red.9' } : {})}
              loading={doing.isPending}
              disabled={reason.trim() === '' || !isReady}
            >
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
