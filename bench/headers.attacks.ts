import { createCors, createCrossOriginCheck } from 'sallyport/cross-origin';
import {
  escapeAttribute,
  escapeCssString,
  escapeHtml,
  escapeJsString,
  escapeUrlComponent,
  safeUrl,
  sanitizeHtml,
  serializeJsonForScript,
} from 'sallyport/html';
import {
  createClientResolver,
  createHostCheck,
  createIpList,
  formatContentDisposition,
  parseAuthorization,
  parseClientCert,
  parseCookies,
  parseDictionary,
  parseForwardedClientCert,
  parseHost,
  parseIp,
  parseItem,
  parseList,
  parseMediaType,
  parseOrigin,
  parseTraceparent,
  parseTracestate,
} from 'sallyport/net';
import { type Attack, onHeader, onPieces, onText } from './headers.attack.ts';

const PEER = '10.0.0.1';
const PROXIES: readonly string[] = ['10.0.0.0/8'];
const list = createIpList(PROXIES);
const forwardedFor = createClientResolver({ trustedProxies: PROXIES, read: 'x-forwarded' });
const forwarded = createClientResolver({ trustedProxies: PROXIES, read: 'forwarded' });
const proxied = forwarded.resolve(new Request('https://api.example/'), PEER);
const hosts = createHostCheck({ hosts: ['api.example', '*.api.example'] });
const cors = createCors({ origins: ['https://app.example'], headers: ['content-type'] });
const csrf = createCrossOriginCheck();
const EVERYTHING = { headings: true, paragraphs: true, lists: true, code: true, quotes: true };

/** Every function that reads what an attacker writes, with what such functions are slow on. */
export const ATTACKS: readonly Attack[] = [
  ...onText('parseMediaType', parseMediaType, ['a/b', ';'], ['a/b;', ' ', 'x'], ['a/b;x="', '\\"'], ['a/b', ';x=y']),
  ...onText('parseItem', parseItem, ['"', 'a', '"'], ['"', '\\"', '"'], ['1', ';a'], ['', '1'], ['%"', '%c3%a9', '"']),
  ...onText('parseItem', parseItem, [':', 'AAAA', ':']),
  ...onText('parseList', parseList, ['', '1,', '1'], ['', '('], ['(', '1 ', ')'], ['', ' '], ['', 'a\t,', 'a']),
  ...onText('parseDictionary', parseDictionary, ['', 'a,', 'a'], ['', 'a;', 'b'], ['', 'a=(1),', 'a']),
  onPieces('parseDictionary', parseDictionary, (index) => `k${index}=1,`, 'z'),
  ...onText('parseCookies', parseCookies, ['', 'a=b; ', 'a=b'], ['', ';'], ['', 'a'], ['a="', '=', '"'], ['a=b', ' ']),
  onPieces('parseCookies', parseCookies, (index) => `k${index}=1; `, 'z=1'),
  ...onHeader(
    'parseAuthorization',
    'authorization',
    ({ headers }) => parseAuthorization(headers),
    ['Basic ', 'A'],
    ['Bearer ', ' ', 'a'],
    ['', 'a'],
  ),
  ...onText('parseHost', parseHost, ['', 'a.', 'b'], ['', 'a'], ['[', ':', ']'], ['', '1.', '1']),
  ...onHeader('createHostCheck()', 'host', hosts.check, ['', 'a.', 'api.example'], ['', 'a']),
  ...onText('parseOrigin', parseOrigin, ['https://', 'a.', 'b'], ['', 'a']),
  ...onText('parseIp', parseIp, ['', '1.', '1'], ['', ':'], ['', '0']),
  ...onText('createIpList()', list.has, ['', '1.', '1']),
  ...onHeader(
    'Forwarded',
    'forwarded',
    (request) => forwarded.resolve(request, PEER),
    ['', 'for=10.0.0.1,', 'for=10.0.0.1'],
    ['', ','],
    ['for="', '\\"'],
    ['for="', '\\", ', '"'],
    ['for=10.0.0.1', ';a=b'],
  ),
  ...onHeader(
    'X-Forwarded-For',
    'x-forwarded-for',
    (request) => forwardedFor.resolve(request, PEER),
    ['', '10.0.0.1, ', '10.0.0.1'],
    ['', ','],
    ['', 'a'],
    ['[', ':', ']'],
  ),
  ...onHeader(
    'parseForwardedClientCert',
    'x-forwarded-client-cert',
    (request) => parseForwardedClientCert(request, proxied),
    ['', 'URI=a;', 'URI=a'],
    ['Subject="', '\\"', '"'],
    ['', 'a=b,', 'a=b'],
  ),
  ...onHeader(
    'parseClientCert',
    'client-cert',
    (request) => parseClientCert(request, proxied),
    [':', 'AAAA', ':'],
    [':', 'A,', ':'],
  ),
  ...onHeader(
    'createCors().preflight',
    'access-control-request-headers',
    cors.preflight,
    ['', ','],
    ['', 'content-type,', 'content-type'],
    ['', 'a,', 'a'],
  ),
  ...onHeader('createCrossOriginCheck()', 'origin', (request) => csrf.check(request), ['https://', 'a']),
  ...onText('parseTraceparent', parseTraceparent, ['00-', '0', '-01'], ['', '-']),
  ...onText('parseTracestate', parseTracestate, ['', 'a=b,', 'a=b'], ['', ','], ['a=', ' ', 'b']),
  onPieces('parseTracestate', parseTracestate, (index) => `k${index}=1,`, 'z=1'),
  ...onText('formatContentDisposition', formatContentDisposition, ['', '"'], ['', '\u2028'], ['', '../']),
  ...onText(
    'sanitizeHtml',
    (html) => sanitizeHtml(html),
    ['', 'a'],
    ['', '<'],
    ['', '<b>'],
    ['', '</b>'],
    ['', '<b><i>'],
    ['', '<!--'],
    ['', '<a href="'],
    ['', '<a href=x>'],
    ['<a ', 'a=b ', '>'],
    ['<a ', 'a="', '>'],
    ['', '&amp;'],
    ['<a href="', '&#x61;', '">x'],
  ),
  ...onText(
    'sanitizeHtml, with everything',
    (html) => sanitizeHtml(html, EVERYTHING),
    ['', '<blockquote>'],
    ['', '<ul><li>'],
    ['', '</p>'],
    ['', '<p><h1><pre>'],
  ),
  ...onText('escapeHtml', escapeHtml, ['', 'a'], ['', '&'], ['', '\ud800']),
  ...onText('escapeAttribute', escapeAttribute, ['', '`']),
  ...onText('escapeJsString', escapeJsString, ['', '\u2028']),
  ...onText('escapeCssString', escapeCssString, ['', '"']),
  ...onText('escapeUrlComponent', escapeUrlComponent, ['', '\ud800']),
  ...onText('safeUrl', (url) => safeUrl(url), ['https://a.example/', '/../'], ['', '\t', 'javascript:1']),
  ...onText('serializeJsonForScript', serializeJsonForScript, ['', '<']),
];
