/** The style sheet of the report: light and dark by the reader's setting, and black on white in print. */
export const STYLE = `
:root { color-scheme: light dark; --page: #fff; --ink: #16191d; --soft: #667080; --rule: #e3e6ea; --tile: #f6f7f9; --main: #2563eb; --other: #9aa3af; --gain: #15803d; --loss: #c02626; --gain-rgb: 22 163 74; --loss-rgb: 220 38 38; }
@media (prefers-color-scheme: dark) { :root { --page: #101317; --ink: #e4e7eb; --soft: #919aa7; --rule: #272c33; --tile: #181c22; --main: #6ea0ff; --other: #6b7480; --gain: #4ade80; --loss: #f87171; --gain-rgb: 74 222 128; --loss-rgb: 248 113 113; } }
@media print { :root { color-scheme: light; --page: #fff; --ink: #000; --soft: #444; --rule: #ccc; --tile: #fff; --main: #1d4ed8; --other: #888; --gain: #166534; --loss: #991b1b; --gain-rgb: 22 163 74; --loss-rgb: 220 38 38; } * { print-color-adjust: exact; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 28px 24px 40px; background: var(--page); color: var(--ink); font: 13px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; font-variant-numeric: tabular-nums; }
h1 { margin: 0; font-size: 22px; font-weight: 650; letter-spacing: -0.01em; }
h2 { margin: 30px 0 8px; font-size: 13px; font-weight: 650; }
h3 { margin: 14px 0 4px; font-size: 12px; font-weight: 600; }
p { margin: 4px 0; }
.soft { color: var(--soft); }
.note { margin: 12px 0 0; padding: 8px 12px; border-left: 3px solid var(--loss); background: var(--tile); }
.tiles { display: grid; grid-template-columns: repeat(8, 1fr); gap: 1px; margin: 18px 0 6px; background: var(--rule); border: 1px solid var(--rule); border-radius: 6px; overflow: hidden; }
.tiles div { padding: 9px 11px; background: var(--tile); }
.tiles dt { color: var(--soft); font-size: 11px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.tiles dd { margin: 1px 0 0; font-size: 16px; font-weight: 600; white-space: nowrap; }
dl { margin: 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 28px; }
.pair > * { min-width: 0; }
figure { margin: 18px 0 0; break-inside: avoid; }
figcaption { font-weight: 600; margin-bottom: 2px; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 10.5px; }
svg .end { text-anchor: end; }
svg .middle { text-anchor: middle; }
.grid { stroke: var(--rule); fill: none; }
.line { fill: none; stroke: var(--main); stroke-width: 1.4; stroke-linejoin: round; }
.line.other { stroke: var(--other); stroke-width: 1.1; }
.line.loss { stroke: var(--loss); stroke-width: 1; }
.area.loss { fill: rgb(var(--loss-rgb) / 0.16); }
.area.main { fill: rgb(37 99 235 / 0.1); }
.bar.gain, .dot.gain { fill: var(--gain); }
.bar.loss, .dot.loss { fill: var(--loss); }
.dot { fill-opacity: 0.55; }
.key { margin-left: 12px; font-weight: 400; color: var(--soft); }
.key::before { content: ''; display: inline-block; width: 14px; height: 2px; margin-right: 5px; vertical-align: middle; background: var(--main); }
.key.other::before { background: var(--other); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 3px 8px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
th { color: var(--soft); font-weight: 500; }
thead th { border-bottom-color: var(--other); }
th:first-child, td:first-child, .text { text-align: left; }
td.text, th.text { white-space: normal; }
tr { break-inside: avoid; }
.months td, .months th { padding: 3px 5px; text-align: center; }
.months th:first-child { text-align: left; }
.months td { border: 1px solid var(--page); }
.months .year { font-weight: 600; }
${heat('gain')}
${heat('loss')}
td.gain { color: var(--gain); }
td.loss { color: var(--loss); }
.figures { columns: 3; column-gap: 28px; }
.figures div { display: flex; justify-content: space-between; gap: 8px; padding: 2.5px 0; border-bottom: 1px solid var(--rule); break-inside: avoid; }
.figures dt { color: var(--soft); }
.figures dd { margin: 0; font-weight: 500; }
.definitions td { vertical-align: top; font-size: 11.5px; }
.manifest td { font-family: ui-monospace, SFMono-Regular, Menlo, monospace; font-size: 11.5px; text-align: left; white-space: normal; overflow-wrap: anywhere; }
.manifest th { text-align: left; width: 1%; }
pre { margin: 0; padding: 12px 14px; background: var(--tile); border: 1px solid var(--rule); border-radius: 6px; font: 11.5px/1.5 ui-monospace, SFMono-Regular, Menlo, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 28px; color: var(--soft); font-size: 11.5px; }
@media (max-width: 760px) { .tiles { grid-template-columns: repeat(4, 1fr); } .pair { grid-template-columns: 1fr; } .figures { columns: 1; } .wide { overflow-x: auto; } }
@page { margin: 14mm 12mm; }
@media print { body { max-width: none; padding: 0; font-size: 11px; } h2 { break-after: avoid; } }
`;

/** Five strengths of a colour behind the cells of the monthly table. */
function heat(kind: 'gain' | 'loss'): string {
  return [0.1, 0.2, 0.32, 0.46, 0.62]
    .map((strength, i) => `.${kind}${i + 1} { background: rgb(var(--${kind}-rgb) / ${strength}); }`)
    .join('\n');
}
