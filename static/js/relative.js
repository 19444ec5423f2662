// Keeps <time data-relative> fresh, in the same words as the server (guild/portal/templatetags/dates.py).

const UNITS = [
  [86400, "day"],
  [3600, "hour"],
  [60, "minute"],
];
const MONTH = 30 * 86400;

export function watchTimes(root = document, everySeconds = 30) {
  setInterval(() => root.querySelectorAll("time[data-relative]").forEach(refresh), everySeconds * 1000);
}

/** Words for a distance in seconds, negative for the past; null beyond a month, where the date stays. */
export function relative(seconds) {
  const distance = Math.abs(seconds);
  if (distance < 60) return "just now";
  if (distance >= MONTH) return null;
  if (seconds < -20 * 3600 && seconds > -28 * 3600) return "yesterday";
  const [size, unit] = UNITS.find(([length]) => distance >= length);
  const count = Math.floor(distance / size);
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds > 0 ? `in ${words}` : `${words} ago`;
}

function refresh(time) {
  const words = relative((Date.parse(time.dateTime) - Date.now()) / 1000);
  if (words && words !== time.textContent) time.textContent = words;
}
