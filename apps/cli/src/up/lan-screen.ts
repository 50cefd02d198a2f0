import { styleText } from 'node:util';
import { renderUnicodeCompact } from 'uqr';
import type { SpeakToken } from './speak-token.ts';

const timeFormat = { hour: '2-digit', minute: '2-digit', hour12: false } as const;

export interface LanScreen {
  /** The address of the speaker's page for other devices. */
  readonly url: string;
  /** With it, whoever opens the page may speak without a key; `undefined` if the edge made none. */
  readonly speakToken: SpeakToken | undefined;
  /** The key that was made for the network; `undefined` if keys are configured. */
  readonly key: string | undefined;
  readonly showQrCode: boolean;
}

/** Renders how other devices reach the edge, and a warning of who can. */
export function renderLan({ url, speakToken, key, showQrCode }: LanScreen): string {
  const { host, port, origin } = new URL(url);
  const access = speakToken === undefined ? [] : [`token=${speakToken.token}`];
  const link = [url, ...access].join('#');
  const until = speakToken === undefined ? '' : ` until ${speakToken.expiresAt.toLocaleTimeString('en', timeFormat)}`;
  return [
    `WARNING: every device in this network can reach ${host}, guests of a Wi-Fi included. Whoever has a link below or the key`,
    'can open sessions, and whoever has a join code can listen. Nothing is encrypted: others in the network may read along.',
    'Use --lan only in a network that you trust, and not on a machine with a public address.',
    ...(key === undefined ? [] : ['', `API key, for programs and for more tokens: ${key}`]),
    '',
    `To speak from a phone or another device in this network, open this link${until}:`,
    '',
    link,
    ...(showQrCode ? ['', qrCode(link)] : []),
    '',
    // The last one, because the QR code fills the terminal.
    'To speak on this computer, whose browser then may use the microphone, open this one:',
    '',
    `http://localhost:${port}/#${[...access, `audience=${origin}`].join('&')}`,
    '',
    'Listeners get their own link, and a QR code of it, from the page of the speaker.',
  ].join('\n');
}

/** Draws a QR code with light and dark characters; the colors are set for terminals with a light background. */
function qrCode(text: string): string {
  const lines = renderUnicodeCompact(text, { border: 2 }).split('\n');
  return lines.map((line) => styleText(['whiteBright', 'bgBlack'], line)).join('\n');
}
