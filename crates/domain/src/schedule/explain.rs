use super::{
    AwsCron,
    field::{DAY_OF_WEEK, MONTH},
    parse::Days,
};

impl AwsCron {
    /// The schedule in words: `at 05:00, every day`.
    pub fn explain(&self) -> String {
        let mut words = format!("{}, {}", self.explain_times(), self.explain_days());
        if self.months.len() < 12 {
            let names = named(&self.months, MONTH.names, 1);
            words = format!("{words} in {names}");
        }
        if self.years.len() < 230 {
            words = format!("{words} of {}", numbers(&self.years));
        }
        words
    }

    fn explain_times(&self) -> String {
        match (self.hours.as_slice(), self.minutes.as_slice()) {
            (hours, [minute]) if hours.len() == 24 => format!("every hour at minute {minute}"),
            (hours, minutes) if hours.len() == 24 && minutes.len() == 60 => {
                "every minute".to_owned()
            }
            (hours, minutes) if hours.len() * minutes.len() <= 12 => {
                let times: Vec<String> = hours
                    .iter()
                    .flat_map(|h| minutes.iter().map(move |m| format!("{h:02}:{m:02}")))
                    .collect();
                format!("at {}", join(&times))
            }
            (hours, minutes) => format!(
                "in hours {} at minutes {}",
                numbers(hours),
                numbers(minutes)
            ),
        }
    }

    fn explain_days(&self) -> String {
        let week = |day: u16| named(&[day], DAY_OF_WEEK.names, 1);
        match &self.days {
            Days::OfMonth(days) if days.len() == 31 => "every day".to_owned(),
            Days::OfWeek(days) if days.len() == 7 => "every day".to_owned(),
            Days::OfMonth(days) => format!("on day {} of the month", numbers(days)),
            Days::OfWeek(days) => format!("on {}", named(days, DAY_OF_WEEK.names, 1)),
            Days::LastOfMonth => "on the last day of the month".to_owned(),
            Days::LastWeekday => "on the last weekday of the month".to_owned(),
            Days::NearestWeekday(day) => {
                format!("on the weekday nearest to day {day} of the month")
            }
            Days::LastOfWeekday(day) => format!("on the last {} of the month", week(*day)),
            Days::Nth(day, nth) => {
                let nth = ["first", "second", "third", "fourth", "fifth"]
                    .get(usize::from(*nth) - 1)
                    .copied()
                    .unwrap_or_default();
                format!("on the {nth} {} of the month", week(*day))
            }
        }
    }
}

fn numbers(values: &[u16]) -> String {
    join(&values.iter().map(ToString::to_string).collect::<Vec<_>>())
}

fn named(values: &[u16], names: &[&str], min: u16) -> String {
    let words: Vec<String> = values
        .iter()
        .filter_map(|value| names.get(usize::from(value - min)))
        .map(|name| {
            let (first, rest) = name.split_at(1);
            format!("{first}{}", rest.to_ascii_lowercase())
        })
        .collect();
    join(&words)
}

fn join(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
