"""What can be submitted.

Written by tools/write_types.py from the OpenAPI document of the service: change it there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Literal, TypedDict

if TYPE_CHECKING:
    from typing_extensions import NotRequired


class BacktestSpec(TypedDict):
    specVersion: NotRequired[Literal[1]]
    name: NotRequired[str]
    tags: NotRequired[List[str]]
    data: Data
    strategy: Strategy
    account: NotRequired[Account]
    metrics: NotRequired[Metrics]
    benchmark: NotRequired[str]
    """Symbol to compare with, from the same source"""
    seed: NotRequired[int]


Data = TypedDict(
    "Data",
    {
        "source": "str",
        # May be left out where there is a universe: then everyone who was a member of it between "from" and "to"
        "symbols": "NotRequired[List[str]]",
        # A list of GET /v1/datasets with times of membership: a symbol can be held only while it is a member
        "universe": "NotRequired[str]",
        "timeframe": "NotRequired[str]",
        # A date, inclusive, or a timestamp; a timestamp that ends a range is exclusive
        "from": "NotRequired[str]",
        # A date, inclusive, or a timestamp; a timestamp that ends a range is exclusive
        "to": "NotRequired[str]",
        # Read as the source showed its bars then, where it can go back so far (BigQuery: seven days); else the result says "revised"
        "asOf": "NotRequired[str]",
        # Prices as they were traded, in the shares of the end, or as if dividends had been reinvested
        "adjust": "NotRequired[Literal['none', 'splits', 'total-return']]",
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

    unsorted: NotRequired[Literal['refuse', 'repair']]
    """Bars that come before an earlier one; repaired by sorting"""
    duplicates: NotRequired[Literal['refuse', 'repair']]
    """Bars of one time; repaired by keeping the last of them"""
    prices: NotRequired[Literal['refuse', 'repair']]
    """A price that is not above 0, a volume below 0, a time that is none; repaired by leaving the bar out"""
    ohlc: NotRequired[Literal['refuse', 'repair']]
    """An open or close outside of low and high; repaired by widening low and high"""
    gaps: NotRequired[Literal['refuse', 'warn', 'ignore']]
    """Times without a bar at which the calendar has one"""
    zeroVolume: NotRequired[Literal['refuse', 'warn', 'ignore']]
    """Bars without volume"""
    outliers: NotRequired[Literal['refuse', 'warn', 'ignore']]
    """Closes that leave their neighbours and are back a bar later"""
    splits: NotRequired[Literal['refuse', 'warn', 'ignore']]
    """Price and volume that jump as in a split that nobody has named"""
    stale: NotRequired[Literal['refuse', 'warn', 'ignore']]
    """Last bars that do not move any more"""
    calendar: NotRequired[Literal['auto', '24/7', 'weekdays', 'symbols']]
    """When bars are due: always, on Mondays to Fridays, or whenever another symbol has one; auto: always where there are bars on weekends, else symbols"""


class Synthetic(TypedDict):
    bars: int
    """Bars per symbol"""
    seed: NotRequired[int]
    startPrice: NotRequired[float]
    drift: NotRequired[float]
    """Expected log return a year"""
    volatility: NotRequired[float]
    """Standard deviation of the log return a year"""
    jumps: NotRequired[Jumps]
    """Besides the walk, of each symbol for itself, one in a bar at most"""
    regimes: NotRequired[List[Regime]]
    """Instead of drift and volatility: the market begins in the first, and goes from each to any other"""
    correlation: NotRequired[float]
    """Of the log returns of any two symbols, jumps aside"""
    seasonality: NotRequired[float]
    """Bars below a day: variance and volume at noon are lower than on average by this share, and twice that higher at midnight (UTC)"""


class Jumps(TypedDict):
    """Besides the walk, of each symbol for itself, one in a bar at most"""

    perYear: float
    mean: NotRequired[float]
    """Of the log return of a jump"""
    deviation: NotRequired[float]
    """Of the log return of a jump"""


class Regime(TypedDict):
    drift: float
    volatility: float
    days: float
    """How long it lasts on average"""


class Instrument(TypedDict):
    multiplier: NotRequired[float]
    """Money that one unit gains when the price rises by 1 (50 for an E-mini contract)"""
    tickSize: NotRequired[float]
    """Step of the price; fills are rounded to it against the trader"""
    lotSize: NotRequired[float]
    """Step of the size in units; without it 1, or any size where the account is fractional"""
    minimumSize: NotRequired[float]
    """Smallest size of an entry in units"""
    currency: NotRequired[str]
    """Currency of the price; another one than the account's needs the bars of the pair among the symbols, such as EURUSD"""
    tradable: NotRequired[bool]
    """false for bars that only give a rate or a signal"""


class Strategy(TypedDict):
    name: NotRequired[str]
    """A strategy of GET /v1/strategies; to be left out where there are rules"""
    rules: NotRequired[Rules]
    params: NotRequired[Dict[str, float | str | bool]]


class Rules(TypedDict):
    params: NotRequired[Dict[str, IntegerParam | NumberParam | ChoiceParam]]
    let: NotRequired[Dict[str, str]]
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
    cash: NotRequired[float]
    currency: NotRequired[str]
    fees: NotRequired[Fees]
    slippage: NotRequired[Slippage]
    spread: NotRequired[float]
    """Between bid and ask, of the price; market and stop orders pay half of it"""
    interest: NotRequired[Interest]
    leverage: NotRequired[float]
    """Most gross position over equity at an entry"""
    maintenanceMargin: NotRequired[float]
    """Least equity over gross position at a close; below it the largest lots are closed. 0: no margin calls"""
    limits: NotRequired[Limits]
    hedging: NotRequired[bool]
    """Long and short lots of one symbol side by side"""
    dividends: NotRequired[Literal['cash', 'reinvest']]
    """Dividends that the prices are not adjusted for: kept in cash, or put into more units at the close of the ex date, without costs"""
    fill: NotRequired[Literal['next-open', 'same-close', 'next-close']]
    """Where market orders fill: the open after the decision, the close that was decided on, or the close after it"""
    fractional: NotRequired[bool]
    sizing: NotRequired[AllInSizing | FractionSizing | UnitsSizing | CashSizing]


class Fees(TypedDict):
    relative: NotRequired[float]
    """Of the traded money, at entry and at exit"""
    maker: NotRequired[float]
    """Instead of "relative" for a limit order that rested before it was filled"""
    fixed: NotRequired[float]
    """Money a fill"""
    perUnit: NotRequired[float]
    """Money a unit (a share, a contract)"""
    minimum: NotRequired[float]
    """Least money a fill"""
    maximum: NotRequired[float]
    """Most money a fill"""


class Slippage(TypedDict):
    relative: NotRequired[float]
    """Of the price, always against the trader"""
    ticks: NotRequired[float]
    """Price steps against the trader; needs a tickSize"""
    impact: NotRequired[float]
    """Of the price, times the square of the order's share of the bar's volume"""
    maxVolumeShare: NotRequired[float]
    """Most that all fills of a bar may take of its volume; the rest waits for later bars"""


class Interest(TypedDict):
    borrow: NotRequired[float]
    """Of the value of short positions, a year of 365 days"""
    margin: NotRequired[float]
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


class Metrics(TypedDict):
    riskFreeRate: NotRequired[float]
    """A year; each daily return is taken over its share, rate / periods a year"""
    minAcceptableReturn: NotRequired[float]
    """A year; below its share a daily return counts as a loss, in Sortino and Omega ratio"""
    periodsPerYear: NotRequired[Literal['auto'] | float]
    """Daily returns a year: "auto" is 365 where there are bars on weekends, else 252, and fewer where bars are further apart than days"""
    sharpe: NotRequired[Literal['arithmetic', 'geometric']]
    """Sharpe and Sortino ratio from the mean of the returns, or from the compounded annual return; geometric Sharpe is over compounded volatility"""
    volatility: NotRequired[Literal['arithmetic', 'compounded']]
    """Deviation of the daily returns × √periods, or that of a year of compounded daily returns"""
    cagr: NotRequired[Literal['calendar', 'periods']]
    """Years of the growth rate (and of calmar): calendar days / 365.25, or daily returns / periods a year"""
    ddof: NotRequired[Literal[0, 1]]
    """Taken off the number of values in the denominator of every variance"""
    valueAtRisk: NotRequired[Literal['historical', 'historical-lower', 'normal']]
    """Percentile with linear interpolation, the next lower return without, or that of a normal distribution"""
    profitFactor: NotRequired[Literal['money', 'returns']]
    """Sums the profits and losses of trades in money, or their returns"""


class SweepSpec(TypedDict):
    specVersion: NotRequired[Literal[1]]
    name: NotRequired[str]
    tags: NotRequired[List[str]]
    data: Data
    strategy: Strategy
    account: NotRequired[Account]
    metrics: NotRequired[Metrics]
    seed: NotRequired[int]
    space: Dict[str, SpaceValues | SpaceMin]
    where: NotRequired[str]
    """Condition between parameters: fast < slow"""
    search: NotRequired[GridSearch | RandomSearch | TpeSearch]
    objective: NotRequired[Objective]
    figures: NotRequired[List[Literal['totalReturn', 'cagr', 'volatility', 'sharpe', 'sortino', 'omega', 'valueAtRisk95', 'conditionalValueAtRisk95', 'tailRatio', 'skewness', 'kurtosis', 'probabilisticSharpe', 'calmar', 'maxDrawdown', 'maxDrawdownDuration', 'avgDrawdown', 'ulcerIndex', 'exposure', 'turnover', 'fees', 'trades', 'winRate', 'profitFactor', 'payoffRatio', 'expectancy', 'sqn', 'kelly', 'avgTrade', 'bestTrade', 'worstTrade', 'longestWin', 'longestLoss', 'alpha', 'beta', 'informationRatio', 'trackingError', 'treynor']]]
    """Metrics of each trial, beside total return, Sharpe ratio, drawdown, trades and the objective. Others take about ten times as long"""
    validation: NotRequired[NoneValidation | HoldoutValidation | WalkForwardValidation | CscvValidation]
    """Whether the best trial is judged on bars that did not choose it"""
    budget: NotRequired[Budget]
    priority: NotRequired[int]
    """1 comes first; a backtest has 2, a batch 3"""


class SpaceValues(TypedDict):
    values: List[float | str]


class SpaceMin(TypedDict):
    min: float
    max: float
    """Inclusive"""
    step: NotRequired[float]
    """Left out: 1 for an integer, else any number between"""
    log: NotRequired[bool]
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
    metric: NotRequired[str]
    """A metric, or a formula of metrics: sharpe - 0.1 * volatility"""
    direction: NotRequired[Literal['max', 'min']]


class NoneValidation(TypedDict):
    kind: Literal['none']


class HoldoutValidation(TypedDict):
    kind: Literal['holdout']
    share: NotRequired[float]
    """Last part of the bars, which chooses nothing"""
    purge: NotRequired[int]
    """Bars left out at the end of each training window: positions opened there reach into the test"""
    embargo: NotRequired[int]
    """Bars left out at the beginning of each test, which still follow from the training window"""


class WalkForwardValidation(TypedDict):
    kind: Literal['walk-forward']
    folds: NotRequired[int]
    """Tests of equal length, back to back up to the last bar"""
    trainTests: NotRequired[float]
    """Length of the first training window in tests"""
    anchored: NotRequired[bool]
    """Whether training windows all begin at the first bar, and grow"""
    purge: NotRequired[int]
    """Bars left out at the end of each training window: positions opened there reach into the test"""
    embargo: NotRequired[int]
    """Bars left out at the beginning of each test, which still follow from the training window"""


class CscvValidation(TypedDict):
    kind: Literal['cscv']
    blocks: NotRequired[int]
    """Blocks of time, each half of which chooses once, while the other half judges"""


class Budget(TypedDict):
    trials: NotRequired[int]
    """Most trials, whatever the search asks for"""
    cpuSeconds: NotRequired[float]
    """Computing time, after which no further trial is begun"""


ScheduleSpec = TypedDict(
    "ScheduleSpec",
    {
        # Minute, hour, day of month, month, day of week; a day must fit both day fields
        "cron": "NotRequired[str]",
        # In place of a cron line: due at every time that fits one of these
        "calendar": "NotRequired[List[Calendar]]",
        # Not due at times that fit one of these, such as holidays
        "except": "NotRequired[List[Except]]",
        # IANA name: the clock of cron line and calendar, and the days of now-1d
        "timeZone": "NotRequired[str]",
        # Nights begin up to this much later, at random; their nominal time stays
        "jitter": "NotRequired[str]",
        # What becomes of a night that is due while an earlier one still runs
        "overlap": "NotRequired[Literal['skip', 'buffer-one', 'buffer-all', 'cancel-other', 'terminate-other', 'allow-all']]",
        # Nights that were missed for longer than this do not run any more; at least 10s
        "catchupWindow": "NotRequired[str]",
        # Whether it pauses after a night that failed
        "pauseOnFailure": "NotRequired[bool]",
        # Not due before
        "startAt": "NotRequired[str]",
        # Not due after
        "endAt": "NotRequired[str]",
        "name": "NotRequired[str]",
        # Whether it begins paused
        "paused": "NotRequired[bool]",
        # A backtest spec, or a sweep spec. Its data.from and data.to may be counted from the nominal time of a night or from the last bar before it: now, now-1d, now-6mo, now-5y, end-5y. "to" left out is now-1d
        "spec": "Dict[str, Any]",
    },
)


class Calendar(TypedDict):
    second: NotRequired[int | List[int | Second]]
    minute: NotRequired[int | List[int | Minute]]
    hour: NotRequired[int | List[int | Hour]]
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
    second: NotRequired[int | List[int | Second]]
    minute: NotRequired[int | List[int | Minute]]
    hour: NotRequired[int | List[int | Hour]]
    dayOfMonth: NotRequired[int | List[int | DayOfMonth]]
    """Left out, every day"""
    month: NotRequired[int | List[int | Month]]
    year: NotRequired[int | List[int | Year]]
    dayOfWeek: NotRequired[Literal['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] | List[Literal['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] | DayOfWeek]]
