use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

/// How many refusals of one person are entries of their own within [`SPAN`].
const SINGLY: u32 = 120;
const SPAN: SignedDuration = SignedDuration::from_mins(10);

/// How many people are remembered before those who were quiet are forgotten.
const PEOPLE: usize = 1_000;

/// Which refusals become entries of the audit log: each, but for somebody who is refused more often
/// than any person asks. Those are counted, and their number is in the next entry.
#[derive(Debug, Default)]
pub struct Refusals {
    people: Mutex<HashMap<String, Span>>,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    since: Timestamp,
    recorded: u32,
    counted: u64,
}

/// What becomes of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admitted {
    /// It is an entry; so many before it were only counted.
    Entry {
        /// How many were only counted.
        counted: u64,
        /// Those that follow are only counted for a while.
        last: bool,
    },
    /// It is only counted.
    Counted,
}

impl Refusals {
    /// Says what becomes of another refusal of this person.
    pub(crate) fn admit(&self, person: &str, now: Timestamp) -> Admitted {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if people.len() >= PEOPLE {
            people.retain(|_, span| now.duration_since(span.since) < SPAN);
        }
        let new = Span {
            since: now,
            recorded: 0,
            counted: 0,
        };
        let span = people.entry(person.to_owned()).or_insert(new);
        let mut counted = 0;
        if now.duration_since(span.since) >= SPAN {
            counted = span.counted;
            *span = new;
        }
        if span.recorded >= SINGLY {
            span.counted += 1;
            return Admitted::Counted;
        }
        span.recorded += 1;
        Admitted::Entry {
            counted,
            last: span.recorded == SINGLY,
        }
    }
}

/// What an entry says of the refusals around it that are none.
pub(crate) fn words(counted: u64, last: bool) -> String {
    let mut text = if counted > 0 {
        format!("; {counted} more refusals before this one were only counted")
    } else {
        String::new()
    };
    if last {
        text.push_str("; refusals of the next minutes are only counted");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_its_number_is_in_the_next_entry() {
        let refusals = Refusals::default();
        let start = Timestamp::UNIX_EPOCH;
        let mut entries = 0;
        for _ in 0..10_000 {
            if let Admitted::Entry { counted, last } = refusals.admit("viewer", start) {
                entries += 1;
                assert_eq!((counted, last), (0, entries == SINGLY));
            }
        }
        assert_eq!(entries, SINGLY);
        let other = refusals.admit("owner", start);
        assert_eq!(
            other,
            Admitted::Entry {
                counted: 0,
                last: false
            }
        );
        let later = refusals.admit("viewer", start + SPAN);
        let counted = u64::from(10_000 - SINGLY);
        assert_eq!(
            later,
            Admitted::Entry {
                counted,
                last: false
            }
        );
        assert!(words(counted, false).contains("9880 more refusals"));
    }
}
