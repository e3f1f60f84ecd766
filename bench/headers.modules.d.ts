/** The parts that are used of packages that come without types. */
declare module 'cors' {
  interface CorsRequest {
    readonly method: string;
    readonly headers: Readonly<Record<string, string | undefined>>;
  }
  interface CorsResponse {
    statusCode: number;
    setHeader(name: string, value: string): unknown;
    getHeader(name: string): string | undefined;
    end(): unknown;
  }
  export default function cors(options: {
    readonly origin: readonly string[];
    readonly methods: readonly string[];
    readonly allowedHeaders: readonly string[];
    readonly credentials: boolean;
    readonly maxAge: number;
  }): (request: CorsRequest, response: CorsResponse, next: () => void) => void;
}

declare module 'proxy-addr' {
  type Trust = (address: string, hop: number) => boolean;
  interface ProxiedRequest {
    readonly headers: Readonly<Record<string, string>>;
    readonly socket: { readonly remoteAddress: string };
  }
  function proxyAddress(request: ProxiedRequest, trust: Trust): string;
  namespace proxyAddress {
    function compile(networks: readonly string[]): Trust;
  }
  export default proxyAddress;
}
