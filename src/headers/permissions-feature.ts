/** A feature that pages ask leave for, in camel case: `displayCapture`. */
export type PermissionsFeature =
  | 'accelerometer'
  | 'ambientLightSensor'
  | 'attributionReporting'
  | 'autoplay'
  | 'bluetooth'
  | 'browsingTopics'
  | 'camera'
  | 'capturedSurfaceControl'
  | 'clipboardRead'
  | 'clipboardWrite'
  | 'computePressure'
  | 'crossOriginIsolated'
  | 'deferredFetch'
  | 'deferredFetchMinimal'
  | 'digitalCredentialsGet'
  | 'displayCapture'
  | 'encryptedMedia'
  | 'fullscreen'
  | 'gamepad'
  | 'geolocation'
  | 'gyroscope'
  | 'hid'
  | 'identityCredentialsGet'
  | 'idleDetection'
  | 'keyboardMap'
  | 'languageDetector'
  | 'localFonts'
  | 'localNetworkAccess'
  | 'magnetometer'
  | 'microphone'
  | 'midi'
  | 'onDeviceSpeechRecognition'
  | 'otpCredentials'
  | 'payment'
  | 'pictureInPicture'
  | 'privateStateTokenIssuance'
  | 'privateStateTokenRedemption'
  | 'publickeyCredentialsCreate'
  | 'publickeyCredentialsGet'
  | 'screenWakeLock'
  | 'serial'
  | 'speakerSelection'
  | 'storageAccess'
  | 'summarizer'
  | 'syncXhr'
  | 'translator'
  | 'unload'
  | 'usb'
  | 'webShare'
  | 'windowManagement'
  | 'xrSpatialTracking';

// Those of the standards, and those that a browser ships. `interest-cohort` is neither: it is an error in every visitor's console.
export const FEATURES: readonly PermissionsFeature[] = [
  'accelerometer',
  'ambientLightSensor',
  'attributionReporting',
  'autoplay',
  'bluetooth',
  'browsingTopics',
  'camera',
  'capturedSurfaceControl',
  'clipboardRead',
  'clipboardWrite',
  'computePressure',
  'crossOriginIsolated',
  'deferredFetch',
  'deferredFetchMinimal',
  'digitalCredentialsGet',
  'displayCapture',
  'encryptedMedia',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identityCredentialsGet',
  'idleDetection',
  'keyboardMap',
  'languageDetector',
  'localFonts',
  'localNetworkAccess',
  'magnetometer',
  'microphone',
  'midi',
  'onDeviceSpeechRecognition',
  'otpCredentials',
  'payment',
  'pictureInPicture',
  'privateStateTokenIssuance',
  'privateStateTokenRedemption',
  'publickeyCredentialsCreate',
  'publickeyCredentialsGet',
  'screenWakeLock',
  'serial',
  'speakerSelection',
  'storageAccess',
  'summarizer',
  'syncXhr',
  'translator',
  'unload',
  'usb',
  'webShare',
  'windowManagement',
  'xrSpatialTracking',
];
