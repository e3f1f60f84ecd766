/**
 * What the page runs. It is a text, so that it arrives as it is written: a function that is turned into text carries along whatever the tool that runs
 * this file has put into it. Whatever a server says is put into the page as text, and never as HTML.
 */
export const PAGE_SCRIPT: string = String.raw`
'use strict';
const { samples, tokens } = JSON.parse(document.getElementById('data').textContent);
const place = (id) => document.getElementById(id);
const result = place('result');
const main = result.parentNode;
const narrow = matchMedia('(max-width: 60rem)');
const SHOWN = ['www-authenticate', 'allow', 'location', 'retry-after', 'idempotency-replayed', 'ratelimit',
  'ratelimit-policy', 'content-type', 'cache-control', 'content-security-policy', 'x-content-type-options', 'x-request-id'];
const gauges = new Map();
let busy = false;
let pressed;

function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function caller(sample) {
  return sample.token === undefined ? 'nobody' : JSON.parse(atob(tokens[sample.token].split('.')[1]
    .replaceAll('-', '+').replaceAll('_', '/'))).sub;
}

function headersOf(sample) {
  const headers = { ...sample.claims };
  if (sample.token !== undefined) headers.authorization = 'Bearer ' + tokens[sample.token];
  if (sample.type !== undefined) headers['content-type'] = sample.type;
  if (sample.key) headers['idempotency-key'] = crypto.randomUUID();
  return headers;
}

function lines(first, headers, body) {
  const parts = [make('b', '', first), '\n'];
  for (const [name, value] of headers) parts.push(make('span', 'header', name + ':'), ' ' + value + '\n');
  if (body) parts.push('\n' + (body.length > 300 ? body.slice(0, 300) + ' … ' + body.length + ' characters' : body));
  return parts;
}

function shorten(name, value) {
  if (name !== 'authorization') return value;
  const [, header, claims, signature] = /^Bearer (.*)\.(.*)\.(.*)$/.exec(value);
  const short = (text) => text.length > 14 ? text.slice(0, 6) + '…' + text.slice(-4) : text;
  return 'Bearer ' + short(header) + '.' + short(claims) + '.' + short(signature);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The draft of the header fields: "name";r=left;t=seconds, and "name";q=quota;w=window. */
function showGauges(sample, headers) {
  const quotas = new Map();
  for (const [, name, quota, seconds] of (headers.get('ratelimit-policy') ?? '').matchAll(/"([^"]*)";q=(\d+);w=(\d+)/g)) {
    quotas.set(name, [Number(quota), Number(seconds)]);
  }
  for (const [, name, left, reset] of (headers.get('ratelimit') ?? '').matchAll(/"([^"]*)";r=(\d+);t=(\d+)/g)) {
    const [quota, seconds] = quotas.get(name);
    let gauge = gauges.get(name);
    if (gauge === undefined) {
      gauge = { meter: make('div', 'meter', make('div', 'bar')), words: make('p'), title: make('p', 'limit') };
      gauge.meter.setAttribute('role', 'meter');
      gauge.meter.setAttribute('aria-valuemin', '0');
      place('gauges').append(make('div', 'gauge', gauge.title, gauge.meter, gauge.words));
      gauges.set(name, gauge);
    }
    const whose = name === 'client' ? 'this address' : caller(sample);
    Object.assign(gauge, { name, whose, quota, seconds, left: Number(left), full: performance.now() + Number(reset) * 1000 });
    drawGauge(gauge);
  }
}

function drawGauge(gauge) {
  const { name, whose, quota, seconds, meter, title, words } = gauge;
  const wait = Math.ceil((gauge.full - performance.now()) / 1000);
  if (wait <= 0) gauge.left = quota;
  const { left } = gauge;
  title.replaceChildren(make('b', '', name), ' budget of ' + whose);
  words.textContent = left + ' of ' + quota + ' left' + (left < quota ? ', all again in ' + wait + ' s' : ', every ' + seconds + ' s');
  meter.setAttribute('aria-label', name + ' budget of ' + whose);
  meter.setAttribute('aria-valuemax', quota);
  meter.setAttribute('aria-valuenow', left);
  meter.setAttribute('aria-valuetext', left + ' of ' + quota + ' left');
  meter.classList.toggle('low', left * 4 <= quota);
  // A property is no attribute: the policy of the page forbids only the latter.
  meter.firstChild.style.width = 100 * left / quota + '%';
}

const STATES = { passed: 'passed', ended: 'ended here', unreached: 'not reached' };

function showWay(way) {
  place('way').replaceChildren(...way.stations.map(({ name, reason, state }) => {
    const isRefusal = state === 'ended' && way.outcome !== 'allowed';
    const item = make('li', state + (isRefusal ? ' refused' : ''), make('span', 'stage', name),
      make('span', 'unseen', ', ' + (isRefusal ? 'refused here' : STATES[state]) + ': '));
    if (isRefusal) item.append(make('span', 'code', way.code));
    item.append(make('span', 'reason', reason));
    if (state === 'ended') item.setAttribute('aria-current', 'step');
    return item;
  }));
}

/** What is to be said about a way, in one sentence. */
function judge(sample, response, way) {
  if (way.stations.length === 0) return 'The server has already forgotten which way it went.';
  const end = way.stations.find(({ state }) => state === 'ended');
  const ms = way.durationMs >= 1 ? ' in ' + Math.round(way.durationMs) + ' ms' : ' in less than a millisecond';
  if (end === undefined) return 'Passed every check' + ms + '.';
  if (way.outcome === 'allowed') return 'Answered at ' + end.name + ', from memory: the handler did not run again.';
  const where = end.name === 'request' ? 'before the first stage' : 'at ' + end.name;
  const sentence = 'Refused ' + where + ms + ': ' + way.code + '. The handler never ran.';
  if (response.status === sample.status) return sentence;
  if (response.status === 429) return sentence + ' A budget is spent: again in ' + response.headers.get('retry-after') + ' s.';
  return sentence + ' Expected was ' + sample.status + ': reload the page for fresh tokens.';
}

async function run(sample) {
  const headers = headersOf(sample);
  place('result-title').textContent = sample.title;
  place('about').textContent = sample.about;
  const told = Object.entries(headers).map(([name, value]) => [name, shorten(name, value)]);
  place('request').replaceChildren(...lines(sample.method + ' ' + sample.path, told, sample.body));
  const statuses = [];
  let response;
  let text;
  do {
    response = await fetch(sample.path, { method: sample.method, headers, body: sample.body, redirect: 'error', cache: 'no-store' });
    text = await response.text();
    statuses.push(response.status);
    showGauges(sample, response.headers);
  } while (statuses.length < (sample.times ?? 1) && response.ok);
  const seen = SHOWN.filter((name) => response.headers.has(name)).map((name) => [name, response.headers.get(name)]);
  const value = parse(text);
  const title = value?.title ?? response.statusText;
  place('response').replaceChildren(...lines(response.status + ' ' + title, seen, value ? JSON.stringify(value, null, 2) : text));
  const found = await fetch('/trail?id=' + response.headers.get('x-request-id'));
  // The server remembers the last few alone.
  const way = found.ok ? await found.json() : { stations: [] };
  showWay(way);
  const sentence = judge(sample, response, way);
  const verdict = place('verdict');
  verdict.replaceChildren(make('span', 'number', String(response.status)), make('span', 'title', title),
    make('span', 'sentence', sentence));
  if (statuses.length > 1) verdict.append(make('span', 'times', 'Sent ' + statuses.length + ' times: ' + statuses.join(', ')));
  verdict.className = response.ok ? 'ok' : 'no';
  return response.status + ' ' + title + '. ' + sentence;
}

/** On a narrow screen the result unfolds below what was pressed. */
function settle() {
  if (narrow.matches && pressed !== undefined) pressed.parentNode.append(result);
  else if (result.parentNode !== main) main.append(result);
}

async function press(button, quiet) {
  if (busy) return;
  busy = true;
  pressed?.removeAttribute('aria-current');
  const sample = samples[button.dataset.sample];
  button.setAttribute('aria-current', 'true');
  result.setAttribute('aria-busy', 'true');
  try {
    if (!quiet) pressed = button;
    const news = await run(sample);
    settle();
    if (!quiet) place('news').textContent = sample.title + ': ' + news;
    if (!quiet && narrow.matches) button.scrollIntoView({ block: 'start' });
  } catch {
    place('verdict').textContent = place('news').textContent = 'No answer. Is the server still running?';
    place('way').replaceChildren();
  } finally {
    pressed = button;
    result.removeAttribute('aria-busy');
    busy = false;
  }
}

for (const button of document.querySelectorAll('[data-sample]')) button.addEventListener('click', () => press(button));
narrow.addEventListener('change', settle);
setInterval(() => gauges.forEach(drawGauge), 1000);
// Something to look at: the first of the good ones.
press(document.querySelector('[data-sample]'), true);
`;
