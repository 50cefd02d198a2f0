/// <reference lib="dom" />

const idleMs = 3000;

/** Switches to full screen and back. Does nothing where the browser can't, such as on an iPhone. */
export function toggleFullScreen(): void {
  const done =
    document.fullscreenElement === null ? document.documentElement.requestFullscreen() : document.exitFullscreen();
  // The browser may refuse it.
  done.catch(() => undefined);
}

/** Hides the controls and the pointer in full screen while nobody uses them; see `.idle` in `listen.css`. */
export function hideControlsWhenIdle(): void {
  const root = document.documentElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const used = (): void => {
    clearTimeout(timer);
    root.classList.remove('idle');
    if (document.fullscreenElement !== null) timer = setTimeout(() => root.classList.add('idle'), idleMs);
  };
  for (const type of ['pointermove', 'pointerdown', 'keydown', 'fullscreenchange'])
    document.addEventListener(type, used);
}
