/** Small things that a browser keeps for its user. Storage may be forbidden or full: then nothing is kept. */

export function recall(key: string, where: () => Storage = () => localStorage): string | null {
  try {
    return where().getItem(key)
  } catch {
    return null
  }
}

export function remember(key: string, value: string | null, where: () => Storage = () => localStorage): void {
  try {
    if (value === null) where().removeItem(key)
    else where().setItem(key, value)
  } catch {
    // Not kept then.
  }
}
