import jsep, { type Expression } from 'jsep';

/** Brackets, calls and signs within each other; deeper text is refused before it can exhaust the stack. */
const MAX_DEPTH = 64;

/** What of the parser's inner steps is overridden below; its declarations leave them out. */
interface Steps {
  readonly expr: string;
  index: number;
  parse(): Expression;
  gobbleSpaces(): void;
  gobbleToken(): Expression | false | undefined;
  gobbleExpression(): Expression | false | undefined;
  gobbleBinaryExpression(): Expression | false | undefined;
  gobbleIdentifier(): Expression;
  gobbleArguments(until: number): Expression[];
  throwError(message: string): never;
}

const { Jsep } = jsep as unknown as { Jsep: new (text: string) => Steps };

type Spans = WeakMap<object, { from: number; to: number }>;

/** The library's parser, made to note where each node stands, and to stop at a depth. A class, since that is how the library is extended. */
class SpannedParser extends Jsep {
  readonly spans: Spans = new WeakMap();
  #depth = 0;

  override gobbleToken() {
    return this.#noted(() => super.gobbleToken());
  }

  override gobbleExpression() {
    return this.#noted(() => super.gobbleExpression());
  }

  override gobbleBinaryExpression() {
    return this.#noted(() => super.gobbleBinaryExpression());
  }

  override gobbleIdentifier() {
    return this.#noted(() => super.gobbleIdentifier());
  }

  /** The list of arguments ends with its bracket: that is where the call ends, whatever member follows. */
  override gobbleArguments(until: number) {
    return this.#noted(() => super.gobbleArguments(until));
  }

  /** The innermost step that gives a node knows its place best: brackets around it do not count. */
  #noted<Result extends object | false | undefined>(step: () => Result): Result {
    this.gobbleSpaces();
    const from = this.index;
    // Each level of brackets passes through three of these steps.
    if (++this.#depth > 3 * MAX_DEPTH) this.throwError(`Brackets, calls and signs are more than ${MAX_DEPTH} deep`);
    const node = step();
    this.#depth--;
    if (node && !this.spans.has(node)) this.spans.set(node, { from, to: endOfText(this.expr, from, this.index) });
    return node;
  }
}

function endOfText(text: string, from: number, index: number): number {
  let end = index;
  while (end > from && ' \t\r\n'.includes(text[end - 1]!)) end--;
  return end;
}

/** The library's tree of a text, and where its nodes stand. Throws an error with the `index` of the fault for text that is no expression. */
export function parseSpanned(text: string): { tree: Expression; spans: Spans } {
  const parser = new SpannedParser(text);
  return { tree: parser.parse(), spans: parser.spans };
}
