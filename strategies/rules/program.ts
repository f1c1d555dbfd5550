import { PRICE_COLUMNS } from '../../shared/bars.ts';
import type { RuleFault, Rules } from '../../shared/rules.ts';
import type { Params } from '../../shared/strategy.ts';
import { INDICATORS } from '../../engine/indicators/catalog.ts';
import { PERIODS, type Period } from '../../engine/timeframes/period.ts';
import { orderDefinitions } from './definitions.ts';
import type { Complaint, Expression } from './expression.ts';
import { FUNCTIONS } from './functions.ts';
import { checkHeld } from './check-held.ts';
import { createGraph, HELD, isHeld, type Condition, type Graph, type NumberNode } from './graph.ts';
import { createTools, lower } from './lower.ts';
import type { Meaning, Names, Text } from './meaning.ts';
import { parseExpression } from './parse.ts';
import { checkFields, ENTRY_NUMBERS, SIGNAL_FIELDS } from './fields.ts';

const CONDITIONS = [...SIGNAL_FIELDS, 'universe'] as const;
const NUMBERS = [...ENTRY_NUMBERS, 'weight'] as const;

type ConditionField = (typeof CONDITIONS)[number];
export type NumberField = (typeof NUMBERS)[number];

/** Rules with their parameters put in: what has to be computed at every bar. */
export interface Program {
  readonly conditions: Partial<Record<ConditionField, Condition>>;
  readonly numbers: Partial<Record<NumberField, NumberNode>>;
  /** When weights are applied; null: at every bar. */
  readonly rebalance: Period | Condition | null;
  readonly tag: Text | null;
}

interface CheckedRules {
  /** Null where there are faults. */
  readonly program: Program | null;
  /** Every one at once; paths start at the spec's root. */
  readonly faults: RuleFault[];
  readonly warnings: RuleFault[];
}

export interface RulesChecker {
  /**
   * Gives the expressions their meaning with these parameters and the columns of the data (left out: those that all data have). A parameter
   * without a value is not complained of here; what depends on it is not checked.
   */
  check(params: Params, columns?: readonly string[]): CheckedRules;
}

const ROOT = 'strategy.rules';

/** What stands in the fields of rules, as it was written. */
interface Written {
  readonly definitions: ReadonlyMap<string, Expression | null>;
  readonly fields: ReadonlyMap<string, Expression | null>;
  readonly faults: RuleFault[];
}

function readAll(rules: Rules): Written {
  const faults: RuleFault[] = [];
  const read = (path: string, text: string): Expression | null => {
    const { expression, complaints } = parseExpression(text);
    faults.push(...at(path, complaints));
    return expression;
  };
  const definitions = new Map(Object.entries(rules.let).map(([name, text]) => [name, read(`${ROOT}.let.${name}`, text)]));
  const fields = new Map<string, Expression | null>();
  for (const field of [...CONDITIONS, ...NUMBERS, 'tag', 'rebalance'] as const) {
    const text = rules[field];
    if (text === undefined || (field === 'rebalance' && isPeriod(text))) continue;
    fields.set(field, read(`${ROOT}.${field}`, text));
  }
  return { definitions, fields, faults };
}

/** Reads the expressions of rules once, to be checked and computed with many sets of parameters. */
export function readRules(rules: Rules): RulesChecker {
  const written = readAll(rules);
  const { order, faults: cycles } = orderDefinitions(written.definitions);
  const shape = checkFields(rules);
  const known = [...written.faults, ...cycles, ...shape.faults];
  const namesIn = lastOf((columns: readonly string[]) => checkNames(rules, columns));
  return {
    check(params, columns = PRICE_COLUMNS) {
      const faults = [...known, ...namesIn(columns)];
      const { names, define, used } = createNames(rules, params, columns);
      const complaints: Complaint[] = [];
      const graph = createGraph();
      const tools = createTools(graph, names, complaints);
      const lowerAt = (path: string, expression: Expression | null | undefined): Meaning => {
        const meaning = expression ? lower(tools, expression) : null;
        if (complaints.length > 0) faults.push(...at(path, complaints.splice(0)));
        return meaning;
      };
      for (const name of order) define(name, lowerAt(`${ROOT}.let.${name}`, written.definitions.get(name)));
      const meaningOf = (field: string) => lowerAt(`${ROOT}.${field}`, written.fields.get(field));
      const fault = (field: string, message: string) => void faults.push({ path: `${ROOT}.${field}`, message, ...placeOf(written, field) });
      const program = inUniverse(graph, programOf(rules, { meaningOf, fault }));
      faults.push(...checkHeld(program).map((fault) => ({ ...fault, path: `${ROOT}.${fault.path}`, ...placeOf(written, fault.path) })));
      return { program: faults.length > 0 ? null : program, faults, warnings: [...shape.warnings, ...unusedNames(rules, used)] };
    },
  };
}

/** Remembers the last result: a sweep asks the same for every trial. */
function lastOf<Asked extends object, Result>(compute: (asked: Asked) => Result): (asked: Asked) => Result {
  let last: { asked: Asked; result: Result } | null = null;
  return (asked) => {
    if (last?.asked !== asked) last = { asked, result: compute(asked) };
    return last.result;
  };
}

/** Entries count only where the symbol is certainly in the universe. */
function inUniverse(graph: Graph, program: Program): Program {
  const { universe, ...others } = program.conditions;
  if (universe === undefined) return program;
  const isEntry = (field: string) => field === 'enterLong' || field === 'enterShort';
  const entries = Object.entries(others).map(([field, condition]) => [field, isEntry(field) ? graph.and(condition, universe) : condition]);
  return { ...program, conditions: { ...(Object.fromEntries(entries) as Program['conditions']), universe } };
}

interface Fields {
  meaningOf: (field: string) => Meaning;
  fault: (field: string, message: string) => void;
}

/** Each field with the type that it must have. */
function programOf(rules: Rules, { meaningOf, fault }: Fields): Program {
  const condition = (field: string): Condition | null => {
    const meaning = meaningOf(field);
    if (meaning === null || meaning.type === 'condition') return meaning && meaning.condition;
    fault(field, 'must be a condition, such as close > open');
    return null;
  };
  const number = (field: string): NumberNode | null => {
    const meaning = meaningOf(field);
    if (meaning === null || meaning.type === 'number') return meaning && meaning.node;
    fault(field, 'must be a number');
    return null;
  };
  const text = (field: string): Text | null => {
    const meaning = meaningOf(field);
    if (meaning === null || meaning.type === 'text') return meaning && meaning.text;
    fault(field, "must be a text in quotes, such as 'breakout'");
    return null;
  };
  return {
    conditions: present(CONDITIONS.map((field) => [field, condition(field)])),
    numbers: present(NUMBERS.map((field) => [field, number(field)])),
    rebalance: isPeriod(rules.rebalance) ? rules.rebalance : condition('rebalance'),
    tag: text('tag'),
  };
}

/** The names of rules: parameters, columns, and definitions as far as they have been read. */
function createNames(rules: Rules, params: Params, columns: readonly string[]) {
  const definitions = new Map<string, Meaning>();
  const used = new Set<string>();
  const names: Names = {
    all: [...Object.keys(rules.let), ...Object.keys(rules.params), ...columns, ...HELD],
    find(name) {
      used.add(name);
      if (definitions.has(name)) return { meaning: definitions.get(name)! };
      if (Object.hasOwn(rules.let, name)) return { meaning: null }; // part of a circle
      if (Object.hasOwn(rules.params, name)) return Object.hasOwn(params, name) ? { value: params[name]! } : { meaning: null };
      if (columns.includes(name)) return { column: name };
      return isHeld(name) ? { held: name } : null;
    },
  };
  return { names, used, define: (name: string, meaning: Meaning) => void definitions.set(name, meaning) };
}

function placeOf({ fields }: Written, field: string) {
  const expression = fields.get(field);
  return expression && { from: expression.from, to: expression.to };
}

function at(path: string, complaints: readonly Complaint[]): RuleFault[] {
  return complaints.map(({ message, from, to }) => ({ path, message, from, to }));
}

function isPeriod(text: string | undefined): text is Period {
  return (PERIODS as readonly (string | undefined)[]).includes(text);
}

function present<Name extends string, Value>(entries: readonly (readonly [Name, Value | null])[]): Partial<Record<Name, Value>> {
  return Object.fromEntries(entries.filter(([, value]) => value !== null)) as Partial<Record<Name, Value>>;
}

/** A name means one thing: parameters, definitions, columns and functions do not share theirs. */
function checkNames(rules: Rules, columns: readonly string[]): RuleFault[] {
  const taken = (name: string) =>
    columns.includes(name) ? 'a column of the data' : INDICATORS.has(name) || FUNCTIONS.has(name) ? 'a function' : null;
  const inParams = Object.keys(rules.params).map((name) => ({ path: `${ROOT}.params.${name}`, what: taken(name) }));
  const inLet = Object.keys(rules.let).map((name) => {
    return { path: `${ROOT}.let.${name}`, what: Object.hasOwn(rules.params, name) ? 'a parameter' : taken(name) };
  });
  return [...inParams, ...inLet].flatMap(({ path, what }) =>
    what === null ? [] : [{ path, message: `is also the name of ${what}; take another one` }],
  );
}

function unusedNames(rules: Rules, used: ReadonlySet<string>): RuleFault[] {
  const unused = (group: 'params' | 'let') =>
    Object.keys(rules[group])
      .filter((name) => !used.has(name))
      .map((name) => ({ path: `${ROOT}.${group}.${name}`, message: 'is used nowhere' }));
  return [...unused('params'), ...unused('let')];
}
