/**
 * RFC 7797 section 4.2: a JWS of HS256 whose header says `"b64":false,"crit":["b64"]`, by the secret of RFC 7515 appendix A.1. What is
 * signed is the payload itself, `$.02`, which is sent apart because it holds a dot.
 */
export const HEADER = 'eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19';
export const PAYLOAD_TEXT = '$.02';
export const SIGNATURE = 'A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY';
export const DETACHED_TOKEN: string = `${HEADER}..${SIGNATURE}`;
