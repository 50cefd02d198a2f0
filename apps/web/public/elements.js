// @ts-check
/// <reference lib="dom" />
// Access to the elements of index.html.

/**
 * @param {string} id
 * @returns {HTMLElement}
 * @throws {Error} if index.html has no such element
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`index.html has no #${id}`);
  return element;
}

export const field = /** @type {(id: string) => HTMLInputElement} */ (byId);
export const button = /** @type {(id: string) => HTMLButtonElement} */ (byId);
export const choice = /** @type {(id: string) => HTMLSelectElement} */ (byId);
