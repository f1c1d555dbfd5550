/** The licence of the charts asks for it, wherever there are any. */
export function ChartCredit() {
  return (
    <footer className="px-4 py-6 text-xs text-muted">
      Charts by TradingView Lightweight Charts™, © TradingView, Inc.{' '}
      <a className="underline" href="https://www.tradingview.com/">
        tradingview.com
      </a>
    </footer>
  );
}
