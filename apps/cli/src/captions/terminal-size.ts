/** A terminal of unknown size (in a container or a recorder) reports 0, which would wrap the text after each letter. */
export function withoutZeroSize(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return new Proxy(stream, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (value === 0 && (name === 'columns' || name === 'rows')) return undefined;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
