/* global document, DOMParser, fetch, location, setTimeout, AbortSignal */
/** Reads the page again every two seconds and replaces the parts that have changed, so that nothing moves under the reader. */

const everyMs = 2000;
const timeoutMs = 5000;
const stale = document.querySelector('.stale');

async function refresh() {
  const response = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-part]')) {
    const next = page.querySelector(`[data-part="${part.dataset.part}"]`);
    // Not replaced where it is the same: a screen reader would read it again.
    if (next !== null && next.innerHTML !== part.innerHTML) part.innerHTML = next.innerHTML;
  }
  document.title = page.title;
}

async function keepFresh() {
  if (!document.hidden) {
    stale.hidden = await refresh().then(
      () => true,
      () => false,
    );
  }
  setTimeout(() => void keepFresh(), everyMs);
}

setTimeout(() => void keepFresh(), everyMs);
