use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: u64,
    pub(super) failed: u64,
    /// How many of those that passed did so only when they were tried again.
    pub(super) again: u64,
}

impl Count {
    /// One check that passed or failed.
    pub(super) fn check(passed: bool) -> Self {
        Self {
            passed: u64::from(passed),
            failed: u64::from(!passed),
            again: 0,
        }
    }

    /// Reads the summaries of cargo test, nextest, pytest and Playwright out of their output.
    pub(super) fn read(output: &str) -> Self {
        let mut count = Self::default();
        for line in output.lines() {
            count += Self::read_line(&without_colour(line));
        }
        count
    }

    fn read_line(line: &str) -> Self {
        let text = line.trim_matches(|c: char| c == '=' || c.is_whitespace());
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_summary = text.starts_with("test result:")
            || text.starts_with("Summary [")
            || matches!(words.as_slice(), [number, what, ..]
                if number.parse::<u64>().is_ok()
                    && matches!(bare(what), "passed" | "failed" | "flaky"));
        let mut count = Self::default();
        if is_summary {
            for pair in words.windows(2) {
                let Ok(number) = pair[0].parse::<u64>() else {
                    continue;
                };
                match bare(pair[1]) {
                    // pytest tells failures in its set-up apart.
                    "failed" | "error" | "errors" => count.failed += number,
                    "passed" => count.passed += number,
                    // Playwright counts them apart from those that passed at once.
                    "flaky" => {
                        count.passed += number;
                        count.again += number;
                    }
                    _ => {}
                }
            }
        }
        count
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.again += other.again;
    }
}

/// A test runner that found failures: the error that keeps its count.
#[derive(Debug)]
pub(super) struct Failed(pub(super) Count);

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.0.passed, self.0.failed)
    }
}

impl std::error::Error for Failed {}

/// The count of a runner that ended well, or the error that keeps it.
pub(super) fn outcome(teed: &crate::process::Teed) -> anyhow::Result<Count> {
    let mut count = Count::read(&teed.text);
    if teed.success {
        return Ok(count);
    }
    // A runner may fail without a failed test: it did not compile, or found none.
    count.failed = count.failed.max(1);
    Err(Failed(count).into())
}

fn bare(word: &str) -> &str {
    word.trim_end_matches([',', ';', '.', ')'])
}

fn without_colour(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars
                .by_ref()
                .take_while(|c| !c.is_ascii_alphabetic())
                .for_each(drop);
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn the_summaries_of_every_runner_are_added_up() {
        let output = "\
            test result: ok. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n\
            \u{1b}[32m     Summary\u{1b}[0m [   0.004s] 12 tests run: 11 passed (1 slow), 1 failed, 2 skipped\n\
            ===== 2 failed, 5 passed, 1 error in 0.12s =====\n\
            \x20 7 passed (4.2s)\n\
            \x20 1 flaky\n";
        assert_eq!(
            Count::read(output),
            Count {
                passed: 27,
                failed: 5,
                again: 1,
            }
        );
    }

    #[test]
    fn words_in_the_output_of_tests_are_not_counted() {
        assert_eq!(
            Count::read("the 3 passed over\nrow 4: 5 failed"),
            Count::default()
        );
    }
}
