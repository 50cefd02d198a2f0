import { styleText } from 'node:util';
import { renderUnicodeCompact } from 'uqr';

export interface LanScreen {
  /** The address of the page for other devices. */
  readonly url: string;
  /** The key that was made for the network; `undefined` if keys are configured. */
  readonly key: string | undefined;
  readonly showQrCode: boolean;
}

/** Renders how other devices reach the edge, and a warning of who can. */
export function renderLan({ url, key, showQrCode }: LanScreen): string {
  const { host } = new URL(url);
  const wsUrl = `ws://${host}`;
  return [
    `To speak from a phone or another device in this network, open ${url}`,
    ...(showQrCode ? ['', qrCode(url), ''] : []),
    ...(key === undefined
      ? []
      : [`Key for speakers: ${key}   (listeners need only the join code: parley listen CODE --url ${wsUrl})`]),
    '',
    `WARNING: every device in this network can reach ${host}, guests of a Wi-Fi included. Whoever has the key can`,
    'open sessions, and whoever has a join code can listen. Nothing is encrypted: others in the network may read along.',
    'Use --lan only in a network that you trust, and not on a machine with a public address.',
  ].join('\n');
}

/** Draws a QR code with light and dark characters; the colors are set for terminals with a light background. */
function qrCode(text: string): string {
  const lines = renderUnicodeCompact(text, { border: 2 }).split('\n');
  return lines.map((line) => styleText(['whiteBright', 'bgBlack'], line)).join('\n');
}
