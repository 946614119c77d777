use super::pairs::{Fields, keep, push};

/// How often a schedule runs; the last is whatever else a cron expression can say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Every {
    /// Every so many hours.
    Hours,
    /// Every day.
    #[default]
    Day,
    /// On some days of the week.
    Week,
    /// On a day of the month.
    Month,
    /// As a cron expression says.
    Cron,
}

impl Every {
    /// Every way, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Hours, Self::Day, Self::Week, Self::Month, Self::Cron];

    /// The value in the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Cron => "cron",
        }
    }

    /// What is shown.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Hours => "Every few hours",
            Self::Day => "Daily",
            Self::Week => "Weekly",
            Self::Month => "Monthly",
            Self::Cron => "Cron expression",
        }
    }
}

/// The days of the week as AWS writes them, with their names, beginning with Monday.
pub const DAYS: [(&str, &str); 7] = [
    ("MON", "Monday"),
    ("TUE", "Tuesday"),
    ("WED", "Wednesday"),
    ("THU", "Thursday"),
    ("FRI", "Friday"),
    ("SAT", "Saturday"),
    ("SUN", "Sunday"),
];

/// A schedule as it is put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleForm {
    /// How often.
    pub every: Every,
    /// The time of day, `05:00`.
    pub at: String,
    /// Hours between two runs.
    pub hours: String,
    /// Days of the week, in AWS's letters.
    pub on: Vec<String>,
    /// Day of the month: 1 to 31, `L` or `LW`.
    pub day: String,
    /// The expression, for what the other fields cannot say.
    pub cron: String,
}

impl Default for ScheduleForm {
    fn default() -> Self {
        Self {
            every: Every::Day,
            at: "05:00".to_owned(),
            hours: "12".to_owned(),
            on: Vec::new(),
            day: "1".to_owned(),
            cron: String::new(),
        }
    }
}

impl ScheduleForm {
    /// The parts of an expression where the form has fields for them; else the expression itself.
    pub fn of(cron: &str) -> Self {
        let whole = Self {
            every: Every::Cron,
            cron: cron.to_owned(),
            ..Self::default()
        };
        let form = Self::parts(cron).unwrap_or_else(|| whole.clone());
        // Whatever would come out otherwise than it went in stays an expression.
        match form.cron() {
            Ok(back) if back == cron => form,
            _ => whole,
        }
    }

    fn parts(cron: &str) -> Option<Self> {
        let inner = cron.strip_prefix("cron(")?.strip_suffix(')')?;
        let fields: Vec<&str> = inner.split(' ').collect();
        let [minute, hour, day, "*", week, "*"] = fields[..] else {
            return None;
        };
        let (hour, step) = match hour.split_once('/') {
            Some((hour, step)) => (hour, Some(step)),
            None => (hour, None),
        };
        let (hour, step) = match (hour, step) {
            ("*", None) => ("0", Some("1")),
            other => other,
        };
        let at = format!(
            "{:02}:{:02}",
            hour.parse::<u8>().ok()?,
            minute.parse::<u8>().ok()?
        );
        let base = Self {
            at,
            ..Self::default()
        };
        match (step, day, week) {
            (Some(step), "?", "*") | (Some(step), "*", "?") => Some(Self {
                every: Every::Hours,
                hours: step.to_owned(),
                ..base
            }),
            (None, "?", "*") | (None, "*", "?") => Some(base),
            (None, "?", week) => Some(Self {
                every: Every::Week,
                on: week.split(',').map(str::to_owned).collect(),
                ..base
            }),
            (None, day, "?") => Some(Self {
                every: Every::Month,
                day: day.to_owned(),
                ..base
            }),
            _ => None,
        }
    }

    pub(super) fn set(&mut self, path: &[&str], value: String) {
        match path {
            ["every"] => {
                self.every = Every::ALL
                    .into_iter()
                    .find(|every| every.as_str() == value)
                    .unwrap_or_default();
            }
            ["at"] => self.at = value,
            ["hours"] => self.hours = value,
            ["on", day] => self.on.push((*day).to_owned()),
            ["day"] => self.day = value,
            ["cron"] => self.cron = value,
            _ => {}
        }
    }

    pub(super) fn fields(&self, prefix: &str, fields: &mut Fields) {
        keep(fields, prefix, "every", self.every.as_str());
        for (name, value) in [
            ("at", &self.at),
            ("hours", &self.hours),
            ("day", &self.day),
            ("cron", &self.cron),
        ] {
            push(fields, prefix, name, value);
        }
        for day in &self.on {
            keep(fields, prefix, &format!("on.{day}"), "1");
        }
    }

    /// The expression, or the rule that the fields break.
    pub fn cron(&self) -> Result<String, &'static str> {
        if self.every == Every::Cron {
            return Ok(self.cron.trim().to_owned());
        }
        let (hour, minute) = self.time().ok_or("must have a time of day such as 05:00")?;
        Ok(match self.every {
            Every::Hours => match self.hours.trim().parse::<u8>() {
                Ok(1) if hour == 0 => format!("cron({minute} * ? * * *)"),
                Ok(step @ 1..=23) => format!("cron({minute} {hour}/{step} ? * * *)"),
                _ => return Err("must run every 1 to 23 hours"),
            },
            Every::Week if self.on.is_empty() => {
                return Err("must name at least one day of the week");
            }
            Every::Week => {
                let days: Vec<&str> = DAYS
                    .iter()
                    .map(|(day, _)| *day)
                    .filter(|day| self.on.iter().any(|on| on == day))
                    .collect();
                format!("cron({minute} {hour} ? * {} *)", days.join(","))
            }
            Every::Month => format!("cron({minute} {hour} {} * ? *)", self.day.trim()),
            Every::Day | Every::Cron => format!("cron({minute} {hour} ? * * *)"),
        })
    }

    fn time(&self) -> Option<(u8, u8)> {
        let (hour, rest) = self.at.trim().split_once(':')?;
        let minute = rest.split(':').next()?;
        let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some((hour, minute))
    }
}
