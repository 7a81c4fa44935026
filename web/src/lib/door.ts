/** Pages that come before the sign-in: they have no frame, and asking who one is makes no sense there. */
const DOORS = new Set(['/sign-in', '/forgot', '/setup', '/join', '/reset'])

export const isDoor = (path: string): boolean => DOORS.has(path.replace(/\/+$/, ''))
