import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../../shared/i18n/use-messages.ts';
import { Dialog } from '../acts/dialog.tsx';
import { searchOf, type Filters } from './filters.ts';
import { queueMessages } from './messages.ts';
import { useSavedViews } from './saved-views.ts';

/** Chooses, saves and deletes views. */
export function ViewsBar({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const t = useMessages(queueMessages);
  const { views, save, remove } = useSavedViews();
  const [naming, setNaming] = useState(false);
  const current = views.find((view) => isSame(view.filters, filters))?.name ?? '';
  return (
    <Group align="flex-end" gap="sm">
      {views.length > 0 && (
        <NativeSelect
          label={t('views')}
          value={current}
          onChange={(event) => {
            const view = views.find(({ name }) => name === event.currentTarget.value);
            if (view !== undefined) onChange(view.filters);
          }}
          data={[{ value: '', label: t('noView') }, ...views.map(({ name }) => name)]}
        />
      )}
      {current === '' ? (
        <Button variant="default" onClick={() => setNaming(true)}>
          {t('saveView')}
        </Button>
      ) : (
        <Button variant="default" onClick={() => remove(current)}>
          {t('deleteView')}
        </Button>
      )}
      {naming && (
        <NameDialog
          onClose={() => setNaming(false)}
          onName={(name) => {
            save({ name, filters });
            setNaming(false);
          }}
        />
      )}
    </Group>
  );
}

function NameDialog({ onName, onClose }: { onName: (name: string) => void; onClose: () => void }) {
  const t = useMessages(queueMessages);
  const [name, setName] = useState('');
  return (
    <Dialog onClose={onClose} title={t('saveTitle')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onName(name.trim());
        }}
      >
        <Stack>
          <TextInput
            label={t('viewName')}
            maxLength={60}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" disabled={name.trim() === ''}>
              {t('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function isSame(one: Filters, other: Filters): boolean {
  return searchOf(one) === searchOf(other);
}
