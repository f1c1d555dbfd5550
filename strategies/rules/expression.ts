/** Characters [from, to) of the text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '<' | '<=' | '>' | '>=' | '==' | '!=' | '&&' | '||';

/** An expression as it was written, with the place of every part. Nothing of it has been looked up yet. */
export type Expression = Span &
  (
    | { readonly kind: 'literal'; readonly value: number | string | boolean }
    | { readonly kind: 'name'; readonly name: string }
    | Call
    | { readonly kind: 'unary'; readonly operator: '-' | '!'; readonly of: Expression }
    | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  );

/** `bollinger(close, 20).upper`; `close[1]` is the call `lag(close, 1)`. */
export interface Call extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Expression[];
  /** The member that was asked for; null for none. */
  readonly output: (Span & { readonly name: string }) | null;
}

/** What is wrong with a text, and where. */
export interface Complaint extends Span {
  readonly message: string;
}
