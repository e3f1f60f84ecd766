import * as a2 from './rfc7515-a2.ts';
import * as a3 from './rfc7515-a3.ts';

const KEY_ID = 'e9bc097a-ce51-4036-9562-d2ade882db0d';

/** RFC 7515 appendix A.6.4: the general JSON serialization, with the signatures of appendices A.2 and A.3 over one payload. */
export const GENERAL_JSON: object = {
  payload: a3.PAYLOAD,
  signatures: [
    { protected: a2.HEADER, header: { kid: '2010-12-29' }, signature: a2.SIGNATURE },
    { protected: a3.HEADER, header: { kid: KEY_ID }, signature: a3.SIGNATURE },
  ],
};
/** RFC 7515 appendix A.7: the flattened JSON serialization of the second of these. */
export const FLATTENED_JSON: object = {
  payload: a3.PAYLOAD,
  protected: a3.HEADER,
  header: { kid: KEY_ID },
  signature: a3.SIGNATURE,
};
