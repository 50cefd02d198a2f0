/// <reference lib="dom" />

/**
 * The element of the page's HTML with this ID.
 *
 * @throws {TypeError} if there is none, or if it is of another class
 */
export function byId<E extends HTMLElement>(id: string, elementClass: new () => E): E {
  const element = document.getElementById(id);
  if (element instanceof elementClass) return element;
  throw new TypeError(`the page has no ${elementClass.name} #${id}`);
}
