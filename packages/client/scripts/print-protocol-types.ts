import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const protocolEntry = fileURLToPath(new URL('../../protocol/src/index.ts', import.meta.url));

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  types: [],
};

/** The constants of the protocol package that the client exports as well. */
const constants: ReadonlySet<string> = new Set(['closeCodes']);

/**
 * Prints the types of the protocol package, and the declarations of those constants, as TypeScript. There they are inferred from zod schemas; printed, they
 * need no zod, so that the client's declarations don't either.
 *
 * @throws Error if a type has no plain notation, such as a class
 */
export function printProtocolTypes(): string {
  const program = ts.createProgram([protocolEntry], compilerOptions);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(protocolEntry);
  const index = source && checker.getSymbolAtLocation(source);
  if (index === undefined) throw new Error(`cannot read ${protocolEntry}`);
  const printer = new TypePrinter(checker);
  const exports = checker.getExportsOfModule(index).map((exported) => ({
    exported,
    symbol: exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported,
  }));
  const aliases = exports.flatMap(({ exported, symbol }) => {
    if (!(symbol.flags & ts.SymbolFlags.TypeAlias)) return [];
    return { name: exported.name, symbol, type: checker.getDeclaredTypeOfSymbol(symbol) };
  });
  for (const { name, type } of aliases) printer.addName(name, type);
  const types = aliases.map(
    ({ name, symbol, type }) => `${docOf(symbol, checker)}export type ${name} = ${printer.print(type)};\n`,
  );
  const values = exports
    .filter(({ exported }) => constants.has(exported.name))
    .map(({ exported: { name }, symbol }) => {
      const type = printer.print(checker.getTypeOfSymbol(symbol));
      return `${docOf(symbol, checker)}export declare const ${name}: Readonly<${type}>;\n`;
    });
  return [...types, ...values].join('');
}

/** Prints types structurally. Types that occur within others are printed by name if they have one. */
class TypePrinter {
  readonly #checker: ts.TypeChecker;
  readonly #names = new Map<string, string>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  /** Names a type by its structure, because a type that zod infers has another identity wherever it occurs. */
  addName(name: string, type: ts.Type): void {
    const isPrimitive = (type.flags & (ts.TypeFlags.String | ts.TypeFlags.Number)) !== 0;
    if (!isPrimitive) this.#names.set(this.#printUnnamed(type), name);
  }

  print(type: ts.Type): string {
    return this.#print(type, (part) => this.#names.get(this.#printUnnamed(part)) ?? this.print(part));
  }

  #printUnnamed(type: ts.Type): string {
    return this.#print(type, (part) => this.#printUnnamed(part));
  }

  #print(type: ts.Type, printPart: (part: ts.Type) => string): string {
    const checker = this.#checker;
    if (type.flags & ts.TypeFlags.Boolean) return 'boolean';
    if (type.isUnion()) {
      const parts = type.types.map(printPart).join(' | ');
      return parts.replace(/\b(?:false \| true|true \| false)\b/, 'boolean');
    }
    if (checker.isArrayType(type)) {
      const element = checker
        .getTypeArguments(type as ts.TypeReference)
        .map(printPart)
        .join('');
      return /^\w+$/.test(element) ? `${element}[]` : `(${element})[]`;
    }
    if (type.flags & ts.TypeFlags.Object && type.getCallSignatures().length === 0) {
      const fields = checker.getPropertiesOfType(type).map((property) => {
        const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
        const fieldType = printPart(checker.getTypeOfSymbol(property));
        return `${docOf(property, checker)}${property.name}${isOptional ? '?' : ''}: ${fieldType};`;
      });
      return `{ ${fields.join(' ')} }`;
    }
    const printed = checker.typeToString(type);
    if (/[^\w"'. -]/.test(printed)) throw new Error(`cannot print the type ${printed}`);
    return printed;
  }
}

function docOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const doc = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  return doc === '' ? '' : `/** ${doc.replaceAll(/\s+/g, ' ')} */\n`;
}
