import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { sharedMessages } from '../../shared/messages.ts';
import { NO_BANNER } from '../../shared/ui/modal-attributes.ts';

type DialogProps = {
  title: string;
  size?: 'md' | 'lg';
  /** Whether a click beside it closes it: not when something is under way. */
  isLight?: boolean;
  /** Whether it may not be closed at all: what it shows is being done. */
  isBusy?: boolean;
  onClose: () => void;
  children: ReactNode;
};

/** A dialog that is there as long as it is shown. */
export function Dialog({
  title,
  size = 'md',
  isLight = true,
  isBusy = false,
  onClose,
  children,
}: DialogProps) {
  const t = useMessages(sharedMessages);
  return (
    <Modal
      opened
      centered
      onClose={onClose}
      title={title}
      size={size}
      closeOnClickOutside={isLight && !isBusy}
      closeOnEscape={!isBusy}
      withCloseButton={!isBusy}
      closeButtonProps={{ 'aria-label': t('close') }}
      attributes={NO_BANNER}
    >
      {children}
    </Modal>
  );
}
