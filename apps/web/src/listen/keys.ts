/// <reference lib="dom" />

/** What keys do, outside of fields. */
export interface KeyActions {
  larger(): void;
  smaller(): void;
  fullScreen(): void;
  newest(): void;
}

/** Pure. Undefined for keys that do nothing here. */
export function actionOf(key: string): keyof KeyActions | undefined {
  if (key === '+' || key === '=') return 'larger';
  if (key === '-' || key === '_') return 'smaller';
  if (key.toLowerCase() === 'f') return 'fullScreen';
  return key === 'End' ? 'newest' : undefined;
}

export function listenToKeys(actions: KeyActions): void {
  document.addEventListener('keydown', (event) => {
    const isForBrowser = event.ctrlKey || event.metaKey || event.altKey;
    const isInField = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    const action = isForBrowser || isInField ? undefined : actionOf(event.key);
    if (action === undefined) return;
    event.preventDefault();
    actions[action]();
  });
}
