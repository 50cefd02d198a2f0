const kib = 1024;

/** Three digits: more is noise. */
export function digits(value: number): string {
  return value === Number.POSITIVE_INFINITY ? 'no limit' : value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** Rounded up to two digits: nobody orders 3,217 processes because of a model. */
export function count(value: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return (Math.ceil(value / step) * step).toLocaleString('en');
}

export function bytes(value: number): string {
  const [unit, size] = value >= kib ** 3 ? ['GiB', kib ** 3] : value >= kib ** 2 ? ['MiB', kib ** 2] : ['KiB', kib];
  return `${digits(value / size)} ${unit}`;
}

/** @param value bytes per second */
export function bitRate(value: number): string {
  const bits = 8 * value;
  return bits >= 1e9 ? `${digits(bits / 1e9)} Gbit/s` : `${digits(bits / 1e6)} Mbit/s`;
}

export function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}
