import { addDays, format, formatDistance, parseISO } from "date-fns";
import { de } from "date-fns/locale/de";

export const render = () => {
  const day = new Date(2026, 1, 28);
  return [
    format(addDays(day, 1), "EEEE, d MMMM yyyy"),
    format(day, "PPPP", { locale: de }),
    formatDistance(day, addDays(day, 40)),
    parseISO("2026-02-28T12:00:00Z").getTime(),
  ].join("; ");
};
