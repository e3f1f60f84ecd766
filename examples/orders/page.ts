/** The page of the demo: sends requests, and shows what became of them. One response, with nothing loaded from anywhere. */
import {
  createCsp,
  createHeaderPolicy,
  createNonce,
  type HeaderPolicyOptions,
  nonce,
  none,
  self,
  strictDynamic,
} from 'sallyport/headers';
import { escapeHtml, serializeJsonForScript } from 'sallyport/html';
import type { Tokens } from './issuer.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';
import { SAMPLES } from './samples.ts';

// The preset allows no inline style; this page brings its own under the same nonce. It may ask this server, and nobody else.
const csp = createCsp({
  defaultSrc: [none],
  scriptSrc: [nonce, strictDynamic],
  styleSrc: [nonce],
  imgSrc: ['data:'],
  connectSrc: [self],
  objectSrc: [none],
  baseUri: [none],
  formAction: [none],
  frameAncestors: [none],
  requireTrustedTypesFor: 'script',
  trustedTypes: [none],
});

/** The page's headers, for its policy as well: the two must not differ. */
export const PAGE_HEADERS: HeaderPolicyOptions = { html: { csp } };

const headers = createHeaderPolicy(PAGE_HEADERS);

/**
 * Makes the page, with a nonce that no other has.
 *
 * @param tokens what it sends: the demo's own, and nobody's secret
 * @param connection whether it came by https
 */
export function renderPage(tokens: Tokens, { secure }: { readonly secure: boolean }): Response {
  const fresh = createNonce();
  const samples = SAMPLES.flatMap((group) => group.samples);
  // In a script element neither quotes nor tags may end it: JSON alone would let a text do so.
  const data = serializeJsonForScript({ samples, tokens });
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>sallyport: one guarded way in</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Cpath d='M1 8V4a3 3 0 0 1 6 0v4H5V4a1 1 0 0 0-2 0v4z' fill='%23767676'/%3E%3C/svg%3E">
<style nonce="${fresh}">${PAGE_STYLE}</style>
</head>
<body>
<header>
<p class="name">sallyport</p>
<h1>One guarded way in</h1>
<p class="lead">A small orders API stands behind one policy. Press a request, good or bad: this page sends it as you see it,
and shows the answer, its way through the stages, and what is left of the budgets.</p>
</header>
<main>
<div id="samples">
${SAMPLES.map(renderGroup).join('\n')}
</div>
<section id="result" aria-labelledby="result-title">
<div id="gauges" role="group" aria-label="Budgets"></div>
<h2 id="result-title">Nothing sent yet</h2>
<p id="about"></p>
<p id="verdict"></p>
<div class="columns">
<div>
<h3>Way through the stages</h3>
<ol id="way"></ol>
</div>
<div>
<h3>Request</h3>
<pre id="request"></pre>
<h3>Response</h3>
<pre id="response"></pre>
</div>
</div>
</section>
<noscript><p>The buttons of this page need its script.</p></noscript>
</main>
<footer>
<p>Tokens here are the demo’s own and live for a quarter of an hour; reload for fresh ones. What the page shows comes from
the event that the policy hands out for every request: a stage and a code, and no word of what was sent.</p>
</footer>
<p id="news" role="status" class="unseen"></p>
<script type="application/json" id="data">${data}</script>
<script nonce="${fresh}">${PAGE_SCRIPT}</script>
</body>
</html>
`;
  const response = new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } });
  return headers.apply(response, { secure, nonce: fresh });
}

function renderGroup({ title, samples }: (typeof SAMPLES)[number], group: number): string {
  const before = SAMPLES.slice(0, group).reduce((count, each) => count + each.samples.length, 0);
  const items = samples.map((sample, index) =>
    `<li><button type="button" data-sample="${before + index}"><span>${escapeHtml(sample.title)}</span> ` +
    `<span class="status ${sample.status < 400 ? 'ok' : 'no'}">${sample.status}</span></button></li>`
  );
  return `<section class="group" aria-labelledby="group-${group}"><h2 id="group-${group}">${escapeHtml(title)}</h2>
<ul>${items.join('')}</ul></section>`;
}
