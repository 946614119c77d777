use std::fmt;

/// A stream's sequence number, compared as the number that it is. DynamoDB's have 21 to 40
/// digits; up to 57 are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence {
    /// What stands before the last 38 digits.
    high: u64,
    /// The last 38 digits.
    low: u128,
}

const LOW_DIGITS: usize = 38;

/// Text that is no sequence number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no sequence number")]
pub struct SequenceError(pub String);

impl Sequence {
    /// Reads the service's digits.
    pub fn parse(text: &str) -> Result<Self, SequenceError> {
        let wrong = || SequenceError(text.chars().take(80).collect());
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let digits = text.trim_start_matches('0');
        let (high, low) = digits.split_at(digits.len().saturating_sub(LOW_DIGITS));
        let number = |digits: &str| match digits {
            "" => Ok(0),
            digits => digits.parse::<u128>().map_err(|_| wrong()),
        };
        Ok(Self {
            high: u64::try_from(number(high)?).map_err(|_| wrong())?,
            low: number(low)?,
        })
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.high == 0 {
            write!(f, "{}", self.low)
        } else {
            write!(f, "{}{:038}", self.high, self.low)
        }
    }
}
