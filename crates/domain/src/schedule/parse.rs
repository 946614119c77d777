use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::field::{DAY_OF_MONTH, DAY_OF_WEEK, HOURS, MINUTES, MONTH, YEAR};
use crate::Invalid;

/// A cron expression as AWS writes it: `cron(Minutes Hours Day-of-month Month Day-of-week Year)`.
///
/// ```
/// use tidemark_domain::schedule::AwsCron;
///
/// assert!(AwsCron::parse("cron(0 5 ? * * *)").is_ok());
/// let error = AwsCron::parse("cron(0 25 ? * * *)").unwrap_err();
/// assert_eq!(error.field, "Hours");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AwsCron {
    text: String,
    pub(super) minutes: Vec<u16>,
    pub(super) hours: Vec<u16>,
    pub(super) days: Days,
    pub(super) months: Vec<u16>,
    pub(super) years: Vec<u16>,
}

/// Which days: the two day fields as one rule, since exactly one of them is `?`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Days {
    /// These days of the month.
    OfMonth(Vec<u16>),
    /// `L`: the last day of the month.
    LastOfMonth,
    /// `LW`: the last weekday (Monday to Friday) of the month.
    LastWeekday,
    /// `15W`: the weekday nearest to that day, within the month.
    NearestWeekday(u16),
    /// These days of the week, 1 = Sunday.
    OfWeek(Vec<u16>),
    /// `6L`: the last such day of the month.
    LastOfWeekday(u16),
    /// `6#3`: the third such day of the month.
    Nth(u16, u16),
}

impl AwsCron {
    /// Parses an expression; the error names the field and the rule it breaks.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let whole = |rule: &str| Err(Invalid::new("schedule", rule));
        if text.len() > 512 {
            return whole("must have at most 512 characters");
        }
        if text.starts_with("rate(") {
            return whole(
                "must be a cron expression: rate(...) is not accepted; for every 12 hours write cron(0 0/12 ? * * *)",
            );
        }
        let Some(inner) = text
            .strip_prefix("cron(")
            .and_then(|rest| rest.strip_suffix(')'))
        else {
            return whole(
                "must have the form cron(Minutes Hours Day-of-month Month Day-of-week Year)",
            );
        };
        let fields: Vec<&str> = inner.split_ascii_whitespace().collect();
        let [minutes, hours, day_of_month, month, day_of_week, year] = fields[..] else {
            return Err(Invalid::new(
                "schedule",
                format!(
                    "must have six fields (Minutes Hours Day-of-month Month Day-of-week Year); it has {}",
                    fields.len()
                ),
            ));
        };
        Ok(Self {
            minutes: MINUTES.values(minutes)?,
            hours: HOURS.values(hours)?,
            days: days(day_of_month, day_of_week)?,
            months: MONTH.values(month)?,
            years: YEAR.values(year)?,
            text: format!("cron({})", fields.join(" ")),
        })
    }

    /// The expression with single spaces.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The minutes of the day at which it fires, on a day on which it does.
    pub fn minutes_of_day(&self) -> Vec<u16> {
        self.hours
            .iter()
            .flat_map(|hour| self.minutes.iter().map(move |minute| hour * 60 + minute))
            .collect()
    }

    /// Refuses what AWS Backup refuses: schedules that fire more often than hourly.
    pub fn check_for_backup(&self) -> Result<(), Invalid> {
        if self.minutes.len() > 1 {
            Err(MINUTES.error("must name a single minute: AWS Backup runs a rule at most hourly"))
        } else {
            Ok(())
        }
    }
}

fn days(of_month: &str, of_week: &str) -> Result<Days, Invalid> {
    match (of_month, of_week) {
        ("?", "?") => {
            Err(DAY_OF_MONTH.error("and Day-of-week must not both be ?; exactly one of them is"))
        }
        (day, "?") => month_days(day),
        ("?", day) => week_days(day),
        _ => Err(DAY_OF_WEEK.error("or Day-of-month must be ?; exactly one of them is")),
    }
}

fn month_days(text: &str) -> Result<Days, Invalid> {
    let upper = text.to_ascii_uppercase();
    match upper.as_str() {
        "L" => Ok(Days::LastOfMonth),
        "LW" => Ok(Days::LastWeekday),
        _ => match upper.strip_suffix('W') {
            Some(day) => DAY_OF_MONTH.value(day).map(Days::NearestWeekday),
            None => DAY_OF_MONTH.values(&upper).map(Days::OfMonth),
        },
    }
}

fn week_days(text: &str) -> Result<Days, Invalid> {
    let upper = text.to_ascii_uppercase();
    if let Some((day, nth)) = upper.split_once('#') {
        let nth = nth
            .parse::<u16>()
            .ok()
            .filter(|n| (1..=5).contains(n))
            .ok_or_else(|| DAY_OF_WEEK.error("takes a number from 1 to 5 after #"))?;
        return Ok(Days::Nth(DAY_OF_WEEK.value(day)?, nth));
    }
    match upper.strip_suffix('L') {
        // Alone it is the last day of the week.
        Some("") => Ok(Days::OfWeek(vec![7])),
        Some(day) => DAY_OF_WEEK.value(day).map(Days::LastOfWeekday),
        None => DAY_OF_WEEK.values(&upper).map(Days::OfWeek),
    }
}

impl fmt::Display for AwsCron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for AwsCron {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for AwsCron {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<AwsCron> for String {
    fn from(cron: AwsCron) -> Self {
        cron.text
    }
}
