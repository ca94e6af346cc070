import { ActionIcon, Group, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { useMessages } from '../i18n/use-messages.ts';
import { useLocale } from '../i18n/locale.tsx';
import { sharedMessages } from '../messages.ts';

/** The switches of language and colours. */
export function Preferences() {
  return (
    <Group gap={4} wrap="nowrap">
      <LanguageSwitch />
      <SchemeSwitch />
    </Group>
  );
}

const LANGUAGES = [
  ['de', 'Deutsch'],
  ['en', 'English'],
] as const;

function LanguageSwitch() {
  const t = useMessages(sharedMessages);
  const { locale, choose } = useLocale();
  return (
    <Group gap={0} wrap="nowrap" role="group" aria-label={t('language')}>
      {LANGUAGES.map(([code, name]) => (
        <UnstyledButton
          key={code}
          className="language"
          lang={code}
          title={name}
          aria-label={name}
          aria-pressed={code === locale}
          onClick={() => choose(code)}
        >
          <Text span size="xs" fw={700} tt="uppercase" aria-hidden>
            {code}
          </Text>
        </UnstyledButton>
      ))}
    </Group>
  );
}

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const ICONS = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop };
const NAMES = { light: 'schemeLight', dark: 'schemeDark', auto: 'schemeAuto' } as const;

/** One button through the three: light, dark, and as the device has it. */
function SchemeSwitch() {
  const t = useMessages(sharedMessages);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = ICONS[colorScheme];
  const label = t('scheme', { scheme: t(NAMES[colorScheme]) });
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      c="var(--mantine-color-text)"
      title={label}
      aria-label={label}
      onClick={() => setColorScheme(NEXT[colorScheme])}
    >
      <Icon size={20} aria-hidden />
    </ActionIcon>
  );
}
