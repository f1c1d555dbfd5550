import type { Block, OperatorStore } from '../../results/operators.ts';
import { HoldfastError } from '../../shared/errors.ts';

/** A block takes effect everywhere after so long, and in the process that an operator asked at once. */
const KNOWN_MS = 2_000;

export interface Blocks {
  /** Fails with `owner_disabled`. */
  refuseOwner(owner: string): Promise<void>;
  /** Fails with `strategy_disabled`. */
  refuseStrategies(names: readonly string[]): Promise<void>;
  /** Asks the rows again at the next look. */
  forget(): void;
}

/** What operators have forbidden, asked for at most once in a while. */
export function createBlocks(store: Pick<OperatorStore, 'listBlocks'>): Blocks {
  let known: Promise<Block[]> | undefined;
  let askedAt = -Infinity;

  function current(): Promise<Block[]> {
    if (known !== undefined && performance.now() - askedAt < KNOWN_MS) return known;
    askedAt = performance.now();
    const asking = store.listBlocks();
    // A failure is told to those who wait for this answer, and the next one asks again.
    asking.catch(() => {
      if (known === asking) known = undefined;
    });
    known = asking;
    return asking;
  }
  const refuse = async (kind: Block['kind'], name: string, what: string): Promise<void> => {
    const block = (await current()).find((each) => each.kind === kind && each.name === name);
    if (block) throw new HoldfastError(`${kind}_disabled`, `${what} was disabled by an operator: ${block.reason}`);
  };
  return {
    refuseOwner: (owner) => refuse('owner', owner, 'This account'),
    refuseStrategies: async (names) => {
      for (const name of new Set(names)) await refuse('strategy', name, `The strategy "${name}"`);
    },
    forget: () => {
      known = undefined;
    },
  };
}
