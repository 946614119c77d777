"""Writes expected.tsv: cron expressions and the next ten moments at which each fires.

An independent implementation of AWS's rules, in Python's standard library alone (datetime, zoneinfo):
it walks over local days and asks each field whether it matches. Run it in this folder:

    python3 expected.py > expected.tsv

The rules: exactly one of the two day fields is `?`; Sunday is 1; ranges wrap, but for years; a local time
that daylight saving skips does not fire; one that it repeats fires the first time.
"""

import calendar
import datetime as dt
import zoneinfo

UTC = dt.timezone.utc
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
DAYS = "SUN MON TUE WED THU FRI SAT".split()


def number(text, names):
    return names.index(text.upper()) + 1 if text.upper() in names else int(text)


def matches(field, value, low, high, names=()):
    """Whether a value is one of a list of values, ranges and steps."""
    for part in field.split(","):
        span, _, step = part.partition("/")
        if span == "*":
            first, last = low, high
        elif "-" in span:
            first, last = (number(end, names) for end in span.split("-"))
        else:
            first = number(span, names)
            last = high if step else first
        size = high - low + 1
        length = (last - first) % size
        distance = (value - first) % size
        if distance <= length and distance % int(step or 1) == 0:
            return True
    return False


def weekday(day):
    """1 is Sunday."""
    return day.isoweekday() % 7 + 1


def day_of_month_matches(field, day):
    last = calendar.monthrange(day.year, day.month)[1]
    upper = field.upper()
    if upper == "L":
        return day.day == last
    workdays = [
        number for number in range(1, last + 1)
        if day.replace(day=number).isoweekday() <= 5
    ]
    if upper == "LW":
        return day.day == workdays[-1]
    if upper.endswith("W"):
        wanted = int(upper[:-1])
        if wanted > last:
            return False
        return day.day == min(workdays, key=lambda number: abs(number - wanted))
    return matches(field, day.day, 1, 31)


def day_of_week_matches(field, day):
    upper = field.upper()
    if "#" in upper:
        name, nth = upper.split("#")
        return weekday(day) == number(name, DAYS) and (day.day - 1) // 7 + 1 == int(nth)
    if upper == "L":
        return weekday(day) == 7
    if upper.endswith("L"):
        last = calendar.monthrange(day.year, day.month)[1]
        return weekday(day) == number(upper[:-1], DAYS) and day.day + 7 > last
    return matches(field, weekday(day), 1, 7, DAYS)


def moment(day, hour, minute, zone):
    """The UTC moment of a local time: none in a gap, the first of two in a fold."""
    local = dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        return None
    return instant


def following(expression, zone_name, begin, count=10):
    minutes, hours, dom, month, dow, year = expression[5:-1].split()
    zone = zoneinfo.ZoneInfo(zone_name)
    begin = dt.datetime.fromisoformat(begin.replace("Z", "+00:00"))
    day = begin.astimezone(zone).date() - dt.timedelta(days=1)
    times = [
        (hour, minute)
        for hour in range(24) if matches(hours, hour, 0, 23)
        for minute in range(60) if matches(minutes, minute, 0, 59)
    ]
    found = []
    while len(found) < count and day.year <= 2199:
        if not matches(year, day.year, 1970, 2199):
            day = dt.date(day.year + 1, 1, 1)
            continue
        if not matches(month, day.month, 1, 12, MONTHS):
            day = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
            continue
        hit = (
            day_of_month_matches(dom, day) if dow == "?" else day_of_week_matches(dow, day)
        )
        if hit:
            instants = [moment(day, hour, minute, zone) for hour, minute in times]
            found += sorted(at for at in instants if at is not None and at > begin)
        day += dt.timedelta(days=1)
    return found[:count]


def cases():
    plain = "2026-11-21T12:34:56Z"
    # Plain times, lists, ranges, steps.
    for text in [
        "0 5 ? * * *", "15 10 * * ? *", "0 18 ? * MON-FRI *", "0 8 1 * ? *", "0/15 * * * ? *",
        "0/10 * ? * MON-FRI *", "0/5 8-17 ? * MON-FRI *", "0/30 20-2 ? * MON-FRI *", "0/10 * ? * * *",
        "5/20 3 ? * * *", "59 23 31 12 ? *", "0 0 1 1 ? *", "0 0/12 ? * * *", "0 1/5 ? * * *",
        "30 */6 ? * * *", "*/45 0 ? * * *", "7,37 4 ? * * *", "0 0,6,12,18 ? * * *", "10-14 9 ? * * *",
        "10-30/10 9 ? * * *", "0 9-17/4 ? * * *", "0 9-17/4,22 ? * * *", "0 0 1,15 * ? *",
        "0 0 1-7 * ? *", "0 0 1-31/10 * ? *", "0 0 */10 * ? *", "0 0 5/9 * ? *", "0 0 1 */3 ? *",
        "0 0 1 2/3 ? *", "0 0 1 JAN,APR,JUL,OCT ? *", "0 0 1 jan,Apr ? *", "0 0 ? * sun *",
        "0 0 ? * 1 *", "0 0 ? * 7 *", "0 0 ? * 1,7 *", "0 0 ? * 2-6 *", "0 0 ? * 2-6/2 *",
        "0 0 ? * 2/2 *", "0 0 ? * */3 *", "0 0 ? JUN-AUG SUN *", "0 0 ? 6-8 1 *", "0 3 ? * TUE,THU *",
        "0 3 * 12 ? *", "* 3 1 1 ? *", "0 * 1 1 ? *", "* * 29 2 ? *", "1-59/2 0 1 1 ? *",
        "0/59 0 ? * * *", "0 0/23 ? * * *", "0 0 1 1/11 ? *", "0 0 1/30 * ? *", "00 05 ? * * *",
    ]:
        yield text, "UTC", plain
    # Ranges that wrap.
    for text in [
        "50-10 0 ? * * *", "50-10/5 0 ? * * *", "0 22-2 ? * * *", "0 22-2/2 ? * * *", "0 23-0 ? * * *",
        "0 0 28-3 * ? *", "0 0 31-1 * ? *", "0 0 25-5/5 * ? *", "0 0 1 NOV-FEB ? *", "0 0 1 11-2/2 ? *",
        "0 0 1 12-1 ? *", "0 0 ? * SAT-MON *", "0 0 ? * FRI-TUE *", "0 0 ? * 7-1 *", "0 0 ? * 6-2/2 *",
        "58-2 23-0 ? * * *", "0 22-2,12 ? * SAT-SUN *", "30 20-4/4 ? DEC-JAN SAT-MON *",
    ]:
        yield text, "UTC", plain
    # Month ends and leap years.
    for text, begin in [
        ("0 0 L * ? *", plain), ("0 0 L 2 ? *", plain), ("0 0 L FEB ? *", "2027-12-31T00:00:00Z"),
        ("0 0 L 2 ? *", "2095-01-01T00:00:00Z"), ("0 0 31 * ? *", plain), ("0 0 30 * ? *", plain),
        ("0 0 29 * ? *", "2027-01-29T00:00:00Z"), ("0 0 29 2 ? *", plain),
        ("0 0 29 2 ? *", "2028-02-29T00:00:00Z"), ("0 0 29 2 ? *", "2096-02-28T00:00:00Z"),
        ("0 0 28,29 2 ? *", plain), ("0 0 30,31 4-6 ? *", plain), ("0 0 31 4,6,9,11 ? *", plain),
        ("0 0 30 2 ? *", plain), ("0 0 31 2-3 ? *", plain), ("59 23 L * ? *", "2028-02-28T23:59:00Z"),
        ("59 23 L 2 ? 2028", plain), ("0 0 29 2 ? 2027-2040", plain), ("0 12 L 12 ? *", plain),
        ("0 0 1 3 ? *", "2028-02-29T00:00:00Z"), ("0 0 L 1,2,3 ? *", plain), ("0 6,18 L * ? *", plain),
    ]:
        yield text, "UTC", begin
    # Weekdays of the month: LW, W.
    for text, begin in [
        ("0 9 LW * ? *", plain), ("0 9 LW 2 ? *", plain), ("0 9 lw 5 ? *", "2026-05-29T09:00:00Z"),
        ("0 9 LW 12 ? 2027-2031", plain), ("0 9 15W * ? *", plain), ("0 9 1W * ? *", plain),
        ("0 9 1W 8 ? *", plain), ("0 9 1W 1 ? *", plain), ("0 9 31W * ? *", plain),
        ("0 9 31W 5 ? *", plain), ("0 9 30W * ? *", plain), ("0 9 29W 2 ? *", plain),
        ("0 9 28W 2 ? *", plain), ("0 9 2W * ? *", plain), ("0 9 14w * ? *", plain),
        ("0 9 16W 5,8,11 ? *", plain), ("0 9 15W * ? *", "2026-08-14T09:00:00Z"),
        ("0 9 15W * ? *", "2026-08-14T08:59:59Z"), ("30 8,20 15W * ? *", plain), ("0 9 3W * ? 2028", plain),
    ]:
        yield text, "UTC", begin
    # The nth and the last weekday of a month.
    for text, begin in [
        ("0 1 ? * 6#3 *", plain), ("0 1 ? * FRI#3 *", plain), ("0 1 ? * 2#1 *", plain),
        ("0 1 ? * 1#5 *", plain), ("0 1 ? * 7#5 *", plain), ("0 1 ? 2 1#5 *", plain),
        ("0 1 ? 2 3#5 *", plain), ("0 1 ? * 4#2 *", plain), ("0 1 ? * thu#4 *", plain),
        ("0 1 ? 11 THU#4 *", plain), ("0 1 ? * SUN#1 2027", plain), ("0 1 ? * 6L *", plain),
        ("0 1 ? * FRIL *", plain), ("0 1 ? * 1L *", plain), ("0 1 ? 2 2L *", plain),
        ("0 1 ? * 7L *", plain), ("0 1 ? * L *", plain), ("0 1 ? 12 L *", plain),
        ("0 1 ? * 6#3 *", "2026-11-20T01:00:00Z"), ("0 1 ? * 6#3 *", "2026-11-20T00:59:59Z"),
        ("0 0,12 ? * 2#2 *", plain), ("0 1 ? 1,7 3L *", plain), ("0 1 ? FEB 5#5 *", plain),
    ]:
        yield text, "UTC", begin
    # Each of the forms that name one day of a month.
    for day in range(1, 32):
        yield f"20 6 {day}W * ? *", "UTC", plain
    for day in range(1, 8):
        yield f"40 7 ? * {day}L *", "UTC", plain
        for nth in range(1, 6):
            yield f"50 8 ? * {day}#{nth} *", "UTC", plain
    for month in MONTHS:
        yield f"10 9 L {month} ? *", "UTC", plain
    # Years.
    for text, begin in [
        ("0 0 1 1 ? 2027", plain), ("0 0 1 1 ? 2027,2031", plain), ("0 0 1 1 ? 2027-2030", plain),
        ("0 0 1 1 ? 2020/7", plain), ("0 0 1 1 ? 2027/50", plain), ("0 0 1 1 ? 2199", plain),
        ("0 0 31 12 ? *", "2195-01-01T00:00:00Z"), ("0 5 ? * * 2026", "2026-12-29T06:00:00Z"),
        ("0 5 ? * * 1970-2025", plain), ("0 0 1 1 ? */40", plain), ("0 0 29 2 ? 2027/2", plain),
        ("0 0 ? 1 2#1 2030-2050/5", plain),
    ]:
        yield text, "UTC", begin
    # Both changes of daylight saving time, in zones that differ in date, hour and size of the step.
    changes = [
        ("Europe/Berlin", "2027-03-27T00:00:00Z", "2026-10-24T00:00:00Z"),
        ("Europe/London", "2027-03-27T00:00:00Z", "2026-10-24T00:00:00Z"),
        ("America/New_York", "2027-03-13T00:00:00Z", "2026-10-31T00:00:00Z"),
        ("America/St_Johns", "2027-03-13T00:00:00Z", "2026-10-31T00:00:00Z"),
        ("America/Santiago", "2026-09-05T00:00:00Z", "2027-04-03T00:00:00Z"),
        ("Australia/Sydney", "2026-10-03T00:00:00Z", "2027-04-03T00:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2027-04-03T00:00:00Z"),
        ("Pacific/Auckland", "2026-09-25T00:00:00Z", "2027-04-02T00:00:00Z"),
    ]
    for zone, spring, autumn in changes:
        for text in ["0 2 ? * * *", "30 1 ? * * *", "15 0/1 ? * * *", "45 2-3 ? * * *", "30 2 ? * SUN *"]:
            yield text, zone, spring
            yield text, zone, autumn
        yield "0/30 0-3 ? * SUN *", zone, spring
    # Zones without daylight saving, and days that differ from those of UTC.
    for zone in [
        "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago",
        "America/Phoenix", "Africa/Johannesburg", "Pacific/Chatham", "Asia/Tehran",
    ]:
        for text in ["0 0 L * ? *", "30 23 1W * ? *", "0 1 ? * 6#3 *"]:
            yield text, zone, plain
    # Month ends in a zone while it changes.
    for text, zone, begin in [
        ("30 2 L 3 ? *", "Europe/Berlin", plain), ("30 2 L 10 ? *", "Europe/Berlin", plain),
        ("30 2 ? 3 1L *", "Europe/Berlin", plain), ("30 2 ? 10 1L *", "Europe/Berlin", plain),
        ("30 2 ? 3 1#2 *", "America/New_York", plain), ("30 1 ? 11 1#1 *", "America/New_York", plain),
        ("0 0 ? 9 1#1 *", "America/Santiago", plain), ("30 1 LW 10 ? *", "Europe/London", plain),
    ]:
        yield text, zone, begin


def main():
    seen = set()
    for text, zone, begin in cases():
        case = (text, zone, begin)
        if case in seen:
            continue
        seen.add(case)
        expression = f"cron({text})"
        moments = " ".join(
            at.strftime("%Y-%m-%dT%H:%M:%SZ") for at in following(expression, zone, begin)
        )
        print(expression, zone, begin, moments, sep="\t")


main()
