import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { NO_BANNER } from '../../shared/ui/modal-attributes.ts';
import { sharedMessages } from '../../shared/messages.ts';
import { settingsMessages } from './messages.ts';

/** Asks before changes are lost. */
export function LeaveDialog({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  const t = useMessages(settingsMessages);
  const shared = useMessages(sharedMessages);
  return (
    <Modal
      opened
      onClose={onStay}
      title={t('leaveTitle')}
      centered
      closeButtonProps={{ 'aria-label': shared('close') }}
      attributes={NO_BANNER}
    >
      <Stack gap="lg">
        <Text>{t('leaveText')}</Text>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onLeave}>
            {t('leaveGo')}
          </Button>
          <Button data-autofocus onClick={onStay}>
            {t('leaveStay')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
