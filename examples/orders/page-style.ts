/** How the page looks: type and space, two colours that say something, light or dark as the reader has it. */
export const PAGE_STYLE: string = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf6; --card: #ffffff; --ink: #1f1c17; --soft: #615b50; --line: #ddd7ca;
  --ok: #1c6b3e; --no: #a4261b; --hold: #e9f3ec; --stop: #fbecea; --focus: #1a4fa0;
  --serif: Charter, 'Bitstream Charter', 'Iowan Old Style', Georgia, serif;
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #151618; --card: #1c1e21; --ink: #ece8df; --soft: #aaa498; --line: #36383c;
    --ok: #83d3a1; --no: #ff9d8e; --hold: #1b2b21; --stop: #352020; --focus: #9cc2ff;
  }
}
*, ::before, ::after { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 82rem; padding: clamp(1rem, 4vw, 3rem); background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1, h2, h3, p, ul, ol, pre { margin: 0; }
ul, ol { padding: 0; list-style: none; }
h1, #result-title { font-family: var(--serif); font-weight: 600; text-wrap: balance; }
h1 { font-size: clamp(2rem, 6vw, 3.25rem); line-height: 1.1; letter-spacing: -0.015em; }
.name { font: 600 0.8125rem/1.5 var(--mono); letter-spacing: 0.06em; color: var(--soft); margin-bottom: 0.5rem; }
.lead { max-width: 62ch; margin-top: 0.875rem; color: var(--soft); font-size: 1.0625rem; }
main { display: grid; gap: 2.5rem; grid-template-columns: minmax(0, 1fr); margin-block: clamp(1.75rem, 5vw, 3rem); }
#samples { display: grid; gap: 1.75rem; align-content: start; }
.group > h2, h3 { font: 600 0.8125rem/1.5 system-ui, sans-serif; color: var(--soft); }
.group > h2 { padding-bottom: 0.375rem; border-bottom: 1px solid var(--line); }
button {
  display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; width: 100%; min-height: 2.5rem;
  padding: 0.4375rem 0.625rem; border: 0; border-bottom: 1px solid var(--line); background: none; color: inherit;
  font: inherit; text-align: start; cursor: pointer; scroll-margin-top: 0.5rem; transition: background-color 0.15s;
}
button:hover { background: color-mix(in srgb, var(--line) 40%, transparent); }
button[aria-current] { background: var(--card); box-shadow: inset 3px 0 0 var(--ink); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
.status { flex: none; font: 500 0.875rem/1.5 var(--mono); }
.status.ok, .ok .number { color: var(--ok); }
.status.no, .no .number { color: var(--no); }
#result { min-width: 0; align-self: start; }
#result[aria-busy] { opacity: 0.7; }
#result-title { margin-top: 1.75rem; font-size: 1.625rem; line-height: 1.2; }
#about { max-width: 62ch; margin-top: 0.375rem; color: var(--soft); }
#verdict { display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: 1rem; margin-top: 1.25rem; max-width: 72ch; }
#verdict .number { grid-row: span 3; font: 600 3rem/1 var(--serif); font-variant-numeric: lining-nums; }
#verdict .title { font-weight: 600; }
#verdict .times { font: 0.875rem/1.6 var(--mono); color: var(--soft); }
.columns { display: grid; gap: 2rem; grid-template-columns: minmax(0, 1fr); margin-top: 1.75rem; }
h3 { margin-bottom: 0.5rem; }
pre + h3 { margin-top: 1.25rem; }
pre {
  padding: 0.875rem 1rem; border: 1px solid var(--line); border-radius: 6px; background: var(--card);
  font: 0.8125rem/1.6 var(--mono); white-space: pre-wrap;
}
.header { color: var(--soft); }
#gauges { display: grid; gap: 1.5rem; grid-template-columns: repeat(2, minmax(0, 1fr)); font-size: 0.875rem; }
.gauge > :last-child { color: var(--soft); font-variant-numeric: tabular-nums; }
.meter { height: 0.375rem; margin-block: 0.375rem; border-radius: 3px; background: var(--line); overflow: hidden; }
.bar { height: 100%; background: var(--ok); transition: width 0.4s; }
.low .bar { background: var(--no); }
#way li { position: relative; padding: 0 0.75rem 0.625rem 1.75rem; font-size: 0.875rem; line-height: 1.45; }
#way li::before {
  content: ''; position: absolute; left: 0.1875rem; top: 0.3125rem; width: 0.6875rem; height: 0.6875rem;
  border: 2px solid var(--ok); border-radius: 50%; background: var(--ok);
}
#way li::after {
  content: ''; position: absolute; left: 0.4375rem; top: 1.1875rem; bottom: -0.125rem; width: 2px; background: var(--ok);
}
#way .stage { font: 600 0.8125rem/1.45 var(--mono); }
#way .reason { display: block; color: var(--soft); }
#way li:last-child::after { content: none; }
#way .ended::after, #way .unreached::after { background: var(--line); }
#way .unreached::before { border-color: var(--soft); background: none; }
#way .unreached .stage { font-weight: 400; color: var(--soft); }
#way .ended { padding-block: 0.5rem; margin-block: -0.125rem 0.625rem; border-radius: 6px; background: var(--hold); }
#way .ended::before { top: 0.8125rem; }
#way .ended::after { top: 1.6875rem; bottom: -0.75rem; }
#way .refused { background: var(--stop); }
#way .refused::before { border-color: var(--no); border-radius: 1px; background: var(--no); transform: rotate(45deg); }
#way .code { display: block; font: 600 0.8125rem/1.6 var(--mono); color: var(--no); }
footer { padding-top: 1.25rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.875rem; }
footer p { max-width: 78ch; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
li > #result { padding: 1.25rem 0 1.5rem; }
@media (max-width: 30rem) {
  #way .passed .reason, #way .unreached .reason { display: none; }
}
@media (min-width: 60.0625rem) {
  main { grid-template-columns: 18.5rem minmax(0, 1fr); column-gap: clamp(2rem, 5vw, 4.5rem); }
}
@media (min-width: 75rem) {
  .columns { grid-template-columns: minmax(0, 1fr) minmax(0, 1.15fr); column-gap: 3rem; }
}
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { transition: none !important; scroll-behavior: auto !important; }
}
`;
