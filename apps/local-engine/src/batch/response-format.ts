import { z } from 'zod';

/** The format of a batch reply: an object with one list of strings, or of objects with one string. */
export interface BatchFormat {
  /** The property with the list. */
  readonly list: string;
  /** If items are objects: the properties for the text and for its index in the list. */
  readonly item: { readonly text: string; readonly index: string | undefined } | undefined;
  readonly minItems: number;
  readonly maxItems: number;
}

const limitSchema = z.int().nonnegative().optional();

function objectSchema<Property extends z.ZodType>(property: Property) {
  return z.object({
    type: z.literal('object'),
    properties: z.record(z.string(), property),
    required: z.array(z.string()).default([]),
    additionalProperties: z.boolean().default(true),
  });
}

const itemObjectSchema = objectSchema(z.object({ type: z.enum(['string', 'integer']) }));

const rootSchema = objectSchema(
  z.object({
    type: z.literal('array'),
    items: z.discriminatedUnion('type', [z.object({ type: z.literal('string') }), itemObjectSchema]),
    minItems: limitSchema,
    maxItems: limitSchema,
  }),
);

type ObjectForm = Pick<z.infer<typeof rootSchema>, 'required' | 'additionalProperties'> & {
  readonly properties: Readonly<Record<string, unknown>>;
};

/** Checks the rules of `strict` for an object: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
function strictViolation({ properties, required, additionalProperties }: ObjectForm): string | undefined {
  if (additionalProperties) return "with strict, 'additionalProperties' must be false";
  const missing = Object.keys(properties).find((name) => !required.includes(name));
  return missing === undefined ? undefined : `with strict, 'required' must name every property; it lacks '${missing}'`;
}

const jsonSchemaSchema = z
  .object({
    name: z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, underscores and dashes'),
    strict: z.boolean().nullish(),
    schema: rootSchema,
  })
  .transform(({ strict, schema }, context): BatchFormat => {
    const refuse = (path: string[], message: string | undefined): void => {
      if (message !== undefined) context.addIssue({ code: 'custom', path: ['schema', ...path], message });
    };
    const [list, ...others] = Object.entries(schema.properties);
    if (list === undefined || others.length > 0) {
      refuse(['properties'], 'must have one property: the list of translations');
      return z.NEVER;
    }
    if (strict === true) refuse([], strictViolation(schema));
    const [name, { items, minItems = 0, maxItems = Infinity }] = list;
    if (items.type === 'string') return { list: name, item: undefined, minItems, maxItems };

    const itemsPath = ['properties', name, 'items'];
    if (strict === true) refuse(itemsPath, strictViolation(items));
    const named = (type: string) => Object.keys(items.properties).filter((key) => items.properties[key]?.type === type);
    const [text, ...moreTexts] = named('string');
    const [index, ...moreIndexes] = named('integer');
    if (text === undefined || moreTexts.length + moreIndexes.length > 0) {
      refuse(
        [...itemsPath, 'properties'],
        'must have one string, the translation, and may have one integer, its index',
      );
      return z.NEVER;
    }
    return { list: name, item: { text, index }, minItems, maxItems };
  });

/** `response_format` of a request: plain text, or the JSON schema of a batch. */
export const responseFormatSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('text') }),
    z.object({ type: z.literal('json_schema'), json_schema: jsonSchemaSchema }),
  ])
  .transform((format) => (format.type === 'text' ? undefined : format.json_schema));
