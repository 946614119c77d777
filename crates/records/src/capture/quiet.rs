use jiff::{SignedDuration, Timestamp};

/// Empty pages in a row after which a shard is taken to be read to its tip. `GetRecords` may answer
/// an empty page where more follows.
const PAGES: u32 = 10;
/// How long a change may take to be seen in the stream, and how far clocks may be apart.
const MARGIN: SignedDuration = SignedDuration::from_secs(10);

/// Empty pages of one shard, one after another.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Quiet {
    pages: u32,
    since: Option<Timestamp>,
}

impl Quiet {
    /// Takes a page that was asked for at `now` into account. Answers the time up to which the shard
    /// surely has nothing that was not read: none before enough empty pages in a row.
    pub(crate) fn look(&mut self, is_empty: bool, now: Timestamp) -> Option<Timestamp> {
        if !is_empty {
            *self = Self::default();
            return None;
        }
        self.pages = self.pages.saturating_add(1);
        let since = *self.since.get_or_insert(now);
        let lasts = now.duration_since(since) >= MARGIN;
        (lasts && self.pages >= PAGES)
            .then(|| now.checked_sub(MARGIN).ok())
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap_or_default()
    }

    #[test]
    fn only_many_empty_pages_in_a_row_over_some_time_prove_a_shard_quiet() {
        let mut quiet = Quiet::default();
        for second_of in 0..9 {
            assert_eq!(quiet.look(true, second(100 + second_of)), None);
        }
        assert_eq!(quiet.look(true, second(109)), None, "too short a time");
        assert_eq!(quiet.look(true, second(110)), Some(second(100)));
        assert_eq!(quiet.look(true, second(150)), Some(second(140)));
        assert_eq!(quiet.look(false, second(151)), None);
        assert_eq!(quiet.look(true, second(200)), None, "it begins anew");
        let mut asleep = Quiet::default();
        assert_eq!(asleep.look(true, second(0)), None);
        assert_eq!(asleep.look(true, second(1_000)), None, "too few pages");
    }
}
