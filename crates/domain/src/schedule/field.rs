use crate::Invalid;

/// The bounds and names of one of the six fields.
pub(super) struct Field {
    /// The name in AWS's documentation.
    pub(super) name: &'static str,
    /// Smallest value.
    pub(super) min: u16,
    /// Largest value.
    pub(super) max: u16,
    /// Names that stand for values, beginning with the smallest.
    pub(super) names: &'static [&'static str],
    /// A range may run past the largest value and go on at the smallest.
    pub(super) wraps: bool,
}

pub(super) const MINUTES: Field = Field {
    name: "Minutes",
    min: 0,
    max: 59,
    names: &[],
    wraps: true,
};
pub(super) const HOURS: Field = Field {
    name: "Hours",
    min: 0,
    max: 23,
    names: &[],
    wraps: true,
};
pub(super) const DAY_OF_MONTH: Field = Field {
    name: "Day-of-month",
    min: 1,
    max: 31,
    names: &[],
    wraps: true,
};
pub(super) const MONTH: Field = Field {
    name: "Month",
    min: 1,
    max: 12,
    names: &[
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ],
    wraps: true,
};
pub(super) const DAY_OF_WEEK: Field = Field {
    name: "Day-of-week",
    min: 1,
    max: 7,
    names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    wraps: true,
};
pub(super) const YEAR: Field = Field {
    name: "Year",
    min: 1970,
    max: 2199,
    names: &[],
    wraps: false,
};

impl Field {
    pub(super) fn error(&self, rule: impl Into<String>) -> Invalid {
        Invalid::new(self.name, rule)
    }

    /// All values that a list of values, ranges and steps stands for, ascending, each once.
    pub(super) fn values(&self, text: &str) -> Result<Vec<u16>, Invalid> {
        let mut values = Vec::new();
        for part in text.split(',') {
            self.part(part, &mut values)?;
        }
        values.sort_unstable();
        values.dedup();
        Ok(values)
    }

    fn part(&self, part: &str, values: &mut Vec<u16>) -> Result<(), Invalid> {
        if part.is_empty() {
            return Err(self.error(
                "has a comma with nothing beside it: fields are separated by spaces, without commas",
            ));
        }
        if let Some(rest) = part.strip_prefix('-') {
            return Err(self.error(format!(
                "-{rest} must be {} to {}: a range needs its first value, as in {}-{rest}",
                self.min, self.max, self.min
            )));
        }
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(self.step(step)?)),
            None => (part, None),
        };
        let (from, to) = if range == "*" {
            (self.min, self.max)
        } else if let Some((from, to)) = range.split_once('-') {
            (self.value(from)?, self.value(to)?)
        } else {
            let value = self.value(range)?;
            // `0/10` begins at 0 and runs to the end; `5` is just 5.
            (value, if step.is_some() { self.max } else { value })
        };
        let size = self.max - self.min + 1;
        let length = if from <= to {
            to - from
        } else if self.wraps {
            to + size - from
        } else {
            return Err(self.error(format!(
                "range {part} must run from the smaller to the larger value"
            )));
        };
        let step = usize::from(step.unwrap_or(1));
        values.extend(
            (0..=length)
                .step_by(step)
                .map(|offset| (from - self.min + offset) % size + self.min),
        );
        Ok(())
    }

    fn step(&self, text: &str) -> Result<u16, Invalid> {
        text.parse::<u16>()
            .ok()
            .filter(|step| (1..=self.max).contains(step))
            .ok_or_else(|| {
                self.error(format!(
                    "step {text:?} must be a number from 1 to {}",
                    self.max
                ))
            })
    }

    /// One value, as number or name.
    pub(super) fn value(&self, text: &str) -> Result<u16, Invalid> {
        if let Some(index) = self
            .names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(text))
        {
            return u16::try_from(index)
                .map(|index| index + self.min)
                .map_err(|_| self.error("has no such name"));
        }
        let digits =
            !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u16>()
            .ok()
            .filter(|value| digits && (self.min..=self.max).contains(value))
            .ok_or_else(|| {
                let names = match (self.names.first(), self.names.last()) {
                    (Some(first), Some(last)) => format!(" or {first} to {last}"),
                    _ => String::new(),
                };
                self.error(format!(
                    "{text:?} must be {} to {}{names}",
                    self.min, self.max
                ))
            })
    }
}
