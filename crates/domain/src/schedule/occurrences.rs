use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time, Weekday},
    tz::{AmbiguousOffset, TimeZone},
};

use super::{AwsCron, parse::Days};

impl AwsCron {
    /// The moments after `after` at which the schedule fires, in order; finite, since years end.
    ///
    /// A local time that daylight saving skips does not fire; one that comes twice fires the first
    /// time (`EventBridge` Scheduler user guide, "Daylight saving time").
    pub fn after(&self, after: Timestamp, zone: &TimeZone) -> impl Iterator<Item = Timestamp> {
        let begin = after.to_zoned(zone.clone()).date();
        let begin = begin.yesterday().unwrap_or(begin);
        self.days_from(begin)
            .flat_map(move |date| self.times(date, zone))
            .skip_while(move |at| *at <= after)
    }

    /// The last moment before `before` at which the schedule fired.
    pub fn before(&self, before: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let end = before.to_zoned(zone.clone()).date();
        let end = end.tomorrow().unwrap_or(end);
        let mut month = end.first_of_month();
        loop {
            let last = self
                .days_of_month(month)
                .into_iter()
                .filter(|date| *date <= end)
                .rev()
                .find_map(|date| self.times(date, zone).into_iter().rfind(|at| *at < before));
            if last.is_some() {
                return last;
            }
            month = month.yesterday().ok()?.first_of_month();
            if u16::try_from(month.year()).ok()? < *self.years.first()? {
                return None;
            }
        }
    }

    fn days_from(&self, begin: Date) -> impl Iterator<Item = Date> {
        let last_year = self.years.last().copied().unwrap_or_default();
        std::iter::successors(Some(begin.first_of_month()), |month| {
            month.last_of_month().tomorrow().ok()
        })
        .take_while(move |month| u16::try_from(month.year()).is_ok_and(|year| year <= last_year))
        .flat_map(|month| self.days_of_month(month))
        .filter(move |date| *date >= begin)
    }

    /// The days on which it fires in the month that begins at `first`, ascending.
    fn days_of_month(&self, first: Date) -> Vec<Date> {
        let year = u16::try_from(first.year()).unwrap_or_default();
        let month = u16::from(first.month().unsigned_abs());
        if self.years.binary_search(&year).is_err() || self.months.binary_search(&month).is_err() {
            return Vec::new();
        }
        let last = first.last_of_month();
        let every =
            || std::iter::successors(Some(first), |d| d.tomorrow().ok()).take_while(|d| *d <= last);
        match &self.days {
            Days::OfMonth(days) => every()
                .filter(|d| days.binary_search(&day_number(*d)).is_ok())
                .collect(),
            Days::OfWeek(days) => every()
                .filter(|d| days.binary_search(&week_number(*d)).is_ok())
                .collect(),
            Days::LastOfMonth => vec![last],
            Days::LastWeekday => every()
                .filter(|d| is_workday(*d))
                .last()
                .into_iter()
                .collect(),
            Days::NearestWeekday(day) => every()
                .find(|d| day_number(*d) == *day)
                .and_then(|d| nearest_workday(d, first, last))
                .into_iter()
                .collect(),
            Days::LastOfWeekday(day) => every()
                .filter(|d| week_number(*d) == *day)
                .last()
                .into_iter()
                .collect(),
            Days::Nth(day, nth) => every()
                .filter(|d| week_number(*d) == *day)
                .nth(usize::from(*nth) - 1)
                .into_iter()
                .collect(),
        }
    }

    /// The moments at which it fires on a day, ascending.
    fn times(&self, date: Date, zone: &TimeZone) -> Vec<Timestamp> {
        let mut times: Vec<Timestamp> = self
            .hours
            .iter()
            .flat_map(|hour| self.minutes.iter().map(move |minute| (*hour, *minute)))
            .filter_map(|(hour, minute)| moment(date, hour, minute, zone))
            .collect();
        times.sort_unstable();
        times
    }
}

fn moment(date: Date, hour: u16, minute: u16, zone: &TimeZone) -> Option<Timestamp> {
    let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()?;
    let local = zone.to_ambiguous_timestamp(DateTime::from_parts(date, time));
    match local.offset() {
        AmbiguousOffset::Gap { .. } => None,
        _ => local.earlier().ok(),
    }
}

fn day_number(date: Date) -> u16 {
    u16::from(date.day().unsigned_abs())
}

/// 1 = Sunday, as AWS counts.
fn week_number(date: Date) -> u16 {
    u16::from(date.weekday().to_sunday_one_offset().unsigned_abs())
}

fn is_workday(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The nearest Monday to Friday without leaving the month.
fn nearest_workday(date: Date, first: Date, last: Date) -> Option<Date> {
    let shifted = |days: i64| date.checked_add(jiff::Span::new().days(days)).ok();
    match date.weekday() {
        Weekday::Saturday if date == first => shifted(2),
        Weekday::Saturday => shifted(-1),
        Weekday::Sunday if date == last => shifted(-2),
        Weekday::Sunday => shifted(1),
        _ => Some(date),
    }
}
