/** What no page and no frame may use unless somebody says so. Registered names only: an unknown one is an error in every console. */
export const DENIED: string =
  'camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=(), midi=(), ' +
  'xr-spatial-tracking=()';
