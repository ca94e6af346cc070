import { IconBell, IconBolt, IconChartLine, IconMail, IconReceipt } from '@tabler/icons-react';
import type { RouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { lazyPart } from '../shared/ui/lazy-part.tsx';
import { Loading } from '../shared/ui/states.tsx';
import type { frameMessages } from './messages.ts';
import { TopUpSection } from './top-up/top-up-section.tsx';

export type Section = {
  /** Below `/credits`. */
  readonly path: `/${string}`;
  readonly label: keyof (typeof frameMessages)['en'];
  readonly icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
  /** All but the first are a `lazyPart`. TanStack's own lazy component loads the whole page anew when it cannot load, which
   *  without a connection leaves nothing of it. */
  readonly component: RouteComponent;
};

/** What the sidebar leads to, in its order; each is a folder of its own. */
export const SECTIONS: readonly Section[] = [
  { path: '/', label: 'navTopUp', icon: IconBolt, component: TopUpSection },
  {
    path: '/history',
    label: 'navHistory',
    icon: IconReceipt,
    component: section(async () => (await import('./history/history-section.tsx')).HistorySection),
  },
  {
    path: '/usage',
    label: 'navLedger',
    icon: IconChartLine,
    component: section(async () => (await import('./ledger/ledger-section.tsx')).LedgerSection),
  },
  {
    path: '/notifications',
    label: 'navNotifications',
    icon: IconBell,
    component: section(
      async () => (await import('./notifications/notifications-section.tsx')).NotificationsSection,
    ),
  },
  {
    path: '/emails',
    label: 'navEmails',
    icon: IconMail,
    component: section(async () => (await import('./emails/emails-section.tsx')).EmailsSection),
  },
];

function section(load: () => Promise<ComponentType>): RouteComponent {
  return lazyPart(load, { waiting: <Loading lines={6} height={28} /> });
}
