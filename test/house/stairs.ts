import { annexe, floors, rootFloor } from './floors.ts';
import { importsOf, isDoor, resolveImport, roomOf, type Sources } from './source.ts';

/** Law 1, the stairs: import only from a lower floor or from your own room. */
export function breaksStairs(sources: Sources): string[] {
  return eachImport(sources, (from, to) => {
    const room = roomOf(from);
    if (!isKnown(room)) return `${from} is in no known room: give ${room} a floor in test/house/floors.ts`;
    if (!to.startsWith('src/')) return stranger(from, to);
    const target = roomOf(to);
    if (room === target) return undefined;
    if (room === annexe) return target === 'core' ? undefined : `${from} is in the annexe and imports ${to}`;
    if (target === annexe) return `${from} imports the annexe: ${to}`;
    const up = floorOf(target) - floorOf(room);
    if (up > 0) return `${from} climbs the stairs to ${to}`;
    return undefined;
  });
}

/** Law 1, the circle: no file reaches itself through its imports. */
export function breaksCircle(sources: Sources): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  for (const path of sources.keys()) visit(path, []);
  return found;

  function visit(path: string, trail: readonly string[]): void {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path].join(' -> '));
    const text = sources.get(path);
    if (at >= 0 || done.has(path) || text === undefined) return;
    for (const specifier of importsOf(path, text)) visit(resolveImport(path, specifier), [...trail, path]);
    done.add(path);
  }
}

/** Law 2: import the file, never a door. Doors are for guests. */
export function breaksDoors(sources: Sources): string[] {
  return eachImport(sources, (from, to) => isDoor(to) ? `${from} goes through the door ${to}` : undefined);
}

/** Law 3: rooms on one floor are strangers. */
export function breaksStrangers(sources: Sources): string[] {
  return eachImport(sources, (from, to) => {
    const [room, target] = [roomOf(from), roomOf(to)];
    const neighbours = to.startsWith('src/') && room !== target && floorOf(room) === floorOf(target);
    return neighbours ? `${from} visits its neighbour ${to}` : undefined;
  });
}

function stranger(from: string, to: string): string | undefined {
  if (to.startsWith('node:') && roomOf(from) === annexe) return undefined;
  return `${from} imports ${to}, which is not in src`;
}

function isKnown(room: string): boolean {
  return room === '' || room === annexe || floors.has(room);
}

function floorOf(room: string): number {
  return room === '' ? rootFloor : floors.get(room) ?? Number.NaN;
}

function eachImport(sources: Sources, judge: (from: string, to: string) => string | undefined): string[] {
  const found: string[] = [];
  for (const [from, text] of sources) {
    for (const specifier of importsOf(from, text)) {
      const violation = judge(from, specifier.startsWith('.') ? resolveImport(from, specifier) : specifier);
      if (violation !== undefined) found.push(violation);
    }
  }
  return found;
}
