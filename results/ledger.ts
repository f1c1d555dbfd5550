/** Trials that compete with each other, whichever run made them: those of an owner on one strategy, source and set of symbols. */
export interface LedgerPage {
  owner: string;
  strategy: string;
  source: string;
  /** In any order. */
  symbols: readonly string[];
}

export interface CountedTrial {
  /**
   * The same for the same trial: a hash of strategy, parameters, account and timeframe. Another window of the bars is no other trial, or each night would count
   * all of them again.
   */
  name: string;
  /** Sharpe ratio a period; null where it is undefined. */
  sharpe: number | null;
}

export interface LedgerSums {
  /** Distinct trials. */
  trials: number;
  /** Of them, those with a Sharpe ratio, the mean of the ratios as they were first counted and their variance (n - 1); NaN for too few. */
  ratios: number;
  mean: number;
  variance: number;
}

/** The intents of a result store that are about how much was tried; each is one transaction. */
export interface TrialLedger {
  /** Counts those trials that the page has not seen yet; repeating it changes nothing. At most 5,000 a call. */
  countTrials(page: LedgerPage, trials: readonly CountedTrial[]): Promise<void>;
  ledgerOf(page: LedgerPage): Promise<LedgerSums>;
}
