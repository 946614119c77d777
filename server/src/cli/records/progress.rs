use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use crate::cli::Output;

/// What goes on, on a terminal: items, bytes, rate, time left, capacity used. Nothing elsewhere.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// A bar where the number of items is known about, a spinner elsewhere.
    pub(super) fn new(output: Output, what: &'static str, expected: Option<u64>) -> Self {
        if !output.is_lively() {
            return Self(ProgressBar::hidden());
        }
        let expected = expected.filter(|expected| *expected > 0);
        let template = match expected {
            Some(_) => {
                "{spinner} {prefix} {bar:30} {human_pos}/{human_len} {per_sec}, {eta} left  {wide_msg}"
            }
            None => "{spinner} {prefix} {human_pos} {per_sec}  {wide_msg}",
        };
        let bar = match expected {
            Some(expected) => ProgressBar::new(expected),
            None => ProgressBar::new_spinner(),
        };
        let style =
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = bar.with_style(style).with_prefix(what);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// So much is done. `DynamoDB`'s own count is hours old: the bar grows with what is found.
    pub(super) fn show(&self, items: u64, bytes: Option<u64>, capacity_milli: Option<u64>) {
        if self.0.length().is_some_and(|length| length < items) {
            self.0.set_length(items);
        }
        self.0.set_position(items);
        let mut parts = Vec::new();
        parts.extend(bytes.map(|bytes| HumanBytes(bytes).to_string()));
        parts.extend(capacity_milli.map(|milli| format!("{} units", units(milli))));
        self.0.set_message(parts.join(", "));
    }

    /// Writes a line above the bar, or to standard error.
    pub(super) fn say(&self, text: &str) {
        if self.0.is_hidden() {
            eprintln!("{text}");
        } else {
            self.0.println(text);
        }
    }

    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}

/// Capacity units from thousandths, with one decimal.
pub(super) fn units(milli: u64) -> String {
    let tenths = milli.saturating_add(50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capacity_is_told_with_one_decimal() {
        assert_eq!(units(0), "0.0");
        assert_eq!(units(500), "0.5");
        assert_eq!(units(12_960), "13.0");
    }
}
