// The second level of many countries (`co.uk`, `com.au`, `or.jp`), and where anybody gets a name of their own for the asking.
const KNOWN =
  /^(?:(?:ac|co|com|edu|gov|ne|net|or|org)\.[a-z]{2}|git(?:hub|lab)\.io|(?:netlify|vercel|web)\.app|(?:deno|fly|pages|workers)\.dev|(?:firebaseapp|herokuapp|onrender)\.com|azurewebsites\.net)$/;

/**
 * Tells whether strangers can register names below a domain, as far as that is known without the Public Suffix List, which is longer than
 * this package and changes weekly: the commonest second levels and the commonest shared hosts.
 *
 * @param domain lower-case, of two labels or more
 * @returns true when they surely can; false proves nothing
 */
export function isPublicSuffix(domain: string): boolean {
  return KNOWN.test(domain);
}
