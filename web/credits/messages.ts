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
    endingTitle: 'Your session ends at {time}',
    endingText: 'Save what you have changed before that. Then open the page again from your dashboard.',
    expiredTitle: 'Your session has expired.',
    expiredText: 'Open it again from your dashboard: click “Add credits” in the sidebar, next to your plan.',
    noneTitle: 'Open this page from your dashboard',
    noneText:
      'Click “Add credits” in the sidebar, next to your plan. The page then knows which account it is for.',
    done_paymentTitle: 'Thank you for your payment',
    done_paymentText:
      'You can close this tab and go on in your dashboard. The credit appears there as soon as the payment has arrived.',
    done_cardTitle: 'Your card is saved',
    done_cardText: 'You can close this tab and go on in your dashboard.',
    done_billingTitle: 'You have left your billing details',
    done_billingText: 'What you saved there is kept. You can close this tab and go on in your dashboard.',
    done_canceledTitle: 'Nothing was changed',
    done_canceledText:
      'You have left the page of the payment provider. You can close this tab and go on in your dashboard.',
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
    endingTitle: 'Ihre Sitzung endet um {time} Uhr',
    endingText:
      'Speichern Sie Ihre Änderungen vorher. Öffnen Sie die Seite danach erneut aus Ihrem Dashboard.',
    expiredTitle: 'Ihre Sitzung ist abgelaufen.',
    expiredText:
      'Öffnen Sie die Seite erneut aus Ihrem Dashboard: Klicken Sie in der Seitenleiste neben Ihrem Tarif auf „Guthaben aufladen“.',
    noneTitle: 'Öffnen Sie diese Seite aus Ihrem Dashboard',
    noneText:
      'Klicken Sie in der Seitenleiste neben Ihrem Tarif auf „Guthaben aufladen“. Dann weiß die Seite, um welches Konto es geht.',
    done_paymentTitle: 'Vielen Dank für Ihre Zahlung',
    done_paymentText:
      'Sie können diesen Tab schließen und in Ihrem Dashboard weitermachen. Das Guthaben erscheint dort, sobald die Zahlung eingegangen ist.',
    done_cardTitle: 'Ihre Karte ist gespeichert',
    done_cardText: 'Sie können diesen Tab schließen und in Ihrem Dashboard weitermachen.',
    done_billingTitle: 'Sie haben Ihre Rechnungsangaben verlassen',
    done_billingText:
      'Was Sie dort gespeichert haben, gilt. Sie können diesen Tab schließen und in Ihrem Dashboard weitermachen.',
    done_canceledTitle: 'Es wurde nichts geändert',
    done_canceledText:
      'Sie haben die Seite des Zahlungsanbieters verlassen. Sie können diesen Tab schließen und in Ihrem Dashboard weitermachen.',
    notFoundTitle: 'Diese Seite gibt es nicht',
    notFoundLink: 'Zum automatischen Aufladen',
  },
});
