"""Records when cron expressions run, for CronGoldenTests. Run: python3 record_cron.py > cron.txt

The oracle looks at every minute (or, for rare dates, every day) with datetime and zoneinfo, and applies crontab(5) and the
rules of Vixie's cron for changed clocks to it; it shares nothing with the search that it checks. Lines, separated by tabs:
  zone <name> <offset at the start> <instant:new offset> ...    a change of clocks, seconds
  next <zone> <expression> <after> <next>                       seconds since 1970, UTC
Recorded with CPython 3.11 and tzdata 2024 or newer; the zones and years chosen do not change any more.
"""
import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

random.seed(5)
NAMES = {name: number + 1 for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split())}
NAMES |= {name: number for number, name in enumerate("sun mon tue wed thu fri sat".split())}
LIMITS = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
LONGEST = 3 * 3600


def values(text, low, high):
    result = set()
    for part in text.split(","):
        part, _, step = part.partition("/")
        if part == "*":
            first, last = low, high
        else:
            first, _, last = part.partition("-")
            first = NAMES.get(first.lower()) if first.isalpha() else int(first)
            last = (NAMES.get(last.lower()) if last.isalpha() else int(last)) if last else (high if step else first)
        result |= set(range(first, last + 1, int(step or 1)))
    return result


class Expression:
    def __init__(self, text):
        self.text = text
        words = text.split()
        self.fields = [values(word, *limits) for word, limits in zip(words, LIMITS)]
        self.fields[4] = {day % 7 for day in self.fields[4]}
        self.is_rhythm = words[0].startswith("*") or words[1].startswith("*")
        self.needs_both = words[2].startswith("*") or words[4].startswith("*")

    def fits_day(self, day):
        in_month, in_week = day.day in self.fields[2], day.isoweekday() % 7 in self.fields[4]
        return day.month in self.fields[3] and (in_month and in_week if self.needs_both else in_month or in_week)

    def fits(self, local):
        return local.minute in self.fields[0] and local.hour in self.fields[1] and self.fits_day(local)


def offset(zone, instant):
    return int(datetime.fromtimestamp(instant, zone).utcoffset().total_seconds())


def wall(instant, seconds):
    return datetime(1970, 1, 1) + timedelta(seconds=instant + seconds)


def runs(expression, zone, start, end):
    """Every run from start to end (whole minutes), by looking at each minute."""
    result, shown_until = [], None
    previous = offset(zone, start - 60)
    for instant in range(start, end, 60):
        now = offset(zone, instant)
        if now < previous <= now + LONGEST:
            shown_until = instant + previous
        skipped = []
        if previous < now <= previous + LONGEST:
            skipped = [wall(second, 0) for second in range(instant + previous, instant + now, 60)]
        is_repeated = shown_until is not None and instant + now < shown_until
        if expression.is_rhythm:
            is_due = expression.fits(wall(instant, now))
        else:
            is_due = (not is_repeated and expression.fits(wall(instant, now))) or any(map(expression.fits, skipped))
        if is_due:
            result.append(instant)
        previous = now
    return result


def at(*fields):
    return int(datetime(*fields, tzinfo=timezone.utc).timestamp())


TIMES = [
    "* * * * *", "*/5 * * * *", "*/7 * * * *", "0 * * * *", "30 * * * *", "0 */2 * * *", "*/20 2 * * *", "0 0 * * *",
    "30 0 * * *", "15,45 1 * * *", "0 2 * * *", "30 2 * * *", "59 2 * * *", "0 3 * * *", "0-30/10 2-3 * * *", "0 12 * * *",
    "5 4 * * 0", "30 2 * * SUN", "10 1-4 * * *", "0 0 1 * *", "45 23 * * 6", "17 3 */2 * 1-5",
]
WINDOWS = [
    ("Europe/Berlin", (2024, 3, 30), (2024, 10, 26)), ("America/New_York", (2023, 3, 11), (2023, 11, 4)),
    ("Australia/Lord_Howe", (2022, 10, 1), (2022, 4, 2)), ("America/Sao_Paulo", (2018, 11, 3), (2018, 2, 17)),
    ("America/St_Johns", (2010, 3, 13), (2010, 11, 6)), ("Asia/Kolkata", (2020, 5, 5)),
    ("Pacific/Apia", (2011, 12, 29), (2011, 9, 23)), ("Asia/Tehran", (2021, 3, 21), (2021, 9, 21)), ("UTC", (2024, 2, 28)),
]

for name, *starts in WINDOWS:
    zone = ZoneInfo(name)
    first, last = at(*min(starts)) - 5 * 86400, at(*max(starts)) + 9 * 86400
    offsets, changes = offset(zone, first), []
    for instant in range(first, last, 60):
        if offset(zone, instant) != (int(changes[-1].split(":")[1]) if changes else offsets):
            changes.append(f"{instant}:{offset(zone, instant)}")
    print("zone", name, offsets, *changes, sep="\t")
    marks = [int(change.split(":")[0]) for change in changes]
    for start in starts:
        begin, end = at(*start) - 43200, at(*start) + 8 * 86400
        near = [mark + shift for mark in marks if begin < mark < end for shift in (-3601, -1801, -1, 0, 1, 1799, 3599, 3600)]
        for text in TIMES:
            instants = runs(Expression(text), zone, begin, end)
            for after in near + [begin + random.randrange(4 * 86400) for _ in range(3)]:
                later = [instant for instant in instants if instant > after]
                if later:
                    print("next", name, text, after, later[0], sep="\t")

DATES = [
    "0 0 29 2 *", "0 0 31 * *", "0 0 30 1-6 *", "0 12 13 * 5", "0 12 13 */1 *", "0 0 */10 * 1", "0 0 29 2 */3", "0 0 1 1 *",
    "0 0 1-7 * MON", "0 0 * JAN-MAR,DEC *", "0 0 * * 7", "0 0 * * 5-7", "0 0 31 12 3", "1 1 31 4,6,9,11,12 *", "0 0 1 */5 *",
    "23 23 28-31 2 *", "0 0 31 */2 *", "5/25 10/6 10/9 * *", "0 0 * 2 2",
]
for text in DATES:
    expression = Expression(text)
    for year in (1999, 2023, 2024, 2096, 2399):
        after = at(year, random.randint(1, 12), random.randint(1, 28), random.randint(0, 23), random.randint(0, 59), 7)
        day = datetime.fromtimestamp(after, timezone.utc).replace(hour=0, minute=0, second=0)
        found = None
        while found is None:
            if expression.fits_day(day):
                found = next((m for m in runs(expression, timezone.utc, int(day.timestamp()), int(day.timestamp()) + 86400)
                              if m > after), None)
            day += timedelta(days=1)
        print("next", "UTC", text, after, found, sep="\t")
