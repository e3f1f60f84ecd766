/** Turns an option's name into the web's own: `displayCapture` into `display-capture`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
