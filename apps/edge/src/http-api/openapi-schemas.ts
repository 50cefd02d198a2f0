/** The part of a document that matters here. */
interface DocumentParts {
  readonly paths?: object;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

const prefix = '#/components/schemas/';
const inputSuffix = /Input$/;

/**
 * The schema provider lists each named schema twice: `X` for replies, and `XInput` for requests. Removes those that nothing
 * refers to, and the suffix of those without a twin.
 */
export function withoutTwins<Document extends object>(document: Document): Document {
  const { paths, components: { schemas = {}, ...components } = {} } = document as DocumentParts;
  const used = usedSchemas(paths, schemas);
  const nameOf = (name: string): string => {
    const plain = name.replace(inputSuffix, '');
    return used.has(plain) ? name : plain;
  };
  const kept = Object.fromEntries(Array.from(used, (name) => [nameOf(name), schemas[name]]));
  const json = JSON.stringify({ ...document, components: { ...components, schemas: kept } });
  return JSON.parse(json, (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' && value.startsWith(prefix)
      ? `${prefix}${nameOf(value.slice(prefix.length))}`
      : value,
  ) as Document;
}

/** The names of the schemas that the paths refer to, directly or by other schemas. */
function usedSchemas(paths: unknown, schemas: Readonly<Record<string, unknown>>): Set<string> {
  const used = new Set<string>();
  const visit = (part: unknown): void => {
    JSON.stringify(part, (key, value: unknown) => {
      const name = key === '$ref' && typeof value === 'string' ? value.slice(prefix.length) : undefined;
      if (name !== undefined && name in schemas && !used.has(name)) {
        used.add(name);
        visit(schemas[name]);
      }
      return value;
    });
  };
  visit(paths);
  return used;
}
