'use client';
import { autocompletion, closeBrackets, completionKeymap, type Completion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import type { RuleFault } from '#shared/rules.ts';

export type Completions = readonly Completion[];
interface Props {
  label: string;
  value: string;
  faults: readonly RuleFault[];
  completions: Completions;
  onChange: (value: string) => void;
}

/** Words of an expression, for their colours only; what they mean is the checker's. */
const LANGUAGE = StreamLanguage.define({
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^(true|false)\b/)) return 'bool';
    if (stream.match(/^\d+(\.\d+)?(e[+-]?\d+)?/i)) return 'number';
    if (stream.match(/^'[^']*'?|^"[^"]*"?/)) return 'string';
    if (stream.match(/^[A-Za-z]\w*(?=\s*\()/)) return 'keyword';
    if (stream.match(/^[A-Za-z]\w*/)) return 'variableName';
    if (stream.match(/^[<>=!&|+\-*/%?:]+/)) return 'operator';
    stream.next();
    return null;
  },
});
const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)' },
  { tag: [tags.number, tags.bool], color: 'var(--warn)' },
  { tag: tags.string, color: 'var(--gain)' },
  { tag: tags.operator, color: 'var(--muted)' },
]);
const LOOKS = EditorView.theme({
  '&': { border: '1px solid var(--edge)', borderRadius: '5px', backgroundColor: 'var(--ground)', fontSize: '13px' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-content': { caretColor: 'var(--ink)', fontFamily: 'var(--font-mono, ui-monospace, monospace)', padding: '3px 4px' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-tooltip': { backgroundColor: 'var(--ground)', border: '1px solid var(--edge)', color: 'var(--ink)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--ink)' },
  '.cm-completionDetail': { color: 'var(--muted)' },
});

/** One expression with colours, completion (Ctrl-Space, or while typing) and its faults underlined. Tab leaves it, as any other field. */
export function ExpressionEditor({ label, value, faults, completions, onChange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const words = useRef(new Compartment());
  const tell = useRef(onChange);
  const first = useRef({ value, label });
  useEffect(() => {
    tell.current = onChange;
  });
  useEffect(() => {
    const made = new EditorView({
      parent: box.current!,
      state: EditorState.create({
        doc: first.current.value,
        extensions: [
          LANGUAGE,
          syntaxHighlighting(COLOURS),
          LOOKS,
          history(),
          bracketMatching(),
          closeBrackets(),
          words.current.of([]),
          keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap.filter(({ key }) => key !== 'Enter')]),
          EditorView.lineWrapping,
          // One line: an expression needs no more, and Enter sends the form nowhere by accident.
          EditorState.transactionFilter.of((transaction) => (transaction.newDoc.lines > 1 ? [] : transaction)),
          EditorView.contentAttributes.of({ 'aria-label': first.current.label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) tell.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    const now = view.current!;
    if (now.state.doc.toString() !== value) now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const source = autocompletion({
      override: [
        (context) => {
          const word = context.matchBefore(/\w+/);
          return word === null && !context.explicit
            ? null
            : { from: word?.from ?? context.pos, options: [...completions], validFor: /^\w*$/ };
        },
      ],
    });
    view.current!.dispatch({ effects: words.current.reconfigure(source) });
  }, [completions]);
  useEffect(() => {
    const { state } = view.current!;
    const end = state.doc.length;
    const shown = faults.map(({ from = 0, to = end, message }) => ({
      from: Math.min(from, end),
      to: Math.min(Math.max(to, from), end),
      severity: 'error' as const,
      message,
    }));
    view.current!.dispatch(setDiagnostics(state, shown));
  }, [faults, value]);
  return <div ref={box} />;
}
