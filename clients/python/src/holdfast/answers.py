"""What the service answers.

Written by tools/write_types.py from the OpenAPI document of the service: change it there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Literal, TypedDict

if TYPE_CHECKING:
    from typing_extensions import NotRequired


class Run(TypedDict):
    id: str
    kind: Literal['backtest', 'sweep']
    name: str
    tags: List[str]
    strategy: str
    symbols: List[str]
    timeframe: str
    status: Literal['queued', 'running', 'pausing', 'paused', 'cancelling', 'completed', 'failed', 'cancelled']
    requested: Literal['pause', 'resume', 'cancel'] | None
    """What was asked of the run and has not taken effect yet"""
    phase: Literal['fetch', 'simulate', 'aggregate'] | None
    progress: Progress
    owner: str
    createdAt: str
    startedAt: str | None
    finishedAt: str | None
    error: Error | None
    metrics: Metrics | None
    batch: str | None
    """The batch that the run is an item of, and is steered by"""
    links: Links
    verifies: str | None
    """The run whose result this one is to repeat"""
    spec: BacktestSpec | Dict[str, Any]
    """As it runs: every default filled in. One of a newer version may have other fields"""
    operator: Operator | None
    """Set while an operator has paused the running step; some seconds late"""


class Progress(TypedDict):
    fraction: float
    done: int
    total: int
    unit: Literal['bars', 'trials']
    perSecond: float
    etaSeconds: float | None


class Error(TypedDict):
    code: str
    """A code of the error table"""
    message: str
    """What happened and what to do"""


class Metrics(TypedDict):
    totalReturn: float | None
    """Total return: last equity / starting cash - 1, fees and open positions included (fraction)"""
    cagr: float | None
    """Return a year (CAGR): (1 + total return)^(1 / years) - 1, years = calendar days from the first to the last bar / 365.25; with cagr "periods": (last / first daily equity)^(P / n) - 1 (fraction a year)"""
    volatility: float | None
    """Volatility a year: std(r) × √P; with volatility "compounded": √((std(r)² + G²)^P - G^(2P)), G = geometric mean of 1 + r (fraction a year). Goodman, On the Exact Variance of Products, Journal of the American Statistical Association 55, 1960 (compounded)"""
    sharpe: float | None
    """Sharpe ratio: mean(r - f/P) / std(r) × √P; with sharpe "geometric": (compounded annual return - f) / compounded volatility (ratio a year). Sharpe, The Sharpe Ratio, Journal of Portfolio Management 21(1), 1994"""
    sortino: float | None
    """Sortino ratio: (mean(r) × P - m) / (√mean(min(r - m/P, 0)²) × √P), the mean over all returns; with sharpe "geometric" the compounded annual return stands for mean(r) × P (ratio a year). Sortino and Price, Performance Measurement in a Downside Risk Framework, Journal of Investing 3(3), 1994"""
    omega: float | None
    """Omega ratio: Σ max(r - m/P, 0) / Σ max(m/P - r, 0) (ratio). Keating and Shadwick, A Universal Performance Measure, Journal of Performance Measurement 6(3), 2002"""
    valueAtRisk95: float | None
    """Value at risk, 95 %: 5th percentile of r, linearly interpolated at place 0.05 (n - 1); "historical-lower": the sorted return at the place rounded down; "normal": mean(r) + Φ⁻¹(0.05) std(r). A return: negative is a loss (fraction). Jorion, Value at Risk, 3rd ed., 2006"""
    conditionalValueAtRisk95: float | None
    """Expected shortfall, 95 %: mean of the r not above the value at risk; "historical-lower": mean of the ⌊0.05 (n - 1)⌋ + 1 lowest r; "normal": mean(r) - std(r) φ(Φ⁻¹(0.05)) / 0.05 (fraction). Rockafellar and Uryasev, Optimization of Conditional Value-at-Risk, Journal of Risk 2(3), 2000"""
    tailRatio: float | None
    """Tail ratio: |95th percentile of r| / |5th percentile of r|, linearly interpolated (ratio)"""
    skewness: float | None
    """Skewness: m₃ / m₂^1.5 of r, central moments over n; 0 is symmetric (ratio). Joanes and Gill, Comparing Measures of Sample Skewness and Kurtosis, The Statistician 47(1), 1998 (g₁ and g₂)"""
    kurtosis: float | None
    """Excess kurtosis: m₄ / m₂² - 3 of r, central moments over n; 0 is a normal distribution (ratio). Joanes and Gill, Comparing Measures of Sample Skewness and Kurtosis, The Statistician 47(1), 1998 (g₁ and g₂)"""
    probabilisticSharpe: float | None
    """Probability that Sharpe > 0: Φ(S √(n - 1) / √(1 - skewness S + (kurtosis + 2) / 4 S²)), S = mean(r - f/P) / std(r), kurtosis in excess (fraction). Bailey and López de Prado, The Sharpe Ratio Efficient Frontier, Journal of Risk 15(2), 2012"""
    calmar: float | None
    """Calmar ratio: CAGR / |maximum drawdown| (ratio a year). Young, Calmar Ratio: A Smoother Tool, Futures 20(1), 1991"""
    maxDrawdown: float | None
    """Maximum drawdown: lowest of equity / highest equity so far - 1, over all bars; the first peak is the starting cash (fraction). Magdon-Ismail and Atiya, Maximum Drawdown, Risk 17(10), 2004"""
    maxDrawdownDuration: float | None
    """Longest drawdown: longest time from a peak to the first bar that is back at it, or to the last bar (days)"""
    avgDrawdown: float | None
    """Average drawdown: mean over all drawdowns of their deepest fall, one that still lasts included (fraction)"""
    ulcerIndex: float | None
    """Ulcer index: √mean((equity / highest equity so far - 1)²) over all bars (fraction). Martin and McCann, The Investor's Guide to Fidelity Funds, 1989 (there in percent)"""
    exposure: float | None
    """Exposure: bars at whose close a position was open / all bars (fraction)"""
    turnover: float | None
    """Turnover a year: money moved by all fills (units × price × multiplier in account currency, both sides) / mean equity of all bars / years of 365.25 days (ratio a year)"""
    fees: float
    """Fees: sum of the fees of all fills, those of open positions included (money)"""
    trades: int
    """Trades: closed trades; positions still open do not count (count)"""
    winRate: float | None
    """Win rate: trades with a profit above 0 / trades (fraction)"""
    profitFactor: float | None
    """Profit factor: sum of the profits / |sum of the losses|, in money; with profitFactor "returns": of the returns of trades. Null without a loss (ratio)"""
    payoffRatio: float | None
    """Payoff ratio: mean profit of the winning trades / |mean loss of the losing trades|, in money. Null without a loss or without a win (ratio)"""
    expectancy: float | None
    """Expectancy: mean return of a trade (fraction)"""
    sqn: float | None
    """System quality number: √trades × mean(profit) / std(profit) (ratio). Tharp, Trade Your Way to Financial Freedom, 2nd ed., 2007"""
    kelly: float | None
    """Kelly fraction: win rate - (1 - win rate) / payoff ratio (fraction). Kelly, A New Interpretation of Information Rate, Bell System Technical Journal 35(4), 1956"""
    avgTrade: float | None
    """Average trade: mean profit of a trade (money)"""
    bestTrade: float | None
    """Best trade: highest return of a trade (fraction)"""
    worstTrade: float | None
    """Worst trade: lowest return of a trade (fraction)"""
    longestWin: int
    """Longest winning streak: most trades in a row with a profit above 0 (count)"""
    longestLoss: int
    """Longest losing streak: most trades in a row with a loss (count)"""
    alpha: float | None
    """Alpha a year: (1 + mean((r - f/P) - beta (b - f/P)))^P - 1 (fraction a year). Jensen, The Performance of Mutual Funds in the Period 1945-1964, Journal of Finance 23(2), 1968"""
    beta: float | None
    """Beta: cov(r, b) / var(b) (ratio). Sharpe, Capital Asset Prices, Journal of Finance 19(3), 1964"""
    informationRatio: float | None
    """Information ratio: mean(r - b) × P / tracking error (ratio a year). Goodwin, The Information Ratio, Financial Analysts Journal 54(4), 1998"""
    trackingError: float | None
    """Tracking error a year: std(r - b) × √P (fraction a year). Goodwin, The Information Ratio, Financial Analysts Journal 54(4), 1998"""
    treynor: float | None
    """Treynor ratio: (mean(r) × P - f) / beta (fraction a year). Treynor, How to Rate Management of Investment Funds, Harvard Business Review 43(1), 1965"""


class Links(TypedDict):
    self: str
    result: str
    batch: NotRequired[str]
    events: str
    temporal: str | None
    """The run's page in Temporal Web"""
    page: str | None
    """Where the page shows it: a path of this service, or an address where another host serves the page; null where none does"""


class BacktestSpec(TypedDict):
    specVersion: Literal[1]
    name: NotRequired[str]
    tags: List[str]
    data: Data
    strategy: Strategy
    account: Account
    metrics: BacktestSpecMetrics
    benchmark: NotRequired[str]
    """Symbol to compare with, from the same source"""
    seed: int


Data = TypedDict(
    "Data",
    {
        "source": "str",
        # May be left out where there is a universe: then everyone who was a member of it between "from" and "to"
        "symbols": "List[str]",
        # A list of GET /v1/datasets with times of membership: a symbol can be held only while it is a member
        "universe": "NotRequired[str]",
        "timeframe": "str",
        # A date, inclusive, or a timestamp; a timestamp that ends a range is exclusive
        "from": "NotRequired[str]",
        # A date, inclusive, or a timestamp; a timestamp that ends a range is exclusive
        "to": "NotRequired[str]",
        # Read as the source showed its bars then, where it can go back so far (BigQuery: seven days); else the result says "revised"
        "asOf": "NotRequired[str]",
        # Prices as they were traded, in the shares of the end, or as if dividends had been reinvested
        "adjust": "Literal['none', 'splits', 'total-return']",
        # Whether splits and dividends that the prices do not contain change the account; left out, only with "adjust": "none"
        "actions": "NotRequired[bool]",
        # Bars that open outside it are left out; a day is then from its open to its close
        "session": "NotRequired[Session]",
        # IANA name, such as America/New_York: whose clock the session, days and weeks go by; left out, the source's own
        "timeZone": "NotRequired[str]",
        # What is done about faults of the bars; left out: refuse what nobody can trade on, warn of the rest
        "quality": "NotRequired[Quality]",
        "synthetic": "NotRequired[Synthetic]",
        # How each symbol is traded, by symbol
        "instruments": "NotRequired[Dict[str, Instrument]]",
    },
)


Session = TypedDict(
    "Session",
    {
        # First moment
        "from": "str",
        # Exclusive end; at or before "from" it is on the next day, whose date the session then has
        "to": "str",
        # Days of trading, by the date of the session; left out, every day
        "weekdays": "NotRequired[List[Literal['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']]]",
    },
)


class Quality(TypedDict):
    """What is done about faults of the bars; left out: refuse what nobody can trade on, warn of the rest"""

    unsorted: Literal['refuse', 'repair']
    """Bars that come before an earlier one; repaired by sorting"""
    duplicates: Literal['refuse', 'repair']
    """Bars of one time; repaired by keeping the last of them"""
    prices: Literal['refuse', 'repair']
    """A price that is not above 0, a volume below 0, a time that is none; repaired by leaving the bar out"""
    ohlc: Literal['refuse', 'repair']
    """An open or close outside of low and high; repaired by widening low and high"""
    gaps: Literal['refuse', 'warn', 'ignore']
    """Times without a bar at which the calendar has one"""
    zeroVolume: Literal['refuse', 'warn', 'ignore']
    """Bars without volume"""
    outliers: Literal['refuse', 'warn', 'ignore']
    """Closes that leave their neighbours and are back a bar later"""
    splits: Literal['refuse', 'warn', 'ignore']
    """Price and volume that jump as in a split that nobody has named"""
    stale: Literal['refuse', 'warn', 'ignore']
    """Last bars that do not move any more"""
    calendar: Literal['auto', '24/7', 'weekdays', 'symbols']
    """When bars are due: always, on Mondays to Fridays, or whenever another symbol has one; auto: always where there are bars on weekends, else symbols"""


class Synthetic(TypedDict):
    bars: int
    """Bars per symbol"""
    seed: int
    startPrice: float
    drift: float
    """Expected log return a year"""
    volatility: float
    """Standard deviation of the log return a year"""
    jumps: NotRequired[Jumps]
    """Besides the walk, of each symbol for itself, one in a bar at most"""
    regimes: NotRequired[List[Regime]]
    """Instead of drift and volatility: the market begins in the first, and goes from each to any other"""
    correlation: float
    """Of the log returns of any two symbols, jumps aside"""
    seasonality: float
    """Bars below a day: variance and volume at noon are lower than on average by this share, and twice that higher at midnight (UTC)"""


class Jumps(TypedDict):
    """Besides the walk, of each symbol for itself, one in a bar at most"""

    perYear: float
    mean: float
    """Of the log return of a jump"""
    deviation: float
    """Of the log return of a jump"""


class Regime(TypedDict):
    drift: float
    volatility: float
    days: float
    """How long it lasts on average"""


class Instrument(TypedDict):
    multiplier: float
    """Money that one unit gains when the price rises by 1 (50 for an E-mini contract)"""
    tickSize: NotRequired[float]
    """Step of the price; fills are rounded to it against the trader"""
    lotSize: NotRequired[float]
    """Step of the size in units; without it 1, or any size where the account is fractional"""
    minimumSize: float
    """Smallest size of an entry in units"""
    currency: NotRequired[str]
    """Currency of the price; another one than the account's needs the bars of the pair among the symbols, such as EURUSD"""
    tradable: bool
    """false for bars that only give a rate or a signal"""


class Strategy(TypedDict):
    name: str
    """A strategy of GET /v1/strategies; to be left out where there are rules"""
    rules: NotRequired[Rules]
    params: Dict[str, float | str | bool]


class Rules(TypedDict):
    params: Dict[str, IntegerParam | NumberParam | ChoiceParam]
    let: Dict[str, str]
    """Names for expressions, in any order"""
    enterLong: NotRequired[str]
    """Condition: buy"""
    exitLong: NotRequired[str]
    """Condition: sell what was bought"""
    enterShort: NotRequired[str]
    """Condition: sell short"""
    exitShort: NotRequired[str]
    """Condition: buy back what was sold short"""
    stopLoss: NotRequired[str]
    """Fraction of the entry price, from the bar of the decision"""
    takeProfit: NotRequired[str]
    """Fraction of the entry price, from the bar of the decision"""
    trailingStop: NotRequired[str]
    """Fraction of the best price since the entry, from the bar of the decision"""
    stopLossPrice: NotRequired[str]
    """As stopLoss, but a price"""
    takeProfitPrice: NotRequired[str]
    """As takeProfit, but a price"""
    trailingStopPrice: NotRequired[str]
    """Price to which the stop moves at each close while a position is open, if that is tighter; never back"""
    maxEntries: NotRequired[str]
    """Most entries to one side that may be open at a time; without it 1"""
    exitSize: NotRequired[str]
    """Fraction of the position that an exit closes; without it all"""
    size: NotRequired[str]
    """Fraction of the equity; without it as account.sizing says"""
    limitPrice: NotRequired[str]
    """Price of a limit order to enter"""
    stopPrice: NotRequired[str]
    """Price of a stop order to enter; with limitPrice a stop-limit order"""
    expireBars: NotRequired[str]
    """Bars that an order to enter waits for its price; without it until it is replaced"""
    weight: NotRequired[str]
    """Share of the equity that a symbol is to have, negative for short"""
    rebalance: NotRequired[str]
    """When weights are applied: daily, weekly, monthly, quarterly, or a condition; without it at every bar"""
    universe: NotRequired[str]
    """Condition: the symbol may be held"""
    tag: NotRequired[str]
    """Text that names an entry in the trade list, such as 'breakout'"""


class IntegerParam(TypedDict):
    type: Literal['integer']
    min: int
    max: int
    default: NotRequired[int]
    description: NotRequired[str]


class NumberParam(TypedDict):
    type: Literal['number']
    min: float
    max: float
    default: NotRequired[float]
    description: NotRequired[str]


class ChoiceParam(TypedDict):
    type: Literal['choice']
    values: List[str]
    default: NotRequired[str]
    description: NotRequired[str]


class Account(TypedDict):
    cash: float
    currency: str
    fees: Fees
    slippage: Slippage
    spread: float
    """Between bid and ask, of the price; market and stop orders pay half of it"""
    interest: Interest
    leverage: float
    """Most gross position over equity at an entry"""
    maintenanceMargin: float
    """Least equity over gross position at a close; below it the largest lots are closed. 0: no margin calls"""
    limits: Limits
    hedging: bool
    """Long and short lots of one symbol side by side"""
    dividends: Literal['cash', 'reinvest']
    """Dividends that the prices are not adjusted for: kept in cash, or put into more units at the close of the ex date, without costs"""
    fill: Literal['next-open', 'same-close', 'next-close']
    """Where market orders fill: the open after the decision, the close that was decided on, or the close after it"""
    fractional: bool
    sizing: AllInSizing | FractionSizing | UnitsSizing | CashSizing


class Fees(TypedDict):
    relative: float
    """Of the traded money, at entry and at exit"""
    maker: NotRequired[float]
    """Instead of "relative" for a limit order that rested before it was filled"""
    fixed: float
    """Money a fill"""
    perUnit: float
    """Money a unit (a share, a contract)"""
    minimum: float
    """Least money a fill"""
    maximum: NotRequired[float]
    """Most money a fill"""


class Slippage(TypedDict):
    relative: float
    """Of the price, always against the trader"""
    ticks: float
    """Price steps against the trader; needs a tickSize"""
    impact: float
    """Of the price, times the square of the order's share of the bar's volume"""
    maxVolumeShare: NotRequired[float]
    """Most that all fills of a bar may take of its volume; the rest waits for later bars"""


class Interest(TypedDict):
    borrow: float
    """Of the value of short positions, a year of 365 days"""
    margin: float
    """Of cash below 0, a year of 365 days"""


class Limits(TypedDict):
    position: NotRequired[float]
    """Most of one symbol, as a multiple of the equity"""
    exposure: NotRequired[float]
    """Most gross exposure, as a multiple of the equity"""


class AllInSizing(TypedDict):
    kind: Literal['all-in']


class FractionSizing(TypedDict):
    kind: Literal['fraction']
    fraction: float
    """Of the free money, times leverage"""


class UnitsSizing(TypedDict):
    kind: Literal['units']
    units: float


class CashSizing(TypedDict):
    kind: Literal['cash']
    amount: float
    """Money a trade, in account currency"""


class BacktestSpecMetrics(TypedDict):
    riskFreeRate: float
    """A year; each daily return is taken over its share, rate / periods a year"""
    minAcceptableReturn: float
    """A year; below its share a daily return counts as a loss, in Sortino and Omega ratio"""
    periodsPerYear: Literal['auto'] | float
    """Daily returns a year: "auto" is 365 where there are bars on weekends, else 252, and fewer where bars are further apart than days"""
    sharpe: Literal['arithmetic', 'geometric']
    """Sharpe and Sortino ratio from the mean of the returns, or from the compounded annual return; geometric Sharpe is over compounded volatility"""
    volatility: Literal['arithmetic', 'compounded']
    """Deviation of the daily returns × √periods, or that of a year of compounded daily returns"""
    cagr: Literal['calendar', 'periods']
    """Years of the growth rate (and of calmar): calendar days / 365.25, or daily returns / periods a year"""
    ddof: Literal[0, 1]
    """Taken off the number of values in the denominator of every variance"""
    valueAtRisk: Literal['historical', 'historical-lower', 'normal']
    """Percentile with linear interpolation, the next lower return without, or that of a normal distribution"""
    profitFactor: Literal['money', 'returns']
    """Sums the profits and losses of trades in money, or their returns"""


class Operator(TypedDict):
    paused: Literal[True]
    step: str
    """The activity that is paused"""
    by: str
    reason: str
    since: str


class RunSummary(TypedDict):
    id: str
    kind: Literal['backtest', 'sweep']
    name: str
    tags: List[str]
    strategy: str
    symbols: List[str]
    timeframe: str
    status: Literal['queued', 'running', 'pausing', 'paused', 'cancelling', 'completed', 'failed', 'cancelled']
    requested: Literal['pause', 'resume', 'cancel'] | None
    """What was asked of the run and has not taken effect yet"""
    phase: Literal['fetch', 'simulate', 'aggregate'] | None
    progress: Progress
    owner: str
    createdAt: str
    startedAt: str | None
    finishedAt: str | None
    error: Error | None
    metrics: Metrics | None
    batch: str | None
    """The batch that the run is an item of, and is steered by"""
    links: Links


class Result(TypedDict):
    partial: bool
    endReason: Literal['end-of-data', 'bankrupt', 'interrupted']
    metrics: Metrics
    manifest: Manifest
    verdicts: Verdicts
    verification: NotRequired[Verification]
    """Of a run that verifies another one"""
    runId: str
    bars: int
    """Points of the equity curve"""


class Manifest(TypedDict):
    specHash: str
    datasetHash: str
    datasetSource: str
    datasetRepairs: NotRequired[int]
    """Bars that were changed or left out before they were stored; absent for none"""
    datasetOrigin: NotRequired[DatasetOrigin]
    """Of bars from a metered source"""
    strategyHash: str
    engineVersion: str
    nodeVersion: str
    seed: int
    resultHash: str
    """SHA-256 of curve, trades, orders, log and metrics: equal however often the run was interrupted"""
    cpuSeconds: float
    """Simulation time that ended up in the result"""
    slices: int
    attempts: int
    """Activity attempts that the slices took; equal to slices when nothing went wrong"""


class DatasetOrigin(TypedDict):
    """Of bars from a metered source"""

    snapshot: NotRequired[str | None]
    """The table was read as it was then; null where it cannot be"""
    revised: NotRequired[Literal[True]]
    """The time was too long ago to go back to: rows may have been changed since"""
    job: NotRequired[str]
    """Of the query in BigQuery"""
    bytesBilled: NotRequired[int]
    via: NotRequired[Literal['rest']]
    """rest: rows came by the slower way, because the quicker one is not allowed"""


class Verdicts(TypedDict):
    data: NotRequired[VerdictsData]
    """What was found in the bars when they were fetched; absent in results of earlier versions"""
    lookAhead: LookAhead | None
    """Null where there are too few bars to tell, and where the audit of a module could not end"""
    repeatable: NotRequired[Literal[False]]
    """There where a module decides otherwise when it is run again on the same data; its look-ahead cannot be judged then"""


class VerdictsData(TypedDict):
    """What was found in the bars when they were fetched; absent in results of earlier versions"""

    calendar: Literal['24/7', 'weekdays', 'symbols']
    """Against which gaps were counted"""
    bars: int
    """That were looked at, over all symbols"""
    findings: List[Finding]
    """In the order of the checks, then of the symbols; none for clean data"""
    more: int
    """Findings beyond the hundred that are listed"""


class Finding(TypedDict):
    check: Literal['unsorted', 'duplicates', 'prices', 'ohlc', 'gaps', 'zeroVolume', 'outliers', 'splits', 'stale']
    symbol: str
    count: int
    """Bars; of gaps, bars that are missing"""
    first: str
    """The first of them"""
    action: Literal['repaired', 'warned']
    message: str


class LookAhead(TypedDict):
    passed: bool
    samples: int
    """Bars at which the strategy decided again on data that end there"""
    firstDifference: str | None
    """The first bar of those at which it then decided otherwise"""


class Verification(TypedDict):
    """Of a run that verifies another one"""

    run: str
    """The run that was run again, on the same bars"""
    outcome: Literal['identical', 'different', 'engine_changed']
    """engine_changed: by another engine, or another version of the strategy, than then; its figures may differ for that"""
    identical: bool
    """Whether curve, trades, orders, log and metrics have the same bytes"""
    differences: List[Difference]
    """Hashes and figures that are others now; "damaged" and "missing" are files of the earlier run that cannot be read any more"""


class Difference(TypedDict):
    what: str
    before: str
    after: str


class Batch(TypedDict):
    id: str
    name: str
    status: Literal['queued', 'running', 'pausing', 'paused', 'cancelling', 'completed', 'failed', 'cancelled']
    """completed: every item has ended, each in its own way"""
    requested: Literal['pause', 'resume', 'cancel'] | None
    """What was asked of the batch and has not taken effect yet"""
    owner: str
    items: Items
    """Items by status"""
    progress: BatchProgress
    createdAt: str
    startedAt: str | None
    finishedAt: str | None
    error: Error | None
    links: BatchLinks


class Items(TypedDict):
    """Items by status"""

    queued: int
    running: int
    pausing: int
    paused: int
    cancelling: int
    completed: int
    failed: int
    cancelled: int


class BatchProgress(TypedDict):
    fraction: float
    done: int
    total: int
    unit: Literal['items']


class BatchLinks(TypedDict):
    self: str
    items: str
    temporal: str | None
    """The batch's page in Temporal Web"""
    page: str | None
    """Where the page shows it: a path of this service, or an address where another host serves the page; null where none does"""


class Sweep(TypedDict):
    id: str
    kind: Literal['sweep']
    name: str
    tags: List[str]
    strategy: str
    symbols: List[str]
    timeframe: str
    status: Literal['queued', 'running', 'pausing', 'paused', 'cancelling', 'completed', 'failed', 'cancelled']
    requested: Literal['pause', 'resume', 'cancel'] | None
    """What was asked of the run and has not taken effect yet"""
    phase: Literal['fetch', 'simulate', 'aggregate'] | None
    progress: Progress
    owner: str
    createdAt: str
    startedAt: str | None
    finishedAt: str | None
    error: Error | None
    links: SweepLinks
    spec: SweepSpec
    """As it runs: every default filled in, and what was changed since"""


class SweepLinks(TypedDict):
    self: str
    result: str
    trials: str
    events: str
    temporal: str | None
    """The sweep's page in Temporal Web"""
    page: str | None
    """Where the page shows it: a path of this service, or an address where another host serves the page; null where none does"""


class SweepSpec(TypedDict):
    specVersion: Literal[1]
    name: NotRequired[str]
    tags: List[str]
    data: Data
    strategy: Strategy
    account: Account
    metrics: SweepSpecMetrics
    seed: int
    space: Dict[str, SpaceValues | SpaceMin]
    where: NotRequired[str]
    """Condition between parameters: fast < slow"""
    search: GridSearch | RandomSearch | TpeSearch
    objective: Objective
    figures: List[Literal['totalReturn', 'cagr', 'volatility', 'sharpe', 'sortino', 'omega', 'valueAtRisk95', 'conditionalValueAtRisk95', 'tailRatio', 'skewness', 'kurtosis', 'probabilisticSharpe', 'calmar', 'maxDrawdown', 'maxDrawdownDuration', 'avgDrawdown', 'ulcerIndex', 'exposure', 'turnover', 'fees', 'trades', 'winRate', 'profitFactor', 'payoffRatio', 'expectancy', 'sqn', 'kelly', 'avgTrade', 'bestTrade', 'worstTrade', 'longestWin', 'longestLoss', 'alpha', 'beta', 'informationRatio', 'trackingError', 'treynor']]
    """Metrics of each trial, beside total return, Sharpe ratio, drawdown, trades and the objective. Others take about ten times as long"""
    validation: NoneValidation | HoldoutValidation | WalkForwardValidation | CscvValidation
    """Whether the best trial is judged on bars that did not choose it"""
    budget: Budget
    priority: int
    """1 comes first; a backtest has 2, a batch 3"""


class SweepSpecMetrics(TypedDict):
    riskFreeRate: float
    """A year; each daily return is taken over its share, rate / periods a year"""
    minAcceptableReturn: float
    """A year; below its share a daily return counts as a loss, in Sortino and Omega ratio"""
    periodsPerYear: Literal['auto'] | float
    """Daily returns a year: "auto" is 365 where there are bars on weekends, else 252, and fewer where bars are further apart than days"""
    sharpe: Literal['arithmetic', 'geometric']
    """Sharpe and Sortino ratio from the mean of the returns, or from the compounded annual return; geometric Sharpe is over compounded volatility"""
    volatility: Literal['arithmetic', 'compounded']
    """Deviation of the daily returns × √periods, or that of a year of compounded daily returns"""
    cagr: Literal['calendar', 'periods']
    """Years of the growth rate (and of calmar): calendar days / 365.25, or daily returns / periods a year"""
    ddof: Literal[0, 1]
    """Taken off the number of values in the denominator of every variance"""
    valueAtRisk: Literal['historical', 'historical-lower', 'normal']
    """Percentile with linear interpolation, the next lower return without, or that of a normal distribution"""
    profitFactor: Literal['money', 'returns']
    """Sums the profits and losses of trades in money, or their returns"""


class SpaceValues(TypedDict):
    values: List[float | str]


class SpaceMin(TypedDict):
    min: float
    max: float
    """Inclusive"""
    step: NotRequired[float]
    """Left out: 1 for an integer, else any number between"""
    log: bool
    """Whether a factor counts as a step: as likely between 1 and 10 as between 10 and 100"""


class GridSearch(TypedDict):
    kind: Literal['grid']
    trials: NotRequired[int]
    """Of the grid, the first so many; left out, all"""


class RandomSearch(TypedDict):
    kind: Literal['random']
    trials: int
    """Fewer where the space has no more"""


class TpeSearch(TypedDict):
    kind: Literal['tpe']
    trials: int
    """Tree-structured Parzen estimator: each follows what did well"""


class Objective(TypedDict):
    metric: str
    """A metric, or a formula of metrics: sharpe - 0.1 * volatility"""
    direction: Literal['max', 'min']


class NoneValidation(TypedDict):
    kind: Literal['none']


class HoldoutValidation(TypedDict):
    kind: Literal['holdout']
    share: float
    """Last part of the bars, which chooses nothing"""
    purge: int
    """Bars left out at the end of each training window: positions opened there reach into the test"""
    embargo: int
    """Bars left out at the beginning of each test, which still follow from the training window"""


class WalkForwardValidation(TypedDict):
    kind: Literal['walk-forward']
    folds: int
    """Tests of equal length, back to back up to the last bar"""
    trainTests: float
    """Length of the first training window in tests"""
    anchored: bool
    """Whether training windows all begin at the first bar, and grow"""
    purge: int
    """Bars left out at the end of each training window: positions opened there reach into the test"""
    embargo: int
    """Bars left out at the beginning of each test, which still follow from the training window"""


class CscvValidation(TypedDict):
    kind: Literal['cscv']
    blocks: int
    """Blocks of time, each half of which chooses once, while the other half judges"""


class Budget(TypedDict):
    trials: NotRequired[int]
    """Most trials, whatever the search asks for"""
    cpuSeconds: NotRequired[float]
    """Computing time, after which no further trial is begun"""


class SweepSummary(TypedDict):
    id: str
    kind: Literal['sweep']
    name: str
    tags: List[str]
    strategy: str
    symbols: List[str]
    timeframe: str
    status: Literal['queued', 'running', 'pausing', 'paused', 'cancelling', 'completed', 'failed', 'cancelled']
    requested: Literal['pause', 'resume', 'cancel'] | None
    """What was asked of the run and has not taken effect yet"""
    phase: Literal['fetch', 'simulate', 'aggregate'] | None
    progress: Progress
    owner: str
    createdAt: str
    startedAt: str | None
    finishedAt: str | None
    error: Error | None
    links: SweepSummaryLinks


class SweepSummaryLinks(TypedDict):
    self: str
    result: str
    trials: str
    events: str
    temporal: str | None
    """The sweep's page in Temporal Web"""
    page: str | None
    """Where the page shows it: a path of this service, or an address where another host serves the page; null where none does"""


class SweepResult(TypedDict):
    partial: bool
    """Whether trials are missing"""
    endReason: Literal['all-trials', 'budget', 'interrupted']
    trials: int
    """Trials that are done"""
    cached: int
    """Of these, the ones that had been computed before"""
    best: Trial | None
    """Null where no trial has an objective"""
    top: List[Trial]
    """The best ones, at most ten"""
    manifest: SweepResultManifest
    validation: Validation | None
    """Whether the best trial is better than luck; null for a sweep that did not complete, or of which no trial has an objective"""
    runId: str


class Trial(TypedDict):
    trial: int
    """Its number in the search, from 0"""
    params: Dict[str, float | str]
    """Those that differ between trials"""
    metrics: Dict[str, float | None]
    objective: float | None
    """Null where it is undefined"""
    rank: int
    """1 is the best; trials without an objective come last"""
    cached: bool
    """Whether it had been computed before"""
    robust: float | None
    """Mean objective of the trial and of its neighbours: those tried one step away along one parameter"""
    neighbours: int


class SweepResultManifest(TypedDict):
    specHash: str
    datasetHash: str
    datasetSource: str
    datasetOrigin: NotRequired[DatasetOrigin]
    """Of bars from a metered source"""
    strategyHash: str
    engineVersion: str
    nodeVersion: str
    seed: int
    cpuSeconds: float
    """Simulation time that ended up in the result"""
    resultHash: str
    """SHA-256 of the parameters and figures of all trials in their order"""
    shards: int
    """Pieces that the trials were done in"""


class Validation(TypedDict):
    kind: Literal['none', 'holdout', 'walk-forward', 'cscv']
    verdict: Literal['convincing', 'undecided', 'likely_luck']
    text: str
    """The verdict in plain words"""
    findings: List[ValidationFinding]
    trials: float
    """Distinct trials that the owner ever ran on this strategy, source and symbols"""
    sharpe: float | None
    """Of the selected trial, arithmetic, over the cash"""
    luckySharpe: float | None
    """That the best of so many trials without any skill is expected to show"""
    deflatedSharpe: float | None
    """Probability that the true Sharpe ratio is above 0, given the number of trials"""
    observations: int
    """Daily returns"""
    minimumTrackRecord: float | None
    """Daily returns needed to be 95 % sure of a Sharpe ratio above 0; null where it is not above 0"""
    interval: Interval | None
    """Of the objective, by the stationary bootstrap; null where it is no figure of daily returns"""
    probabilityOfBacktestOverfitting: float | None
    """Share of the splits in which the best of one half is in the worse half of the other"""
    probabilityOfLoss: float | None
    """Share of the splits in which the best of one half loses in the other"""
    folds: List[Fold]
    efficiency: float | None
    """Mean objective out of sample over that in sample"""


class ValidationFinding(TypedDict):
    code: Literal['deflated_sharpe', 'track_record', 'interval', 'overfitting', 'out_of_sample']
    grade: Literal['for', 'unclear', 'against']
    """What it says of the selected trial"""
    text: str


class Interval(TypedDict):
    low: float
    high: float
    confidence: float


class Fold(TypedDict):
    trial: int
    """Number of the trial that was best in the training window"""
    inSample: float | None
    """Its objective there"""
    outOfSample: float | None
    """Its objective in the test"""


Schedule = TypedDict(
    "Schedule",
    {
        # Minute, hour, day of month, month, day of week; a day must fit both day fields
        "cron": "NotRequired[str]",
        # In place of a cron line: due at every time that fits one of these
        "calendar": "NotRequired[List[Calendar]]",
        # Not due at times that fit one of these, such as holidays
        "except": "NotRequired[List[Except]]",
        # IANA name: the clock of cron line and calendar, and the days of now-1d
        "timeZone": "str",
        # Nights begin up to this much later, at random; their nominal time stays
        "jitter": "NotRequired[str]",
        # What becomes of a night that is due while an earlier one still runs
        "overlap": "Literal['skip', 'buffer-one', 'buffer-all', 'cancel-other', 'terminate-other', 'allow-all']",
        # Nights that were missed for longer than this do not run any more; at least 10s
        "catchupWindow": "str",
        # Whether it pauses after a night that failed
        "pauseOnFailure": "bool",
        # Not due before
        "startAt": "NotRequired[str]",
        # Not due after
        "endAt": "NotRequired[str]",
        "id": "str",
        # What its nights are
        "kind": "Literal['backtest', 'sweep']",
        "name": "str",
        "owner": "str",
        # As each night submits it: defaults filled in, the window as it was written
        "spec": "Dict[str, Any]",
        # Null while Temporal does not answer
        "paused": "bool | None",
        # Why it is paused, or what was last said of it
        "note": "str | None",
        # The next nominal times; none while it is paused or Temporal does not answer
        "nextRuns": "List[str]",
        # Nights that did not run: because another still ran, and because the service was away for longer than the catch-up window
        "skipped": "Skipped | None",
        "lastRun": "Night | None",
        "createdAt": "str",
        "links": "ScheduleLinks",
    },
)


class Calendar(TypedDict):
    second: int | List[int | Second]
    minute: int | List[int | Minute]
    hour: int | List[int | Hour]
    dayOfMonth: NotRequired[int | List[int | DayOfMonth]]
    """Left out, every day"""
    month: NotRequired[int | List[int | Month]]
    year: NotRequired[int | List[int | Year]]
    dayOfWeek: NotRequired[Literal['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] | List[Literal['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] | DayOfWeek]]


Second = TypedDict(
    "Second",
    {
        "from": "int",
        "to": "int",
        "step": "NotRequired[int]",
    },
)


Minute = TypedDict(
    "Minute",
    {
        "from": "int",
        "to": "int",
        "step": "NotRequired[int]",
    },
)


Hour = TypedDict(
    "Hour",
    {
        "from": "int",
        "to": "int",
        "step": "NotRequired[int]",
    },
)


DayOfMonth = TypedDict(
    "DayOfMonth",
    {
        "from": "int",
        "to": "int",
        "step": "NotRequired[int]",
    },
)


Month = TypedDict(
    "Month",
    {
        "from": "int",
        "to": "int",
        "step": "NotRequired[int]",
    },
)


Year = TypedDict(
    "Year",
    {
        "from": "int",
        "to": "int",
        "step": "NotRequired[int]",
    },
)


DayOfWeek = TypedDict(
    "DayOfWeek",
    {
        "from": "Literal['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']",
        "to": "Literal['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']",
        "step": "NotRequired[int]",
    },
)


class Except(TypedDict):
    second: int | List[int | Second]
    minute: int | List[int | Minute]
    hour: int | List[int | Hour]
    dayOfMonth: NotRequired[int | List[int | DayOfMonth]]
    """Left out, every day"""
    month: NotRequired[int | List[int | Month]]
    year: NotRequired[int | List[int | Year]]
    dayOfWeek: NotRequired[Literal['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] | List[Literal['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] | DayOfWeek]]


class Skipped(TypedDict):
    overlap: int
    missed: int


class Night(TypedDict):
    nominalTime: str
    """When it was due: the data window comes from it, however late it ran"""
    launchedAt: str
    kind: Literal['backtest', 'sweep']
    run: str | None
    """Null where no run was accepted"""
    status: Literal['queued', 'running', 'pausing', 'paused', 'cancelling', 'completed', 'failed', 'cancelled'] | None
    """Of the run; failed where none was accepted, null where it was deleted"""
    error: Error | None
    metrics: Dict[str, float | None] | None
    """Of a sweep those of its best trial, once they are compared"""
    comparison: NightComparison | None
    """Null while it runs, and where it did not complete"""
    links: NightLinks


class NightComparison(TypedDict):
    revised: List[Literal['bars', 'spec', 'strategy', 'engine']]
    """What made it come out otherwise than an earlier run of the same nominal time; "bars" also where the source cannot show any more what there was then"""
    before: Before | None
    """The night that is compared with; null for the first"""
    metrics: Dict[str, Metric]
    """Figures that are others than the night before; of a sweep those of its best trial"""
    trades: Trades | None
    """Null for a sweep"""
    ranking: Ranking | None
    """Of a sweep; null for a backtest"""
    continued: Continued


class Before(TypedDict):
    run: str
    nominalTime: str


class Metric(TypedDict):
    before: float | None
    after: float | None


class Trades(TypedDict):
    opened: int
    """Entered after the last bar of the night before"""
    closed: int
    """Exited after it, other than by the end of the data"""
    latest: List[Latest]
    """The last twenty of them"""


class Latest(TypedDict):
    symbol: str
    side: Literal['long', 'short']
    size: float
    entryTime: str
    exitTime: str | None
    """Null while it is open"""
    exitReason: Literal['signal', 'end', 'bankrupt', 'stop-loss', 'take-profit', 'trailing-stop', 'expiry', 'margin-call', 'universe'] | None
    pnl: float


class Ranking(TypedDict):
    best: Best
    """The best trial of each night; null where none has an objective, and before the first night"""
    top: List[Top]
    """The best ten of both nights, in the order of this night"""


class Best(TypedDict):
    """The best trial of each night; null where none has an objective, and before the first night"""

    before: BestBefore | None
    after: After | None


class BestBefore(TypedDict):
    params: Dict[str, float | str]
    """Those that differ between trials"""
    objective: float | None
    """Null where it is undefined"""
    rank: int
    """1 is the best; trials without an objective come last"""
    metrics: Dict[str, float | None]


class After(TypedDict):
    params: Dict[str, float | str]
    """Those that differ between trials"""
    objective: float | None
    """Null where it is undefined"""
    rank: int
    """1 is the best; trials without an objective come last"""
    metrics: Dict[str, float | None]


class Top(TypedDict):
    params: Dict[str, float | str]
    """Those that differ between trials"""
    rank: Rank
    objective: TopObjective


class Rank(TypedDict):
    before: int | None
    """Null where it was not tried, or has no objective"""
    after: int | None
    """Null where it was not tried, or has no objective"""


class TopObjective(TypedDict):
    before: float | None
    after: float | None


class Continued(TypedDict):
    newBars: int | None
    """Bars that were simulated, where it went on from the end of the night before"""
    full: str | None
    """Why all bars were simulated, where they were"""


class NightLinks(TypedDict):
    run: str | None
    temporal: str | None
    page: str | None
    """Where the page shows it: a path of this service, or an address where another host serves the page; null where none does"""


class ScheduleLinks(TypedDict):
    self: str
    runs: str
    temporal: str | None
    page: str | None
    """Where the page shows it: a path of this service, or an address where another host serves the page; null where none does"""


class StrategyInfo(TypedDict):
    name: str
    kind: Literal['built-in', 'module']
    title: str
    description: str
    params: Dict[str, StrategyInfoIntegerParam | StrategyInfoNumberParam | StrategyInfoChoiceParam]
    symbols: Symbols
    """How many symbols it can trade at once; null for any number"""
    error: str | None
    """Why a module cannot be run"""
    schema: Dict[str, Any]
    """JSON Schema of `strategy.params`"""


class StrategyInfoIntegerParam(TypedDict):
    type: Literal['integer']
    min: int
    max: int
    default: int
    description: NotRequired[str]


class StrategyInfoNumberParam(TypedDict):
    type: Literal['number']
    min: float
    max: float
    default: float
    description: NotRequired[str]


class StrategyInfoChoiceParam(TypedDict):
    type: Literal['choice']
    values: List[str]
    default: str
    description: NotRequired[str]


class Symbols(TypedDict):
    """How many symbols it can trade at once; null for any number"""

    min: int
    max: int | None


class SourceInfo(TypedDict):
    source: str
    title: str
    description: str
    timeframes: List[str]
    """What it holds; multiples of the shortest are made of that. ["any"] for generated data"""
    timeZone: str
    coverage: NotRequired[Coverage]
    """Over all symbols, where it is known"""
    columns: NotRequired[List[str]]
    """Beside prices and volume; names for expressions"""
    quality: NotRequired[SourceInfoQuality]
    """Of an upload: what was found in its bars"""
    checked: NotRequired[Checked]
    """Of other sources: of how many symbols a run has fetched bars, of how many of them something was found, and when last"""
    universes: NotRequired[List[str]]
    """Lists of symbols with the times of their membership, for data.universe"""


Coverage = TypedDict(
    "Coverage",
    {
        "symbols": "int",
        "from": "str",
        "to": "str",
        "bars": "int",
        # When the source said so, where it is not asked for each list
        "asOf": "NotRequired[str]",
    },
)


class SourceInfoQuality(TypedDict):
    """Of an upload: what was found in its bars"""

    calendar: Literal['24/7', 'weekdays', 'symbols']
    """Against which gaps were counted"""
    bars: int
    """That were looked at, over all symbols"""
    findings: List[Finding]
    """In the order of the checks, then of the symbols; none for clean data"""
    more: int
    """Findings beyond the hundred that are listed"""


class Checked(TypedDict):
    """Of other sources: of how many symbols a run has fetched bars, of how many of them something was found, and when last"""

    symbols: int
    flawed: int
    at: str


SymbolInfo = TypedDict(
    "SymbolInfo",
    {
        "symbol": "str",
        "from": "str | None",
        "to": "str | None",
        "bars": "int | None",
        "timeframe": "str",
        # Beside prices and volume; names for expressions
        "columns": "NotRequired[List[str]]",
        # What was found when a run last fetched its bars, or when they were uploaded
        "quality": "NotRequired[SymbolInfoQuality]",
    },
)


SymbolInfoQuality = TypedDict(
    "SymbolInfoQuality",
    {
        "checkedAt": "str",
        # Of the bars that were looked at
        "timeframe": "str",
        # Time of the first of them
        "from": "str | None",
        # Time of the last of them
        "to": "str | None",
        # Against which gaps were counted
        "calendar": "Literal['24/7', 'weekdays', 'symbols']",
        "bars": "int",
        # In the order of the checks; none for clean data
        "findings": "List[Finding]",
    },
)


class StatusEvent(TypedDict):
    runId: str
    status: Literal['queued', 'running', 'pausing', 'paused', 'cancelling', 'completed', 'failed', 'cancelled']
    requested: Literal['pause', 'resume', 'cancel'] | None
    phase: Literal['fetch', 'simulate', 'aggregate'] | None
    error: Error | None
    progress: Progress
    at: str


class ProgressEvent(TypedDict):
    runId: str
    progress: Progress


class EquityEvent(TypedDict):
    runId: str
    fromBar: int
    """The points are those of the bars [fromBar, toBar) that are sent: every so many bars, and the last of all"""
    toBar: int
    total: int
    """Bars of the whole run"""
    columns: Columns
    rows: int


class Columns(TypedDict):
    bar: List[int]
    time: List[str]
    equity: List[float | None]
    cash: List[float | None]
    exposure: List[float | None]


class DoneEvent(TypedDict):
    runId: str
    status: Literal['completed', 'failed', 'cancelled']
    requested: Literal['pause', 'resume', 'cancel'] | None
    phase: Literal['fetch', 'simulate', 'aggregate'] | None
    error: Error | None
    progress: Progress
    at: str


class Problem(TypedDict):
    type: str
    """Address of the documentation of this code"""
    title: str
    status: int
    detail: str
    """What happened and what to do"""
    code: str
    """Stable, for programs"""
    errors: List[ProblemError]
    """Every fault in the input at once"""


ProblemError = TypedDict(
    "ProblemError",
    {
        "path": "str",
        "message": "str",
        # Of an expression: where in its text the fault begins
        "from": "NotRequired[int]",
        # Of an expression: the character after the fault
        "to": "NotRequired[int]",
    },
)


class Estimate(TypedDict):
    bars: int
    """Bars to simulate, over all symbols; at most"""
    memoryBytes: int
    """Memory of a worker for bars and curve"""
    streamed: bool
    """Whether the bars are more than half of the memory of a worker, so that they are read a stretch at a time"""
    seconds: float
    """Computing time on one core with a built-in strategy"""
    bytesScanned: int
    """Bytes read from a metered source; 0 for other data, and where the dataset is there already"""
    cost: float
    """Price of the bytes scanned, in USD"""


class SweepEstimate(TypedDict):
    bars: int
    """Bars to simulate, over all symbols; at most"""
    memoryBytes: int
    """Memory of a worker for bars and curve"""
    streamed: bool
    """Whether the bars are more than half of the memory of a worker, so that they are read a stretch at a time"""
    seconds: float
    """Computing time on one core with a built-in strategy"""
    bytesScanned: int
    """Bytes read from a metered source; 0 for other data, and where the dataset is there already"""
    cost: float
    """Price of the bytes scanned, in USD"""
    trials: int
    """Trials, known or not"""


class Heatmap(TypedDict):
    metric: str
    x: X
    y: Y
    mean: List[List[float | None]]
    """By y, then by x; null where there is no trial with a value"""
    best: List[List[float | None]]
    """By y, then by x; null where there is no trial with a value"""
    trials: List[List[int]]
    """Trials of each cell"""


class X(TypedDict):
    param: str
    values: List[float | str]
    isRange: bool
    """Whether each value is the lower end of a range"""


class Y(TypedDict):
    param: str
    values: List[float | str]
    isRange: bool
    """Whether each value is the lower end of a range"""


class BestTrials(TypedDict):
    items: List[Item]


class Item(TypedDict):
    trial: int
    """Its number in the search, from 0"""
    params: Dict[str, float | str]
    """Those that differ between trials"""
    metrics: Dict[str, float | None]
    objective: float | None
    """Null where it is undefined"""
    rank: int
    """1 is the best; trials without an objective come last"""
    cached: bool
    """Whether it had been computed before"""
    robust: float | None
    """Mean objective of the trial and of its neighbours: those tried one step away along one parameter"""
    neighbours: int
    spec: BacktestSpec


class Upload(TypedDict):
    source: str
    title: str
    description: str
    timeframes: List[str]
    """What it holds; multiples of the shortest are made of that. ["any"] for generated data"""
    timeZone: str
    coverage: NotRequired[Coverage]
    """Over all symbols, where it is known"""
    columns: NotRequired[List[str]]
    """Beside prices and volume; names for expressions"""
    quality: UploadQuality
    checked: NotRequired[Checked]
    """Of other sources: of how many symbols a run has fetched bars, of how many of them something was found, and when last"""
    universes: NotRequired[List[str]]
    """Lists of symbols with the times of their membership, for data.universe"""
    symbols: List[SymbolInfo]


class UploadQuality(TypedDict):
    calendar: Literal['24/7', 'weekdays', 'symbols']
    """Against which gaps were counted"""
    bars: int
    """That were looked at, over all symbols"""
    findings: List[Finding]
    """In the order of the checks, then of the symbols; none for clean data"""
    more: int
    """Findings beyond the hundred that are listed"""
