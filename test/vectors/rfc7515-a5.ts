import { PAYLOAD } from './rfc7515-a3.ts';

/** RFC 7515 appendix A.5: an unsecured JWS. Its header says that nobody signed it, and its signature is empty. */
export const TOKEN: string = `eyJhbGciOiJub25lIn0.${PAYLOAD}.`;
