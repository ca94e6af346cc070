import { catalogue } from '../shared/i18n/catalogue.ts';

/** The frame of the credits page. */
export const frameMessages = catalogue({
  en: {
    title: 'Credits',
    addCredits: 'Add credits',
    plan: 'Plan',
    navTopUp: 'Auto Top-up',
    navNotifications: 'Notifications',
    navHistory: 'Top-ups and invoices',
    navLedger: 'Usage and balance',
    navEmails: 'Email preferences',
    live: 'Live',
    connecting: 'Connecting …',
    expiredTitle: 'Your session has expired.',
    expiredText: 'Open it again from your dashboard: click “Add credits” in the sidebar, next to your plan.',
    noneTitle: 'Open this page from your dashboard',
    noneText:
      'Click “Add credits” in the sidebar, next to your plan. The page then knows which account it is for.',
    notFoundTitle: 'There is no such page',
    notFoundLink: 'To Auto Top-up',
  },
  de: {
    title: 'Guthaben',
    addCredits: 'Guthaben aufladen',
    plan: 'Tarif',
    navTopUp: 'Automatisch aufladen',
    navNotifications: 'Mitteilungen',
    navHistory: 'Aufladungen und Rechnungen',
    navLedger: 'Verbrauch und Guthaben',
    navEmails: 'E-Mail-Einstellungen',
    live: 'Live',
    connecting: 'Verbinde …',
    expiredTitle: 'Ihre Sitzung ist abgelaufen.',
    expiredText:
      'Öffnen Sie die Seite erneut aus Ihrem Dashboard: Klicken Sie in der Seitenleiste neben Ihrem Tarif auf „Guthaben aufladen“.',
    noneTitle: 'Öffnen Sie diese Seite aus Ihrem Dashboard',
    noneText:
      'Klicken Sie in der Seitenleiste neben Ihrem Tarif auf „Guthaben aufladen“. Dann weiß die Seite, um welches Konto es geht.',
    notFoundTitle: 'Diese Seite gibt es nicht',
    notFoundLink: 'Zum automatischen Aufladen',
  },
});
