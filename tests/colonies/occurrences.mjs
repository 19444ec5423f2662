// Expands calendars by ical.js, which shares no code with what the product uses: one JSON case a line in,
// one JSON list a line out, of [wall clock, seconds since 1970] of every occurrence that begins in the case's
// range, for somebody in the case's zone.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const require = createRequire(`${process.argv[2]}/`);
const ICAL = (await import(require.resolve("ical.js"))).default;
const MOST = 20_000;

// The zones that the cases name come first, once: { zones: "BEGIN:VCALENDAR..." }.
function learn({ zones }) {
  for (const zone of new ICAL.Component(ICAL.parse(zones)).getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  }
  return "learnt";
}

function expand({ ics, zone, since, until }) {
  const calendar = new ICAL.Component(ICAL.parse(ics));
  const parts = calendar.getAllSubcomponents("vevent").map((part) => new ICAL.Event(part));
  const main = parts.find((part) => !part.isRecurrenceException());
  parts.filter((part) => part.isRecurrenceException()).forEach((part) => main.relateException(part));
  return within([...starts(main, until)].map(wall), { zone, since, until });
}

function* starts(event, until) {
  if (!event.isRecurring()) {
    yield event.startDate;
    return;
  }
  const moves = event.iterator();
  const last = ICAL.Time.fromString(until);
  last.adjust(2, 0, 0, 0); // no case moves an occurrence by more than a day
  for (let count = 0; count < MOST; count += 1) {
    const next = moves.next();
    if (!next || wall(next) > last.toString()) return;
    yield event.getOccurrenceDetails(next).startDate;
  }
}

const wall = (moment) => moment.toString().replace("Z", "");

const within = (shown, { zone, since, until }) =>
  shown.filter((moment) => moment >= since && moment < until).sort().map((moment) => [moment, instant(moment, zone)]);

// Seconds since 1970 when the clock of `zone` first shows `moment`, by the browser's own tables; where it never
// does, by the offset of before.
function instant(moment, zone) {
  const shown = Date.parse(`${moment}Z`) / 1000;
  const before = offset(shown - 86_400, zone);
  const after = offset(shown + 86_400, zone);
  const hits = [before, after].filter((seconds) => offset(shown - seconds, zone) === seconds);
  return hits.length ? Math.min(...hits.map((seconds) => shown - seconds)) : shown - before;
}

const clocks = new Map();

function offset(seconds, zone) {
  if (!clocks.has(zone)) {
    clocks.set(zone, new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }));
  }
  const parts = clocks.get(zone).formatToParts(seconds * 1000);
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d+):(\d+))?/.exec(parts.at(-1).value);
  return sign ? Number(`${sign}1`) * (Number(hours) * 3600 + Number(minutes) * 60) : 0;
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const asked = JSON.parse(line);
    answer = asked.zones ? learn(asked) : expand(asked);
  } catch (error) {
    answer = { error: String(error) };
  }
  console.log(JSON.stringify(answer));
}
