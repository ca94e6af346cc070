import { IconBell, IconBolt, IconChartLine, IconMail, IconReceipt } from '@tabler/icons-react';
import { lazyRouteComponent, type RouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import type { frameMessages } from './messages.ts';
import { TopUpSection } from './top-up/top-up-section.tsx';

export type Section = {
  /** Below `/credits`. */
  readonly path: `/${string}`;
  readonly label: keyof (typeof frameMessages)['en'];
  readonly icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
  /** All but the first are a `lazyRouteComponent`, which loads when the section is opened. */
  readonly component: RouteComponent;
};

/** What the sidebar leads to, in its order; each is a folder of its own. */
export const SECTIONS: readonly Section[] = [
  { path: '/', label: 'navTopUp', icon: IconBolt, component: TopUpSection },
  {
    path: '/history',
    label: 'navHistory',
    icon: IconReceipt,
    component: lazyRouteComponent(() => import('./history/history-section.tsx'), 'HistorySection'),
  },
  {
    path: '/usage',
    label: 'navLedger',
    icon: IconChartLine,
    component: lazyRouteComponent(() => import('./ledger/ledger-section.tsx'), 'LedgerSection'),
  },
  {
    path: '/notifications',
    label: 'navNotifications',
    icon: IconBell,
    component: lazyRouteComponent(
      () => import('./notifications/notifications-section.tsx'),
      'NotificationsSection',
    ),
  },
  {
    path: '/emails',
    label: 'navEmails',
    icon: IconMail,
    component: lazyRouteComponent(() => import('./emails/emails-section.tsx'), 'EmailsSection'),
  },
];
